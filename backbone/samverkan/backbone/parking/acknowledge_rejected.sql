-- acknowledge_rejected.sql (S6): every rejected record of a stretch of a partition that nobody has acknowledged yet.
insert into repair (action, repaired_at, repaired_by, reason, code, topic, partition, kafka_offset)
select 'acknowledge', $5, $6, $7, x.code, x.topic, x.partition, x.kafka_offset
from rejected_record as x
where x.topic = $1 and x.partition = $2 and x.kafka_offset between $3 and $4
order by x.kafka_offset
on conflict (topic, partition, kafka_offset) where action = 'acknowledge' do nothing
returning kafka_offset
