-- release.sql (S5): takes events out of the queues of held streams.
delete from held_event as h
using unnest($1::uuid[], $2::integer[]) as w (stream_id, version)
where h.stream_id = w.stream_id and h.version = w.version
