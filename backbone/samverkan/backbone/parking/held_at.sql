-- held_at.sql: one event that is kept back, and how many there are of its stream; the others are not read, for a queue
-- may be as long as its repair takes.
select h.*, (select count(*) from held_event as q where q.stream_id = $1) as queued
from held_event as h
where h.stream_id = $1 and h.version = $2
