-- due.sql (S6): parked streams whose time to be tried again has come. A time further ahead than the longest pause, $2, was
-- set under a clock that was wrong and is right again: such a stream would wait for as long as the clock was ahead.
select stream_id from held_stream where retry_at <= $1 or retry_at > $2 order by retry_at limit $3
