-- mark_skipped.sql (S6): kept like any event, so that a repeat is known and a fork found, and folded by nobody.
update kept_event set skipped = true where stream_id = $1 and version = $2
