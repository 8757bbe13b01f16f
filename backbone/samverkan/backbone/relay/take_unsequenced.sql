-- take_unsequenced.sql (J2): the oldest committed rows that have no log index yet, with what is to be sent.
-- A cursor on journal.position alone would skip a row that took its number early and was committed late. That position
-- order respects stream order is the promise of append.sql, not of this statement. Plan asserted in test_relay.py.
with taken as (
    delete from unsequenced
    where position in (select position from unsequenced order by position limit $1)
    returning position
)
select j.position, j.stream_id, j.partition, j.topic, j.attributes, j.value
from taken
join journal as j on j.position = taken.position
order by j.position
