-- read_replies.sql: the replies that keys stand for, committed together with what they tell of.
select idempotency_key, request_digest, reply from reply where idempotency_key = any($1::text[])
