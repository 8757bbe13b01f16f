-- move_offsets.sql (S1): the position moves in the transaction of the effect. Only here.
insert into subscription_offset (topic, partition, next_offset)
select * from unnest($1::text[], $2::integer[], $3::bigint[])
on conflict (topic, partition) do update set next_offset = excluded.next_offset
