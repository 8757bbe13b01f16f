-- migrate:up
-- delivery/claim.sql: when a queued message is tried again stands beside it too, so that those that wait are not read. No
-- view's column: lost with a rebuild, it only makes the claim look at delivery_attempt once more.
alter table notification add column not_before timestamptz;
drop index notification_due;
create index notification_due on notification (channel, coalesce(not_before, '-infinity'::timestamptz))
    where state = 'queued';

-- migrate:down
