-- append.sql (J1, J2): writes events and marks them unsequenced, in one statement.
-- `order by ordinality` is a promise to number.sql: positions ascend in the order given, so within a transaction a
-- stream's versions ascend with position; between transactions they do because the head is locked until commit.
with written as (
    insert into journal (stream_id, version, topic, partition, event_id, attributes, value)
    select stream_id, version, $6, partition, event_id, attributes, value
    from unnest($1::uuid[], $2::integer[], $3::integer[], $4::uuid[], $5::json[], $7::bytea[])
        with ordinality as w (stream_id, version, partition, event_id, attributes, value, ordinality)
    order by ordinality
    returning position
)
insert into unsequenced (position)
select position from written
