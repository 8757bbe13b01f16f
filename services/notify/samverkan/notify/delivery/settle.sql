-- settle.sql: the outcome stands in the journal as this version; nobody who read an older one may send any more.
update delivery_attempt
set holder = null, held_until = null, settled_version = $3, settled_at = now()
where notification_id = $1 and holder = $2
