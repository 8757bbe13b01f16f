-- migrate:up
-- Whose identity is protected stands in participant_sharing alone.
alter table paper_person drop column protected;

-- migrate:down
