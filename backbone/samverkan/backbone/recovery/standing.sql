-- standing.sql (W2): what the journal has where records of the topic claim to belong. A row without a log index was
-- committed before the backup and numbered after it: the same event, if its bytes are the same.
select j.position, j.stream_id, j.version, j.topic, j.partition, j.attributes, j.value, l.logindex
from unnest($1::uuid[], $2::integer[]) as w (stream_id, version)
join journal as j on j.stream_id = w.stream_id and j.version = w.version
left join log as l on l.position = j.position
