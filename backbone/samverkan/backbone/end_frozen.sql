-- end_frozen.sql (S0, R2): ends each session that has kept another waiting for a lock for so long while PostgreSQL waits for
-- its client in the middle of a statement: the client is frozen, or its machine has vanished. There PostgreSQL looks at none
-- of its own timeouts (18.6: neither idle_in_transaction_session_timeout nor statement_timeout nor transaction_timeout ended
-- such a session); only being told to end ends it. Two moments are like that: COPY whose data do not come, and a statement
-- that was prepared with Flush and not yet executed, as asyncpg does at the first use of each statement.
select pg_terminate_backend(holder.pid)
from pg_stat_activity as waiter
cross join unnest(pg_blocking_pids(waiter.pid)) as blocking (pid)
join pg_stat_activity as holder on holder.pid = blocking.pid
where waiter.datname = current_database()
    and waiter.wait_event_type = 'Lock'
    and waiter.query_start < clock_timestamp() - make_interval(secs => $1)
    and holder.datname = current_database()
    and holder.usename = current_user
    and holder.state = 'active'
    and holder.wait_event = 'ClientRead'
    and holder.query_start < clock_timestamp() - make_interval(secs => $1)
