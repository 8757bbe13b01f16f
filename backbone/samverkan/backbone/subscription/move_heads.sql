-- move_heads.sql (S3): ascending, so that a reader that locks heads can never deadlock with it.
insert into head (stream_id, topic, version)
select * from unnest($1::uuid[], $2::text[], $3::integer[]) as w (stream_id, topic, version) order by stream_id
on conflict (stream_id) do update set version = excluded.version
