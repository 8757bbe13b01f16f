-- migrate:up
-- What each placement was expected to cost when it was applied for, in kronor.
create table estimate (
    compensation_id uuid primary key,
    version integer not null default 0,
    case_id uuid,
    applied_on date,
    rule_version text,
    cost_in_all numeric,
    credit_in_all numeric,
    own_cost_in_all numeric,
    overhead_per_month numeric
);

-- migrate:down
