-- own_places.sql: where these events of ours stand in our log; those that are not numbered are left out.
select j.stream_id, j.version, l.logindex as place
from unnest($1::uuid[], $2::integer[]) as w (stream_id, version)
join journal as j on j.stream_id = w.stream_id and j.version = w.version
join log as l on l.position = j.position
