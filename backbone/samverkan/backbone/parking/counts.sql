-- counts.sql: how many streams stand still, and how many records are set aside that nobody has acknowledged (S6).
select
    (select count(*) from held_stream where reason = 'hole') as holes,
    (select count(*) from held_stream where reason = 'requires') as waiting,
    (select count(*) from held_stream where reason = 'parked') as parked,
    (select count(*) from rejected_record as x where not exists (
        select from repair as r where r.action = 'acknowledge'
          and (r.topic, r.partition, r.kafka_offset) = (x.topic, x.partition, x.kafka_offset))) as rejected,
    (select count(*) from fork as x where not exists (
        select from repair as r where r.action = 'acknowledge'
          and (r.topic, r.partition, r.kafka_offset) = (x.topic, x.partition, x.kafka_offset))) as forks
