-- held_leaves.sql (W3): what waits at these places of parked streams, whose queues may be too long to be read.
select h.stream_id, h.version, h.leaf
from unnest($1::uuid[], $2::integer[]) as w (stream_id, version)
join held_event as h on h.stream_id = w.stream_id and h.version = w.version
