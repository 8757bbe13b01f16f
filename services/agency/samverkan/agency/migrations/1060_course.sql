-- migrate:up
-- course_view.py
create table case_placement_course (
    placement_id uuid primary key,
    case_id uuid,
    revision integer not null default 0,
    follows uuid,
    step integer not null default 1,
    asked_on date,
    reply_by date,
    cancelled_on date,
    interrupted_from date,
    expected_until date,
    resumed_on date,
    absence_cause text,
    waiting jsonb,
    changes jsonb not null default '[]',
    reports integer not null default 0,
    latest_reported_on date,
    certificate_on date
);
create index case_placement_course_case on case_placement_course (case_id, placement_id);

-- register_view.py
create table registered_employer (
    organisation_id uuid primary key,
    organisation_number text,
    employer_name text,
    sector text,
    conditions text,
    registered_on date,
    deregistered_on date,
    checks jsonb not null default '{}'
);

create table waiting_opening (
    opening_id uuid primary key,
    state text not null default 'open',
    organisation_id uuid,
    forms text[] not null default '{}',
    municipality text,
    occupation text,
    extent_least numeric,
    extent_most numeric,
    available_from date,
    available_until date,
    workplace text,
    tasks text[] not null default '{}'
);
create index waiting_opening_state on waiting_opening (state, opening_id);

-- migrate:down
