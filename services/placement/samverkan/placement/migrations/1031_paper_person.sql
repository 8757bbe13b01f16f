-- migrate:up
-- Who may not be named, and under which diarienummer each agency keeps the case.

alter table paper_person add column protected boolean not null default false;
alter table paper_person add column registrations jsonb not null default '{}';

-- migrate:down
