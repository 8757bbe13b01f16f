-- kept_places.sql: where these foreign events stand in the order of application; those that are not here are left out.
select k.stream_id, k.version, k.applied_order as place
from unnest($1::uuid[], $2::integer[]) as w (stream_id, version)
join kept_event as k on k.stream_id = w.stream_id and k.version = w.version
