-- unacknowledged.sql (R1): numbered rows from the cursor on, to be sent again after a crash or a failed send.
-- The lateral join keeps the plan on the journal's index whatever the statistics say.
select l.logindex, l.position, j.stream_id, j.partition, j.topic, j.attributes, j.value
from (select logindex, position from log where logindex >= $1 order by logindex limit $2) as l
cross join lateral (
    select stream_id, partition, topic, attributes, value from journal where position = l.position limit 1
) as j
order by l.logindex
