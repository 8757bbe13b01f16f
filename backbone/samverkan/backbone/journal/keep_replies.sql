-- keep_replies.sql: the replies of this transaction, under the keys that claim_replies.sql took.
update reply set reply = w.reply
from unnest($1::text[], $2::jsonb[]) as w (idempotency_key, reply)
where reply.idempotency_key = w.idempotency_key
