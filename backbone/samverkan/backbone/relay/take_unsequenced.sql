-- take_unsequenced.sql (J2): the oldest committed rows that have no log index yet, with what is to be sent.
-- A cursor on journal.position alone would skip a row that took its number early and was committed late. That position
-- order respects stream order is the promise of append.sql, not of this statement. The lateral join keeps the plan on
-- the journal's index whatever the statistics say; asserted in tests/invariants/test_plans.py.
with taken as (
    delete from unsequenced
    where position in (select position from unsequenced order by position limit $1)
    returning position
)
select taken.position, j.stream_id, j.partition, j.topic, j.attributes, j.value
from taken
cross join lateral (
    select stream_id, partition, topic, attributes, value from journal where position = taken.position limit 1
) as j
order by taken.position
