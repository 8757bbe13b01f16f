-- next.sql: the first $1 events in the order of application that were not looked through yet. Applying is one at a time
-- (S0), so this order is that of commits: nothing can appear later below what is seen here. The row stays locked until
-- the caller's transaction ends; a replica that finds it locked gets nothing. Without anything new no lock is taken, for
-- a lock is a write, and this is asked ten times a second. Plan and that asserted in test_teller_live.py.
with place as (
    select t.up_to from municipality_told as t
    where exists (select from kept_event as k where k.applied_order > t.up_to and not k.skipped)
    for update of t skip locked
)
select following.applied_order, following.entry
from place
cross join lateral (
    select applied_order, entry from kept_event
    where applied_order > place.up_to and not skipped
    order by applied_order
    limit $1
) as following
order by following.applied_order
