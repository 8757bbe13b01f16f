-- migrate:up
-- Measurements, plans and presence (measurement_view.py, plan_view.py, presence_view.py). All columns are owned by
-- samverkan.participant; each but the key is nullable or has the default of its row.

create table measurement (
    measurement_id uuid primary key,
    version integer not null default 0,
    case_id uuid,
    state text not null default 'unknown',
    instrument text,
    instrument_version integer,
    occasion text,
    due_on date,
    waiting_for text[] not null default '{}',
    answered_by text[] not null default '{}',
    assessed_on date,
    cancelled_on date,
    cancel_code text,
    recorded_on date,
    answers jsonb not null default '{}',
    scores jsonb
);
create index measurement_case on measurement (case_id, measurement_id);
create index measurement_state on measurement (state, measurement_id);

create table next_measurement (
    case_id uuid primary key,
    enrolled_on date,
    latest_on date,
    instrument text,
    instrument_version integer,
    occasion text,
    due_on date
);
create index next_measurement_due on next_measurement (due_on);

create table plan (
    plan_id uuid primary key,
    version integer not null default 0,
    case_id uuid,
    state text not null default 'unknown',
    revision integer not null default 0,
    written_on date,
    parties text[] not null default '{}',
    signed_by text[] not null default '{}',
    agreed_revision integer,
    agreed_on date,
    closed_on date,
    close_code text,
    revisions jsonb not null default '[]'
);

create table plan_activity (
    activity_id uuid primary key,
    case_id uuid,
    revision integer not null default 0,
    responsible text,
    due_on date,
    state text not null default 'unknown',
    done_on date,
    days_late integer,
    dropped_on date,
    drop_code text,
    work text[] not null default '{}',
    health text[] not null default '{}',
    work_after text[] not null default '{}',
    health_after text[] not null default '{}'
);
create index plan_activity_case on plan_activity (case_id, activity_id);
create index plan_activity_due on plan_activity (responsible, due_on) where state = 'open';

create table presence (
    presence_id uuid primary key,
    version integer not null default 0,
    case_id uuid,
    placement_id uuid,
    activity text,
    state text not null default 'unknown',
    starts_on date,
    ends_on date,
    told text,
    next_week date,
    next_due_on date,
    schedules jsonb not null default '[]',
    weeks jsonb not null default '[]',
    deviations jsonb not null default '[]'
);
create index presence_case on presence (case_id, presence_id);
create index presence_placement on presence (placement_id, presence_id);
create index presence_due on presence (next_due_on);

create table noted_placement (
    placement_id uuid primary key,
    case_id uuid,
    started_on date,
    ended_on date
);

-- migrate:down
