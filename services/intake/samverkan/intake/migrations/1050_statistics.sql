-- migrate:up
-- What was published of many: no cell is small.

create table statistics_publication (
    publication_id uuid primary key,
    insats_id uuid,
    programme text,
    year integer,
    half integer,
    published_on date,
    threshold integer,
    cells jsonb,
    hidden text[] not null default '{}',
    saved_per_year numeric,
    saved_by_payer jsonb,
    unvalued text[] not null default '{}',
    value_sources text[] not null default '{}'
);

-- migrate:down
