-- migrate:up
-- The course of a case (course_view.py), the way from a caseworker to their cases (caseworker_view.py), and counts of
-- people who are never named (count_view.py).

create table case_course (
    case_id uuid primary key,
    version integer not null default 0,
    state text not null default 'none',
    states jsonb not null default '[]',
    municipality text,
    received_on date,
    agencies_asked text[] not null default '{}',
    assessed_on date,
    enrolled_on date,
    paused_until_on date,
    closing_on date,
    exited_on date,
    six_months_on date,
    twelve_months_on date,
    moments jsonb not null default '{}',
    follow_ups jsonb not null default '[]',
    contacts jsonb not null default '{}',
    stand_ins jsonb not null default '[]',
    conflicts jsonb not null default '[]',
    registrations jsonb not null default '{}',
    protected_on date,
    keeper text
);
create index case_course_municipality on case_course (municipality, case_id);

create table case_caseworker (
    place text primary key,
    case_id uuid,
    agency text,
    caseworker text
);
create index case_caseworker_who on case_caseworker (agency, caseworker, place);

create table person_count (
    counted text primary key,
    women integer not null default 0,
    men integer not null default 0
);

-- migrate:down
