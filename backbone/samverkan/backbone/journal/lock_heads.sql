-- lock_heads.sql (J1): locks the heads of the streams that a transaction is about to decide on, in ascending order.
-- The second of two statements: insert_heads.sql has created missing ones as version 0, so that the first event of a
-- stream is as serial as every later one. One order for everybody, or two transactions deadlock.
select stream_id, version, partition, correlation_id
from stream
where stream_id = any($1::uuid[])
order by stream_id
for update
