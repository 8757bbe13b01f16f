-- migrate:up
-- The facts that deadlines follow from, and the reminders that were fired (reminders/views.py).

-- samverkan.funding
create table compensation_watch (
    compensation_id uuid primary key,
    version integer not null default 0,
    case_id uuid,
    placement_id uuid,
    starts_on date,
    ends_on date,
    closed_months date[] not null default '{}',
    look_from date,
    look_until date
);
-- What the scheduler polls: rows that a reminder may be due for today.
create index compensation_watch_look on compensation_watch (look_until, look_from);

-- samverkan.placement
create table placement_watch (
    placement_id uuid primary key,
    version integer not null default 0,
    last_day_on date
);

-- samverkan.participant
create table case_watch (
    case_id uuid primary key,
    version integer not null default 0,
    enrolled_on date,
    assessed_on date,
    exited_on date,
    followed_up integer[] not null default '{}',
    closed boolean not null default false,
    look_from date,
    look_until date
);
create index case_watch_look on case_watch (look_until, look_from);

-- samverkan.notification
create table reminder (
    reminder_id uuid primary key,
    version integer not null default 0,
    kind text,
    subject_id uuid,
    case_id uuid,
    period text,
    due_on date,
    days_before integer,
    planned_on date,
    fired_on date,
    recipients text[] not null default '{}',
    state text,
    settlement text,
    settled_on date
);
create index reminder_case on reminder (case_id, reminder_id);
-- What the scheduler looks through for those that are settled.
create index reminder_fired on reminder (reminder_id) where state = 'fired';

alter table notification
    add column due_on date,
    add column planned_on date,
    add column status integer,
    add column interruptions integer not null default 0;

-- migrate:down
