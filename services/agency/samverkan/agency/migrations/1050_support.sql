-- migrate:up
-- Assessments, plan and presence of the shared cases (assessment_view.py, plan_view.py, presence_view.py). All columns
-- are owned by samverkan.participant.

create table case_assessment (
    assessment text primary key,
    case_id uuid,
    assessed_on date,
    instrument text,
    instrument_version integer,
    occasion text,
    answered_by text[] not null default '{}',
    comparable_with text[] not null default '{}',
    scores jsonb
);
create index case_assessment_case on case_assessment (case_id, assessment);

create table case_plan (
    plan_id uuid primary key,
    case_id uuid,
    revision integer,
    written_on date,
    parties text[] not null default '{}',
    signed_by text[] not null default '{}',
    agreed_revision integer,
    agreed_on date,
    closed_on date,
    work_goals text[] not null default '{}',
    health_goals text[] not null default '{}'
);
create index case_plan_case on case_plan (case_id, plan_id);

create table case_activity (
    activity_id uuid primary key,
    case_id uuid,
    responsible text,
    due_on date,
    state text,
    settled_on date,
    days_late integer,
    drop_code text,
    work text[] not null default '{}',
    health text[] not null default '{}'
);
create index case_activity_case on case_activity (case_id, activity_id);

create table case_presence (
    presence_id uuid primary key,
    case_id uuid,
    placement_id uuid,
    activity text,
    starts_on date,
    ends_on date,
    told text,
    weeks_reported integer not null default 0,
    weeks_late integer not null default 0,
    weeks_corrected integer not null default 0,
    latest_week date,
    weekdays integer[] not null default '{}'
);
create index case_presence_case on case_presence (case_id, presence_id);

create table case_attended_day (
    day_key text primary key,
    case_id uuid,
    presence_id uuid,
    day date,
    told text,
    reported_on date,
    withdrawn_on date,
    attended numeric,
    absent numeric,
    code text
);
create index case_attended_day_case on case_attended_day (case_id, day_key);
create index case_attended_day_told on case_attended_day (told, reported_on, day_key);

-- migrate:down
