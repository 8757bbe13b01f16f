-- migrate:up
-- reminder_view.py; every column is owned by samverkan.notification
create table case_reminder (
    reminder_id uuid primary key,
    case_id uuid,
    kind text,
    subject_id uuid,
    period text,
    due_on date,
    days_before integer,
    planned_on date,
    fired_on date,
    recipients text[] not null default '{}',
    state text,
    settlement text
);
create index case_reminder_case on case_reminder (case_id, reminder_id);
create index case_reminder_open on case_reminder (reminder_id) where state = 'fired';

-- migrate:down
