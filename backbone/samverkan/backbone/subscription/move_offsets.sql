-- move_offsets.sql (S1): the position moves in the transaction of the effect. Only here. The topic's id stays the one
-- that the first offset was stored under.
insert into subscription_offset (topic, partition, next_offset, topic_id)
select * from unnest($1::text[], $2::integer[], $3::bigint[], $4::uuid[])
on conflict (topic, partition) do update
set next_offset = excluded.next_offset, topic_id = coalesce(subscription_offset.topic_id, excluded.topic_id)
