-- lease.sql (R2): take or renew the right to be the active relay; no row when another holds it. The database's clock
-- decides, so that clocks of relays need not agree.
update sequencer
set holder = $1, held_until = now() + make_interval(secs => $2)
where holder is null or holder = $1 or held_until < now()
returning next, cursor
