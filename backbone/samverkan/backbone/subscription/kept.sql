-- kept.sql (W3): what was applied at these places, to tell a repeat from a fork.
select k.stream_id, k.version, k.leaf
from unnest($1::uuid[], $2::integer[]) as w (stream_id, version)
join kept_event as k on k.stream_id = w.stream_id and k.version = w.version
