-- held_first.sql: the first events that are kept back of a stream, all columns as `held_arrival` reads them.
select * from held_event where stream_id = $1 order by version limit $2
