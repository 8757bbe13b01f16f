-- restore_heads.sql (W2, S8): heads of streams that the journal lost, on the partition that their records stand on:
-- the topic may have had fewer partitions when the stream began. Ascending, as everybody locks heads.
insert into stream (stream_id, topic, partition)
select w.stream_id, $3, w.partition
from unnest($1::uuid[], $2::integer[]) as w (stream_id, partition)
order by w.stream_id
on conflict (stream_id) do nothing
