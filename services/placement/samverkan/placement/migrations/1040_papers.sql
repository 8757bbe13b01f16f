-- migrate:up
-- Whose identity is protected stands in participant_sharing alone. `revision`: the one that applies.
alter table paper_person drop column protected;
alter table paper_facts add column revision integer not null default 0;

-- migrate:down
