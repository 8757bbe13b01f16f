-- migrate:up
-- Finsam as every agency keeps it: budgets and insatser. Every column is funding's; nothing here tells of a person.

create table finsam_budget (
    budget_id uuid primary key,
    association text,
    year integer,
    waits_for text not null default 'draft',
    total numeric not null default 0,
    committed numeric not null default 0,
    uncommitted numeric not null default 0,
    spent numeric not null default 0,
    saved_capital numeric not null default 0,
    shares jsonb not null default '{}',
    insatser jsonb not null default '{}',
    adopted_on date,
    closed_on date,
    reported_on date,
    audited_on date,
    days_late integer not null default 0,
    discharged_by text[] not null default '{}',
    commitments jsonb not null default '{}'
);

create table finsam_insats (
    insats_id uuid primary key,
    association text,
    title text,
    target_group text,
    state text not null default 'proposed',
    parties text[] not null default '{}',
    steering_group text[] not null default '{}',
    starts_on date,
    ends_on date,
    places integer,
    contributions jsonb not null default '{}',
    yearly_cost jsonb not null default '{}',
    regular_from date,
    last_day_on date
);

-- migrate:down
