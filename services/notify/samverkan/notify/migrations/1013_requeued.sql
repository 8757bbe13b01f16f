-- migrate:up
-- views.py: a message that was asked for again is tried for the whole stated time again.
alter table notification add column requeued_at timestamptz;

-- migrate:down
