-- published.sql: events of notifications to recipient $2 after log index $1, in the log's order, at most $3. The log, for
-- its order is that of commits: whoever has seen an index has seen all before it, which no sequence promises (J2).
select log.logindex, journal.topic, journal.attributes, journal.value
from log
join journal using (position)
join notification on notification.notification_id = journal.stream_id
where log.logindex > $1 and notification.recipient = $2
order by log.logindex
limit $3
