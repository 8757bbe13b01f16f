-- rejected.sql: records that belong to no stream. $1: also those that somebody has acknowledged; $2: at most so many.
select x.topic, x.partition, x.kafka_offset as offset, x.code, x.detail, x.rejected_at,
    r.repaired_by as acknowledged_by, r.repaired_at as acknowledged_at, r.reason
from rejected_record as x
left join repair as r on r.action = 'acknowledge'
    and (r.topic, r.partition, r.kafka_offset) = (x.topic, x.partition, x.kafka_offset)
where $1 or r.number is null
order by x.rejected_at desc, x.topic, x.partition, x.kafka_offset
limit $2
