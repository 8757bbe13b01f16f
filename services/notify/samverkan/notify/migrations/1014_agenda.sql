-- migrate:up
-- reminders/agenda.py: the version that the scheduler looked at, the day that it found, and the day that follows: any
-- day when the row changed since. No view's columns: nothing of it follows from events.
alter table compensation_watch
    add column looked_at integer,
    add column next_on date,
    add column wake_on date generated always as (case when looked_at = version then next_on else '-infinity' end) stored;
alter table case_watch
    add column looked_at integer,
    add column next_on date,
    add column wake_on date generated always as (case when looked_at = version then next_on else '-infinity' end) stored;
alter table budget_watch
    add column looked_at integer,
    add column next_on date,
    add column wake_on date generated always as (case when looked_at = version then next_on else '-infinity' end) stored;
alter table placement_watch add column looked_at integer;

-- What the scheduler polls.
create index compensation_watch_wake on compensation_watch (wake_on);
create index case_watch_wake on case_watch (wake_on);
create index budget_watch_wake on budget_watch (wake_on);
create index placement_watch_wake on placement_watch (placement_id) where looked_at is distinct from version;
-- What a changed placement wakes, what a case's page asks for, what a subject was reminded of.
create index compensation_watch_placement on compensation_watch (placement_id);
create index compensation_watch_case on compensation_watch (case_id);
create index reminder_subject on reminder (subject_id);
-- The scheduler looks at subjects, not through all that was fired.
drop index reminder_fired;

-- migrate:down
