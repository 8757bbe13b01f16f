-- migrate:up
-- Finsam budgets, their commitments, vouchers and ledger, and the insatser that they finance. Kronor; nothing here
-- tells of a person. Every column is funding's own.

create table finsam_budget (
    budget_id uuid primary key,
    version integer not null default 0,
    association text,
    year integer,
    state text not null default 'none',
    total numeric not null default 0,
    committed numeric not null default 0,
    available numeric not null default 0,
    spent numeric not null default 0,
    saved_capital numeric not null default 0,
    shares jsonb not null default '{}',
    consulted jsonb not null default '{}',
    discharges jsonb not null default '{}',
    adopted_on date,
    adoption_due_on date,
    adoption_days_late integer,
    lowering_awaits boolean not null default false,
    closed_on date,
    reported_on date,
    report_due_on date,
    report_days_late integer,
    audited_on date,
    auditor_recommends_discharge boolean
);
create index finsam_budget_association on finsam_budget (association, budget_id);

create table finsam_commitment (
    commitment_id uuid primary key,
    budget_id uuid,
    insats_id uuid,
    state text,
    amount numeric not null default 0,
    spent numeric not null default 0,
    participants integer,
    per_participant numeric,
    prepared_by text,
    attested_by text,
    decided_on date,
    release_awaits boolean not null default false
);
create index finsam_commitment_budget on finsam_commitment (budget_id, commitment_id);

-- The key is <budget>/<voucher>.
create table finsam_voucher (
    key text primary key,
    budget_id uuid,
    voucher text,
    state text,
    amount numeric not null default 0,
    member text,
    commitment_id uuid,
    prepared_by text,
    attested_by text,
    on_day date
);
create index finsam_voucher_budget on finsam_voucher (budget_id, key);

-- The key is <budget>/<version>/<account>: the amounts of one version make zero.
create table finsam_ledger (
    key text primary key,
    budget_id uuid,
    version integer,
    account text,
    amount numeric not null default 0,
    decision text,
    event_id uuid,
    actor text,
    on_day date
);
create index finsam_ledger_budget on finsam_ledger (budget_id, key);

create table insats (
    insats_id uuid primary key,
    version integer not null default 0,
    association text,
    title text,
    target_group text,
    state text not null default 'none',
    parties text[] not null default '{}',
    steering_group text[] not null default '{}',
    signed_by text[] not null default '{}',
    starts_on date,
    ends_on date,
    places integer,
    contributions jsonb not null default '{}',
    agreed_on date,
    started_on date,
    regular_from date,
    yearly_cost jsonb not null default '{}',
    last_day_on date
);

-- migrate:down
