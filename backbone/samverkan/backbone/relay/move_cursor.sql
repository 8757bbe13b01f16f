-- move_cursor.sql (R1): next log index to give, and the first one that Kafka has not acknowledged; renews the lease.
update sequencer set next = $1, cursor = $2, held_until = now() + make_interval(secs => $3)
