-- migrate:up
-- case_view.py: the last day of each placement, since one may be corrected.
alter table shared_case add column last_days jsonb not null default '{}';

-- migrate:down
