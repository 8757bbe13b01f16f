-- migrate:up
-- What statistics count. It tells of persons and never leaves intake.

create table statistics_participation (
    case_id uuid primary key,
    sex text,
    anonymous boolean not null default false,
    spells jsonb not null default '[]'
);

-- migrate:down
