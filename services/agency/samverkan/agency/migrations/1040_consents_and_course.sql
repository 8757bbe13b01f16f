-- migrate:up
-- consents.py: every consent with when it opened and ended; whose data are protected, who takes part without a name.
alter table shared_case add column grants jsonb not null default '[]';
alter table shared_case add column keeper text;
alter table shared_case add column anonymous boolean not null default false;

-- case_course_view.py
create table shared_course (
    case_id uuid primary key,
    state text not null default 'referred',
    since date,
    municipality text,
    contacts jsonb not null default '{}',
    registrations jsonb not null default '{}',
    paused_until_on date,
    closing_on date,
    exited_on date,
    six_months_on date,
    twelve_months_on date,
    moments jsonb not null default '{}',
    causes jsonb not null default '[]',
    occupations jsonb not null default '{}',
    livelihoods jsonb not null default '{}',
    ages jsonb not null default '{}'
);

-- person_tally_view.py
create table person_tally (
    counted text primary key,
    women integer not null default 0,
    men integer not null default 0
);

-- migrate:down
