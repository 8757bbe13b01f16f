-- migrate:up
-- Anonymous results of insatser, intake's, no cell of which is small; and how they work.

create table published_result (
    publication_id uuid primary key,
    insats_id uuid,
    programme text,
    year integer,
    half integer,
    published_on date,
    cells jsonb not null default '{}',
    hidden text[] not null default '{}',
    saved_per_year numeric,
    saved_by_payer jsonb not null default '{}',
    unvalued text[] not null default '{}',
    value_sources text[] not null default '{}'
);

-- Owned by funding.
create table insats_method (
    insats_id uuid primary key,
    based_on uuid,
    aim text,
    way_of_working text,
    staffing text,
    lessons text,
    described_on date
);

-- migrate:down
