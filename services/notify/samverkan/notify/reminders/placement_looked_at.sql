-- placement_looked_at.sql: the compensations of placements $1 were woken; one that changed since version $2 wakes again.
with locked as (
    select placement_id from placement_watch where placement_id = any($1) order by placement_id for update
)
update placement_watch as w set looked_at = seen.version
from locked join unnest($1::uuid[], $2::integer[]) as seen (id, version) on seen.id = locked.placement_id
where w.placement_id = locked.placement_id and w.version = seen.version
