-- held.sql: events that came earlier and could not be applied, of these streams.
select stream_id, version, topic, partition, kafka_offset, log_index, leaf, entry
from held_event
where stream_id = any($1::uuid[])
order by stream_id, version
