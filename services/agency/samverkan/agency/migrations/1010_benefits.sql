-- migrate:up
-- Benefits of the shared cases, for information. Amounts are kronor.
create table case_benefit (
    benefit_id uuid primary key,
    case_id uuid,
    kind text,
    entitled_from date,
    entitled_until date,
    benefit_decided_on date,
    benefit_applied_on date,
    paid_from date,
    days_paid integer,
    days_lost integer,
    paid numeric,
    lost numeric
);
create index case_benefit_case on case_benefit (case_id, benefit_id);

-- migrate:down
