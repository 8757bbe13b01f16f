-- migrate:up
create table notification (
    notification_id uuid primary key,
    version integer not null default 0,
    case_id uuid,
    recipient text,
    channel text,
    template text,
    about_event uuid,
    state text,
    queued_at timestamptz,
    delivered_at timestamptz,
    message_id text,
    failure_code text
);
create index notification_case on notification (case_id, notification_id);
-- What delivery polls: small as long as mail flows.
create index notification_queued on notification (notification_id) where state = 'queued';

-- migrate:down
