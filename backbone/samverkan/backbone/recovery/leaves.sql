-- leaves.sql (W2): what the log has under these indexes, to be compared with what the topic has there.
select logindex, leaf from log where logindex = any($1::bigint[])
