-- find_event.sql (J1): where on its stream an event stands; no row when it was never written.
select version from journal where event_id = $1 and stream_id = $2
