-- migrate:up
-- What intake's queries read (views.py). Every column but the key is nullable or has the default of its row.

create table participant_case (
    case_id uuid primary key,
    version integer not null default 0,
    state text not null default 'unknown',
    programme text,
    referred_by text,
    received_on date,
    agencies_needed text[] not null default '{}',
    agencies_consented text[] not null default '{}',
    enrolled_on date,
    placements_started integer not null default 0,
    placements_ended integer not null default 0,
    person_number text,
    name text,
    telephone text,
    email text,
    language text,
    needs_interpreter boolean,
    referrals jsonb not null default '[]',
    consents jsonb not null default '[]',
    assessments jsonb not null default '[]',
    enrolments jsonb not null default '[]'
);
create index participant_case_state on participant_case (state, case_id);

-- migrate:down
