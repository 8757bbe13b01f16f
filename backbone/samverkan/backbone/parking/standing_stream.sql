-- standing_stream.sql (S6): why this stream stands still, if it does.
select h.stream_id, h.topic, h.reason, h.version, h.code, h.detail, h.since, h.attempts, h.retry_at,
    (select count(*) from held_event as e where e.stream_id = h.stream_id) as queued
from held_stream as h
where h.stream_id = $1
