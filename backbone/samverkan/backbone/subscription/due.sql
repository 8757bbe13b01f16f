-- due.sql (S6): parked streams whose time to be tried again has come.
select stream_id from held_stream where retry_at <= $1 order by retry_at limit $2
