-- holds.sql: why these streams stand still.
select stream_id, topic, reason, version, code, detail, since, attempts, retry_at
from held_stream
where stream_id = any($1::uuid[])
