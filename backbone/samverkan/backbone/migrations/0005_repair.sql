-- migrate:up
-- What operators did to a store (S6): who, when, why, and to which event. Nothing of it is ever changed or removed.
-- `code`: why it stood still, or why the record was rejected. `leaf`: that of the skipped event, so that an auditor can
-- say which bytes were left out.
create table repair (
    number bigint generated always as identity primary key,
    action text not null check (action in ('retry', 'skip', 'acknowledge')),
    repaired_at timestamptz not null,
    repaired_by text not null check (repaired_by <> ''),
    reason text not null check (reason ~ '\S' or action = 'retry'),
    code text not null,
    topic text not null,
    partition integer,
    kafka_offset bigint,
    stream_id uuid,
    version integer,
    event_id uuid,
    leaf bytea,
    check (action <> 'skip' or (stream_id is not null and version is not null and event_id is not null
                                and leaf is not null and kafka_offset is not null)),
    check (action <> 'acknowledge' or (partition is not null and kafka_offset is not null))
);
create index repair_stream on repair (stream_id, number);
create unique index repair_acknowledged on repair (topic, partition, kafka_offset) where action = 'acknowledge';

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is never changed', tg_table_name using errcode = 'object_not_in_prerequisite_state';
end $$;
create trigger repair_append_only before update or delete or truncate on repair
for each statement execute function refuse_change();

-- A rebuild reads kept events in the order in which they were applied, piece by piece. They lie in nearly that order,
-- so a block range index finds a piece, and costs an append nothing that could be measured.
create index kept_event_order on kept_event using brin (applied_order) with (pages_per_range = 32, autosummarize = on);

-- migrate:down
