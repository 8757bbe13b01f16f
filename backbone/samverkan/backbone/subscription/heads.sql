-- heads.sql (S3): the last applied version of foreign streams. No row lock: the subscription's row is locked.
select stream_id, topic, version from head where stream_id = any($1::uuid[])
