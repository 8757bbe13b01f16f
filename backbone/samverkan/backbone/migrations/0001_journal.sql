-- migrate:up
-- The journal of a service (J1, J2): its events in one total order. It is the outbox too; nothing is written twice.

-- Partition counts of the own topics as Kafka last told them; a stream takes its partition from here at its first
-- event and keeps it, so that partitions can be added to a live topic (S8).
create table topic (
    name text primary key,
    partitions integer not null check (partitions > 0)
);

-- The head of each own stream. Its row lock is what makes decisions on one stream serial.
create table stream (
    stream_id uuid primary key,
    topic text not null references topic (name),
    partition integer not null check (partition >= 0),
    correlation_id uuid,
    version integer not null default 0 check (version >= 0)
);

-- `attributes` are the CloudEvents attributes without logindex, which the relay adds (json, not jsonb: the text is
-- kept as written and costs no conversion when the relay reads it).
create table journal (
    position bigint generated always as identity primary key,
    stream_id uuid not null,
    version integer not null check (version > 0),
    topic text not null,
    partition integer not null,
    event_id uuid not null unique,
    attributes json not null,
    value bytea not null,
    unique (stream_id, version)
);

-- Rows that are committed or about to be and have no log index yet. Kept beside the journal, so that numbering never
-- scans the journal and an open transaction delays only its own rows.
create table unsequenced (
    position bigint primary key
);

-- logindex: dense from 0. leaf: RFC 6962 leaf hash of the record as it is sent.
create table log (
    logindex bigint primary key,
    position bigint not null unique,
    leaf bytea not null check (length(leaf) = 32)
);

-- One row. next: the next log index to give. cursor: the first log index that Kafka has not acknowledged.
-- holder, held_until: which relay is the active one (R2); holder_has_session: and holds the advisory lock.
create table sequencer (
    single boolean primary key default true check (single),
    next bigint not null default 0,
    cursor bigint not null default 0,
    holder uuid,
    held_until timestamptz,
    holder_has_session boolean not null default false,
    check (cursor <= next)
);
insert into sequencer default values;

-- Replies under the caller's Idempotency-Key, written in the transaction of what they tell of.
create table reply (
    idempotency_key text primary key,
    request_digest bytea not null,
    reply jsonb,
    replied_at timestamptz not null default now()
);

-- Which stream is known under a keyed digest. Erasure deletes the row.
create table blind_index (
    kind text not null,
    digest bytea not null,
    stream_id uuid not null unique,
    primary key (kind, digest)
);

-- migrate:down
