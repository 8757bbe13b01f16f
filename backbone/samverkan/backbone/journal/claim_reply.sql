-- claim_reply.sql: the first request under a key gets a row back; a later one waits for the first one's transaction
-- and then gets none. The first lock of a command's transaction, so that waiting here holds nothing.
insert into reply (idempotency_key, request_digest)
values ($1, $2)
on conflict (idempotency_key) do nothing
returning idempotency_key
