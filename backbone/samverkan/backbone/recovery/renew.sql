-- renew.sql (R2, W2): keep the lease during a recovery, which may last longer than it. No row: another relay leads.
-- The first statement of each of its transactions: the row's lock makes them one at a time, and numbering with them.
update sequencer set held_until = now() + make_interval(secs => $2) where holder = $1
returning next, cursor
