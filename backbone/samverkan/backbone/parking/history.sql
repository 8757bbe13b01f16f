-- history.sql (S6): what was done to this stream, in order.
select action, repaired_at, repaired_by, reason, code, version from repair where stream_id = $1 order by number
