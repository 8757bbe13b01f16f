-- after_skip.sql (S5, S6): what queued behind a skipped event, and whoever required it, is due: the running process
-- applies it within a second, for only that one knows how. Until then the stream waits; it is not parked.
update held_stream
set reason = 'requires', version = version + 1, code = 'skipped-before', detail = '', since = $2, attempts = 0,
    retry_at = $2
where stream_id = $1
