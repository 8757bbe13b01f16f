-- silent_holders.sql (S0, R2): the sessions that keep another waiting for a lock while PostgreSQL waits for their client in
-- the middle of a statement, with what moves as long as that client lives. One that is seen again and again, and nothing
-- of it has moved, is frozen, or its machine has vanished; a restore that is merely long moves.
-- PostgreSQL looks at none of its own timeouts there (18.6: neither idle_in_transaction_session_timeout nor
-- statement_timeout nor transaction_timeout ended such a session); only being told to end ends it. Three moments are like
-- that: COPY whose data do not come, a statement that was prepared with Flush and not yet executed, as asyncpg does at the
-- first use of each statement, and a result that nobody takes.
select distinct holder.pid, holder.backend_start, holder.query_start, coalesce(copying.bytes_processed, 0)
from pg_stat_activity as waiter
cross join unnest(pg_blocking_pids(waiter.pid)) as blocking (pid)
join pg_stat_activity as holder on holder.pid = blocking.pid
left join pg_stat_progress_copy as copying on copying.pid = holder.pid
where waiter.datname = current_database()
    and waiter.wait_event_type = 'Lock'
    and holder.datname = current_database()
    and holder.usename = current_user
    and holder.state = 'active'
    and holder.wait_event in ('ClientRead', 'ClientWrite')
