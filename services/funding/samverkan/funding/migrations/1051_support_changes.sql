-- migrate:up
-- How many times what a person has been granted has changed: decisions on it, at several employers, are made one by one
-- (docs/decisions/0017). What was granted stands in compensation, as it is decided now.
create table support_changes (
    case_id uuid primary key,
    changes integer not null default 0
);

-- migrate:down
