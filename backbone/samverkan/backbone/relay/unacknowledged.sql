-- unacknowledged.sql (R1): numbered rows from the cursor on, to be sent again after a crash or a failed send.
select l.logindex, j.position, j.stream_id, j.partition, j.topic, j.attributes, j.value
from log as l
join journal as j on j.position = l.position
where l.logindex >= $1
order by l.logindex
limit $2
