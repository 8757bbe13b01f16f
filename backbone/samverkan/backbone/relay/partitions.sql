-- partitions.sql (S8): the topic's partition count as Kafka told it; streams that exist keep theirs.
insert into topic (name, partitions) values ($1, $2)
on conflict (name) do update set partitions = excluded.partitions where topic.partitions < excluded.partitions
