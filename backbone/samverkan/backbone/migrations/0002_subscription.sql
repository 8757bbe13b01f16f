-- migrate:up
-- What a service or agency has applied of others' topics (S0–S6). The offset stands beside the effect (S1).

-- One row per store: its lock makes applying serial (S0).
create table subscription (
    name text primary key,
    halted_at timestamptz,
    halted_reason text
);

create table subscription_offset (
    topic text not null,
    partition integer not null,
    topic_id uuid,
    next_offset bigint not null check (next_offset >= 0),
    primary key (topic, partition)
);

-- The last version of each foreign stream that was applied here.
create table head (
    stream_id uuid primary key,
    topic text not null,
    version integer not null check (version >= 0)
);

-- Every applied event as it came. The two unique constraints are W3: another event at the same place is a fork.
create table kept_event (
    stream_id uuid not null,
    version integer not null,
    topic text not null,
    partition integer not null,
    kafka_offset bigint not null,
    source text not null,
    log_index bigint not null,
    event_id uuid not null,
    leaf bytea not null,
    correlation_id uuid not null,
    recorded_at timestamptz not null,
    applied_at timestamptz not null,
    applied_order bigint generated always as identity,
    unknown_fields boolean not null default false,
    skipped boolean not null default false,
    attributes json not null,
    value bytea not null,
    primary key (stream_id, version),
    constraint kept_event_log_index unique (source, log_index)
);
create index kept_event_case on kept_event (correlation_id, applied_order);

-- Events that came and cannot be applied yet: of a stream that is parked, has a hole, or waits for `requires`.
create table held_event (
    stream_id uuid not null,
    version integer not null,
    topic text not null,
    partition integer not null,
    kafka_offset bigint not null,
    source text not null,
    log_index bigint not null,
    event_id uuid not null,
    leaf bytea not null,
    correlation_id uuid not null,
    recorded_at timestamptz not null,
    attributes json not null,
    value bytea not null,
    primary key (stream_id, version)
);

-- Why a stream is held, and at which version. Waiting is not parking (S5): only 'parked' counts towards the halt.
create table held_stream (
    stream_id uuid primary key,
    topic text not null,
    reason text not null check (reason in ('hole', 'requires', 'parked')),
    version integer not null,
    code text not null,
    detail text not null default '',
    since timestamptz not null,
    attempts integer not null default 0,
    retry_at timestamptz
);
create index held_stream_retry on held_stream (retry_at) where retry_at is not null;
create index held_stream_parked on held_stream (since) where reason = 'parked';

create table held_requirement (
    stream_id uuid not null references held_stream (stream_id) on delete cascade,
    on_topic text not null,
    on_stream uuid not null,
    on_version integer not null,
    primary key (stream_id, on_stream, on_version)
);
create index held_requirement_on on held_requirement (on_stream);

-- Records that belong to no stream: no readable envelope, or written by someone who does not own the topic.
-- Kafka keeps the record itself; its place is enough to find it again.
create table rejected_record (
    topic text not null,
    partition integer not null,
    kafka_offset bigint not null,
    code text not null,
    detail text not null default '',
    rejected_at timestamptz not null,
    primary key (topic, partition, kafka_offset)
);

-- Two different events at one place (W3). Kept until somebody has understood it.
create table fork (
    topic text not null,
    partition integer not null,
    kafka_offset bigint not null,
    stream_id uuid not null,
    version integer not null,
    source text not null,
    log_index bigint not null,
    event_id uuid not null,
    leaf bytea not null,
    found_at timestamptz not null,
    primary key (topic, partition, kafka_offset)
);

-- migrate:down
