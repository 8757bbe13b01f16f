-- lease.sql (R2): take or renew the right to be the active relay; no row when another holds it. The database's clock
-- decides, so that clocks of relays need not agree. $3: this relay's session has the advisory lock. When the holder had
-- it too, the holder's session has ended, and so has the holder, or it finds itself replaced here before it numbers
-- anything; a holder that took over from a silent one has no session yet and is left alone until its lease runs out.
update sequencer
set holder = $1, held_until = now() + make_interval(secs => $2), holder_has_session = $3
where holder is null or holder = $1 or held_until < now() or ($3 and holder_has_session)
returning next, cursor
