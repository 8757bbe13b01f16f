-- forks_of_stream.sql (W3): events that claimed a taken place of this stream, acknowledged or not.
select x.topic, x.partition, x.kafka_offset as offset, x.stream_id, x.version, x.source, x.log_index, x.event_id,
    x.leaf, x.found_at, r.repaired_by as acknowledged_by, r.repaired_at as acknowledged_at, r.reason
from fork as x
left join repair as r on r.action = 'acknowledge'
    and (r.topic, r.partition, r.kafka_offset) = (x.topic, x.partition, x.kafka_offset)
where x.stream_id = $1
order by x.found_at desc, x.topic, x.partition, x.kafka_offset
limit 100
