-- postpone.sql: not now. $5: whether it was tried at all.
update delivery_attempt
set holder = null, held_until = null, not_before = $3, last_code = coalesce($4, last_code),
    attempts = attempts - (case when $5 then 0 else 1 end)
where notification_id = $1 and holder = $2
