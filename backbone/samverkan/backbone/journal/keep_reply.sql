-- keep_reply.sql: the reply of this transaction, under the key that claim_reply.sql took.
update reply set reply = $2::jsonb where idempotency_key = $1
