-- wake.sql: placements $1 have changed, and with them what their compensations ask for.
with woken as (
    select compensation_id from compensation_watch
    where placement_id = any($1) and looked_at is not null
    order by compensation_id
    for update
)
update compensation_watch as w set looked_at = null from woken where w.compensation_id = woken.compensation_id
