-- migrate:up
-- reminders/facts.py: what deadlines rest on besides.
alter table compensation_watch add column revoked_from date;
alter table case_watch
    add column paused boolean not null default false,
    add column municipality text;

-- samverkan.participant
create table plan_watch (
    plan_id uuid primary key,
    version integer not null default 0,
    case_id uuid,
    open_activities jsonb not null default '{}',
    look_from date,
    look_until date,
    looked_at integer,
    next_on date,
    wake_on date generated always as (case when looked_at = version then next_on else '-infinity' end) stored
);
create index plan_watch_look on plan_watch (look_until, look_from);
create index plan_watch_wake on plan_watch (wake_on);
create index plan_watch_case on plan_watch (case_id);

-- migrate:down
