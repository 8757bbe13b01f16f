-- free_replies.sql: keys that this transaction took and did nothing under: a refusal is not remembered.
delete from reply where idempotency_key = any($1::text[])
