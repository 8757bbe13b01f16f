-- migrate:up
-- From when on funding revoked its decision: as the agreement knows it, and as funding tells of the support.
alter table placement add column revoked_from date;
alter table support add column revoked_from date;

-- migrate:down
