-- migrate:up
-- Granted supports are read from `compensation`, whose days follow amendments and revocations.
drop table support;

-- migrate:down
