-- migrate:up
-- Who alone may look at what a protected participant shares.
alter table participant_sharing add column keeper text;

-- migrate:down
