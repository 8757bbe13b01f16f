-- standing.sql (S6): streams that stand still. $1: also those that only wait (a hole, `requires`); $2: at most so many.
select h.stream_id, h.topic, h.reason, h.version, h.code, h.detail, h.since, h.attempts, h.retry_at,
    (select count(*) from held_event as e where e.stream_id = h.stream_id) as queued
from held_stream as h
where $1 or h.reason = 'parked'
order by h.reason = 'parked' desc, h.since, h.stream_id
limit $2
