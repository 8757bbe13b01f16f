-- stuck.sql: queued notifications that were tried at least once, or have waited since before $1; the oldest first.
select n.notification_id, n.recipient, n.channel, n.template, n.queued_at, n.interruptions,
    coalesce(a.attempts, 0) as attempts, a.last_code, a.not_before, a.held_until
from notification as n
left join delivery_attempt as a using (notification_id)
where n.state = 'queued' and (coalesce(a.attempts, 0) > 0 or n.queued_at < $1)
order by n.queued_at, n.notification_id
limit $2
