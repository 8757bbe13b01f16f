-- lag.sql: how many rows Kafka has not acknowledged, and since when the oldest of them waits.
select
    (select next - cursor from sequencer) + (select count(*) from unsequenced) as events,
    (
        select min(waiting.recorded)
        from (
            (select j.attributes ->> 'recordedtime' as recorded
             from unsequenced as u join journal as j on j.position = u.position order by u.position limit 1)
            union all
            (select j.attributes ->> 'recordedtime'
             from log as l join journal as j on j.position = l.position
             where l.logindex = (select cursor from sequencer))
        ) as waiting
    )::timestamptz as since
