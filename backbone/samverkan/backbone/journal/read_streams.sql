-- read_streams.sql: the events of some streams, each from the version after the one known, in version order.
-- Answered from the unique index on (stream_id, version).
select j.stream_id, j.topic, j.attributes, j.value
from unnest($1::uuid[], $2::integer[]) as known (stream_id, version)
join journal as j on j.stream_id = known.stream_id and j.version > known.version
order by j.stream_id, j.version
