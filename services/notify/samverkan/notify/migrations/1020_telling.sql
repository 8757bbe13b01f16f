-- migrate:up
-- telling/followed.py: up to which place in the order of application the events were looked through for what is told to
-- the municipality that has their case. One row. No view: nothing of it follows from events. What was applied before
-- this migration was told of when it came.
create table municipality_told (
    single boolean primary key default true check (single),
    up_to bigint not null
);
insert into municipality_told (up_to) select coalesce(max(applied_order), 0) from kept_event;

-- What the teller polls. The block range index kept_event_order is for whole windows: it cannot give the first ones
-- behind a place without reading what was not summarized yet, ten times a second.
create index kept_event_applied on kept_event (applied_order);

-- Who was told of an event.
create index notification_about on notification (about_event);

-- migrate:down
