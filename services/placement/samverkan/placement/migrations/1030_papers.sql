-- migrate:up
-- The papers of placements, and what they say (views/paper_facts.py). Every column but the key is nullable or has the
-- default of its row.

create table paper (
    paper_sha256 text primary key,
    paper_id uuid,
    version integer not null default 0,
    case_id uuid,
    subject_id uuid,
    subject_version integer not null default 0,
    template text not null default '',
    template_version integer not null default 0,
    engine text not null default '',
    made_on date,
    registration text,
    compartments text[] not null default '{}',
    content jsonb not null default '{}'
);
create index paper_paper_id on paper (paper_id);
create index paper_case_id on paper (case_id);
create index paper_subject_id on paper (subject_id);

create table paper_facts (
    placement_id uuid primary key,
    approvals jsonb not null default '[]',
    issued_on date,
    started_on date,
    last_day_on date,
    extent numeric,
    employer_name text,
    workplace text,
    supervisor text,
    tasks text[] not null default '{}',
    assessment text
);

create table paper_person (
    case_id uuid primary key,
    person_number text,
    name text
);

-- migrate:down
