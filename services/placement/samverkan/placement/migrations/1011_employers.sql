-- migrate:up
-- The employer register, openings, what participants share for matching, and funding's side of the employer's page.

create table employer (
    employer_id uuid primary key,
    version integer not null default 0,
    organisation_number text,
    employer_name text,
    sector text,
    conditions text,
    pays_electronically boolean,
    registered_on date,
    deregistered_on date,
    checks jsonb not null default '{}'
);
create index employer_number on employer (organisation_number, employer_id);

create table employer_site (
    site_id uuid primary key,
    employer_id uuid,
    workplace text,
    municipality text,
    supervisors text[] not null default '{}'
);
create index employer_site_employer on employer_site (employer_id, site_id);

create table opening (
    opening_id uuid primary key,
    version integer not null default 0,
    state text not null default 'open',
    employer_id uuid,
    forms text[] not null default '{}',
    municipality text,
    occupation text,
    extent_least numeric,
    extent_most numeric,
    available_from date,
    available_until date,
    demands text[] not null default '{}',
    offers text[] not null default '{}',
    workplace text,
    supervisor text,
    tasks text[] not null default '{}',
    carved_for uuid,
    holder uuid,
    changed_on date
);
create index opening_state on opening (state, opening_id);
create index opening_employer on opening (employer_id, opening_id);

create table matching_profile (
    case_id uuid primary key,
    shared_on date,
    forms text[] not null default '{}',
    occupations text[] not null default '{}',
    abilities text[] not null default '{}',
    municipalities text[] not null default '{}',
    extent_most numeric,
    available_from date,
    needs text[]
);

-- samverkan.funding owns these columns.
create table support (
    compensation_id uuid primary key,
    placement_id uuid,
    state text,
    applied_on date,
    decided_on date,
    starts_on date,
    ends_on date,
    credit_per_month numeric,
    credited numeric not null default 0,
    last_claimed date
);
create index support_placement on support (placement_id, compensation_id);

-- migrate:down
