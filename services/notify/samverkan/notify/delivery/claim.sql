-- claim.sql: take up to $4 queued notifications of a channel for this holder, the oldest first, and return them. Those
-- that wait for their time are not read: the index notification_due is by it (test_attempts.py asserts the plan).
-- The holder's right ends after $3 seconds by the database's clock, which replicas share; what is due is decided by the
-- service's clock ($5). A row that another replica settled after it was read here is not taken: its settled_version is
-- not below the version read. interrupted_at: when the attempt of a holder began who never said how it ended.
with due as (
    select n.notification_id, n.version
    from notification as n
    left join delivery_attempt as a using (notification_id)
    where n.state = 'queued' and n.channel = $1 and coalesce(n.not_before, '-infinity') <= $5
        and (a.held_until is null or a.held_until < now())
        and (a.not_before is null or a.not_before <= $5)
        and (a.settled_version is null or a.settled_version < n.version)
    order by n.queued_at, n.notification_id
    limit $4
    for update of n skip locked
)
insert into delivery_attempt as a (notification_id, attempts, holder, held_until, begun_at)
select notification_id, 1, $2, now() + make_interval(secs => $3), $5 from due order by notification_id
on conflict (notification_id) do update
set attempts = a.attempts + 1, holder = excluded.holder, held_until = excluded.held_until, begun_at = excluded.begun_at,
    settled_version = null, settled_at = null
where (a.held_until is null or a.held_until < now())
    and (a.settled_version is null
        or a.settled_version < (select version from due where due.notification_id = a.notification_id))
returning new.notification_id, new.attempts, case when old.holder is not null then old.begun_at end as interrupted_at
