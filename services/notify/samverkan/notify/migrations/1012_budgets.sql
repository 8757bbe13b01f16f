-- migrate:up
-- reminders/views.py; samverkan.funding
create table budget_watch (
    budget_id uuid primary key,
    version integer not null default 0,
    year integer,
    adopted boolean not null default false,
    reported boolean not null default false,
    look_from date,
    look_until date
);

-- migrate:down
