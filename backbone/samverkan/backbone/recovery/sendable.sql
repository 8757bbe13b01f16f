-- sendable.sql (W2): rows of the log in its order with all that their records are made of, to be sent again.
select l.logindex, l.position, l.leaf, j.stream_id, j.version, j.partition, j.topic, j.attributes, j.value
from (select logindex, position, leaf from log where logindex >= $1 order by logindex limit $2) as l
cross join lateral (
    select stream_id, version, partition, topic, attributes, value from journal where position = l.position limit 1
) as j
order by l.logindex
