-- migrate:up
-- Benefits to participants, for information. Amounts are kronor; `numeric` without scale keeps what was computed.
create table benefit (
    benefit_id uuid primary key,
    version integer not null default 0,
    case_id uuid,
    kind text,
    state text,
    entitled_from date,
    entitled_until date,
    decided_on date,
    days_late integer,
    applied_on date,
    paid_from date,
    days_paid integer,
    days_lost integer,
    rule_version text,
    paid numeric,
    lost numeric,
    lines text
);
create index benefit_case on benefit (case_id, benefit_id);

-- Every column is intake's: what a benefit rests on.
create table enrolment (
    case_id uuid primary key,
    version integer,
    enrolled_on date
);

-- migrate:down
