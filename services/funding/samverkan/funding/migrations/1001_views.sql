-- migrate:up
-- What funding's queries read. Amounts are kronor; `numeric` without scale keeps what was computed as it was written.

-- Every column is placement's: facts that an application or a claim rests on.
create table agreed_placement (
    placement_id uuid primary key,
    version integer,
    requires text not null default '',
    case_id uuid,
    form text,
    starts_on date,
    ends_on date,
    extent numeric,
    gross_per_month numeric,
    birth_year integer,
    agreed_on date,
    started_on date,
    last_day_on date
);

create table compensation (
    compensation_id uuid primary key,
    version integer not null default 0,
    case_id uuid,
    placement_id uuid,
    form text,
    state text,
    starts_on date,
    ends_on date,
    extent numeric,
    pay_months_later integer,
    applied_on date,
    prepared_by text,
    checked_on date,
    decided_on date,
    attested_by text,
    refusal_code text,
    rule_version text,
    rule_source text,
    gross_per_month numeric,
    birth_year integer,
    cost_per_month numeric,
    credit_per_month numeric,
    own_cost_per_month numeric,
    credit_in_all numeric,
    credited numeric not null default 0
);
create index compensation_case on compensation (case_id, compensation_id);
create index compensation_state on compensation (state, compensation_id);

-- The key is <compensation>/<yyyy-mm>: one claim per compensation and work month.
create table claim (
    claim text primary key,
    compensation_id uuid,
    case_id uuid,
    work_month date,
    state text,
    received_on date,
    supported_from date,
    supported_until date,
    credit_by date,
    credited_on date,
    gross_paid numeric,
    cost numeric,
    credit numeric,
    own_cost numeric,
    lines text
);
create index claim_compensation on claim (compensation_id, claim);

-- migrate:down
