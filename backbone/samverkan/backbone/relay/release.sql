-- release.sql (R2): give the lease back at a clean stop, so that a standby need not wait for it to run out.
update sequencer set holder = null, held_until = null where holder = $1
