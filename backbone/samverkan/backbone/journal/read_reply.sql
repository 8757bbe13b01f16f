-- read_reply.sql: the reply that a key stands for, committed together with what it tells of.
select request_digest, reply from reply where idempotency_key = $1
