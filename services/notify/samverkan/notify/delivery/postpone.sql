-- postpone.sql: not now. $5: whether it was tried at all. The notification's row is locked first, as by claim.sql.
with queued as (
    update notification set not_before = $3
    where notification_id = $1
        and exists (select from delivery_attempt as a where a.notification_id = $1 and a.holder = $2)
    returning notification_id
)
update delivery_attempt as a
set holder = null, held_until = null, not_before = $3, last_code = coalesce($4, last_code),
    attempts = attempts - (case when $5 then 0 else 1 end)
from queued
where a.notification_id = queued.notification_id and a.holder = $2
