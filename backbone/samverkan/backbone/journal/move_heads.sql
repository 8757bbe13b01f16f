-- move_heads.sql: the new version of each stream; a stream keeps the correlation id of its first event.
update stream
set version = w.version, correlation_id = coalesce(stream.correlation_id, w.correlation_id)
from unnest($1::uuid[], $2::integer[], $3::uuid[]) as w (stream_id, version, correlation_id)
where stream.stream_id = w.stream_id
