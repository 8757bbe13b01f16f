-- claim_blind_index.sql: the stream known under a keyed digest, or the proposed one from now on. The update that
-- changes nothing locks an existing row and returns it: two first commands for one person are decided one by one.
insert into blind_index (kind, digest, stream_id)
values ($1, $2, $3)
on conflict (kind, digest) do update set kind = excluded.kind
returning stream_id
