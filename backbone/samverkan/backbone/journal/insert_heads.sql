-- insert_heads.sql: creates missing stream heads as version 0, ascending, and gives each its partition for good (S8).
-- $2 is Kafka's murmur2 hash of each stream's key; nothing is inserted while the topic's partition count is unknown.
insert into stream (stream_id, topic, partition)
select w.stream_id, t.name, w.hash % t.partitions
from unnest($1::uuid[], $2::integer[]) as w (stream_id, hash)
cross join (select name, partitions from topic where name = $3) as t
order by w.stream_id
on conflict (stream_id) do nothing
