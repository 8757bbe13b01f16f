-- move_heads.sql (S3): ascending, so that a reader that locks heads can never deadlock with it. A stream keeps the
-- case of its first event.
insert into head (stream_id, topic, version, correlation_id)
select * from unnest($1::uuid[], $2::text[], $3::integer[], $4::uuid[])
    as w (stream_id, topic, version, correlation_id)
order by stream_id
on conflict (stream_id) do update set version = excluded.version
