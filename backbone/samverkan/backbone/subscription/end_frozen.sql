-- end_frozen.sql (S0): ends the session that has kept somebody waiting for the subscription's lock for so long, in the
-- middle of a COPY whose data do not come: its process is frozen, or its machine has vanished. While PostgreSQL waits for
-- a client's data it looks at none of its own timeouts (18.6: neither idle_in_transaction_session_timeout nor
-- statement_timeout nor transaction_timeout ended such a session); only being told to end ends it.
select pg_terminate_backend(holder.pid)
from pg_stat_activity as waiter
cross join unnest(pg_blocking_pids(waiter.pid)) as blocking (pid)
join pg_stat_activity as holder on holder.pid = blocking.pid
where waiter.datname = current_database()
    and waiter.wait_event_type = 'Lock'
    and waiter.query_start < clock_timestamp() - make_interval(secs => $1)
    and holder.datname = current_database()
    and holder.state = 'active'
    and holder.wait_event = 'ClientRead'
    and holder.query ilike 'copy %'
    and holder.query_start < clock_timestamp() - make_interval(secs => $1)
