-- landmarks.sql (W2): from where on the next comparison reads each partition of the own topic.
insert into landmark (partition, next_offset)
select * from unnest($1::integer[], $2::bigint[])
on conflict (partition) do update set next_offset = excluded.next_offset
