-- migrate:up
-- Who is delivering what at this moment, and when it is tried again (delivery/attempts.py). No view: nothing of it
-- follows from events, and what was lost with a database is tried at once.
create table delivery_attempt (
    notification_id uuid primary key,
    attempts integer not null default 0,
    holder uuid,
    held_until timestamptz,
    begun_at timestamptz,
    not_before timestamptz,
    last_code text,
    settled_version integer,
    settled_at timestamptz
);
-- What is swept.
create index delivery_attempt_settled on delivery_attempt (settled_at) where settled_at is not null;

-- What delivery polls, oldest first: small as long as messages flow.
create index notification_due on notification (channel, queued_at, notification_id) where state = 'queued';
create index notification_failed on notification (recipient, notification_id) where state = 'failed';

-- delivery/endpoint.py
create table webhook_endpoint (
    endpoint_id uuid primary key,
    version integer not null default 0,
    recipient text,
    state text,
    code text,
    since timestamptz
);

-- migrate:down
