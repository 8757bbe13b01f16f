-- migrate:up
-- What was kept of a month's credits for recoveries of the employer: it was credited to nobody, and is not missing.
alter table claim add column kept numeric not null default 0;

-- migrate:down
