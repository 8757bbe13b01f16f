-- wanted.sql: what the scheduler must look at on day $1, at most $2 of each kind. wake_on is the day that was found when
-- the row was looked at last, and -infinity when it changed since. Each part is a range of an index on wake_on, so what
-- wants nothing costs nothing. Plan asserted in test_agenda.py.
(select 'compensation_watch' as watch, compensation_id as subject_id, version
    from compensation_watch where wake_on <= $1 order by wake_on limit $2)
union all
(select 'case_watch', case_id, version from case_watch where wake_on <= $1 order by wake_on limit $2)
union all
(select 'plan_watch', plan_id, version from plan_watch where wake_on <= $1 order by wake_on limit $2)
union all
(select 'budget_watch', budget_id, version from budget_watch where wake_on <= $1 order by wake_on limit $2)
union all
(select 'placement_watch', placement_id, version
    from placement_watch where looked_at is distinct from version order by placement_id limit $2)
