-- claim_replies.sql: the first request under a key gets a row back; a later one waits for the first one's transaction
-- and then gets none. The first locks of a command's transaction, so that waiting here holds nothing but keys, and these
-- are taken in ascending order.
insert into reply (idempotency_key, request_digest)
select w.idempotency_key, w.request_digest
from unnest($1::text[], $2::bytea[]) as w (idempotency_key, request_digest)
order by w.idempotency_key
on conflict (idempotency_key) do nothing
returning idempotency_key
