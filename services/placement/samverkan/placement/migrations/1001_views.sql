-- migrate:up
-- What placement's queries read (views.py). Every column but the key is nullable or has the default of its row.

create table placement (
    placement_id uuid primary key,
    case_id uuid,
    version integer not null default 0,
    state text not null default 'draft',
    form text,
    starts_on date,
    ends_on date,
    extent numeric,
    parties text[] not null default '{}',
    approved_by text[] not null default '{}',
    employer_number text,
    employer_name text,
    workplace text,
    supervisor text,
    tasks text[] not null default '{}',
    gross_per_month numeric,
    birth_year integer,
    union_opinion text,
    consulted_on date,
    agreed_on date,
    compensation_id uuid,
    granted boolean,
    decided_on date,
    started_on date,
    last_day_on date,
    outcome text
);
create index placement_case on placement (case_id, placement_id);

create table enrolled_participant (
    case_id uuid primary key,
    version integer not null default 0,
    enrolled_on date
);

-- migrate:down
