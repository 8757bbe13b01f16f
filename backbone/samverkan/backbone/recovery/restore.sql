-- restore.sql (W2): own events taken back from the topic. As append.sql, and in the order given, so that positions
-- ascend with versions; but never unsequenced, for they have their number.
insert into journal (stream_id, version, topic, partition, event_id, attributes, value)
select stream_id, version, $6, partition, event_id, attributes, value
from unnest($1::uuid[], $2::integer[], $3::integer[], $4::uuid[], $5::json[], $7::bytea[])
    with ordinality as w (stream_id, version, partition, event_id, attributes, value, ordinality)
order by ordinality
returning position, stream_id, version, topic, partition, attributes, value
