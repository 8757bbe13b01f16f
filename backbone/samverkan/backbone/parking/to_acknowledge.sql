-- to_acknowledge.sql: the rejected record or fork at a place in Kafka, and who acknowledged it, if somebody has.
select found.*, (
    select repaired_by from repair as r
    where r.action = 'acknowledge' and (r.topic, r.partition, r.kafka_offset) = ($1, $2, $3)) as acknowledged_by
from (
    select code, null::uuid as stream_id, null::integer as version, null::uuid as event_id, null::bytea as leaf
    from rejected_record where (topic, partition, kafka_offset) = ($1, $2, $3)
    union all
    select 'fork', stream_id, version, event_id, leaf
    from fork where (topic, partition, kafka_offset) = ($1, $2, $3)
) as found
limit 1
