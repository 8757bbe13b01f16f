-- migrate:up
-- The comparison of the own log with the end of the own topic (W2), and how far it has come.

-- One row. compared_with: the database that was compared, as identity.sql names it; null, or another name than the
-- present one's: nobody may decide here before it is compared. A restored backup always carries another name.
-- topic_id: which topic the places in landmark belong to. proven: every record of the log below this index lies in the
-- topic below the landmark of its partition, or was found there by a comparison.
-- wanted_at: an operator asks for a comparison now. held_by: an operator wants this service to stand still meanwhile.
create table recovery (
    single boolean primary key default true check (single),
    compared_with text,
    compared_at timestamptz,
    topic_id uuid,
    proven bigint not null default 0,
    state text not null default 'new'
        check (state in ('new', 'comparing', 'taking-back', 'republishing', 'agreed', 'stopped', 'held')),
    code text,
    detail text not null default '',
    done bigint not null default 0,
    of bigint not null default 0,
    since timestamptz not null default now(),
    taken_back bigint not null default 0,
    republished bigint not null default 0,
    wanted_at timestamptz,
    held_by text
);
insert into recovery default values;

-- From which offset on the next comparison reads, per partition of the own topic.
create table landmark (
    partition integer primary key,
    next_offset bigint not null check (next_offset >= 0)
);

-- Log indexes whose record is nowhere any more: given and sent in part, then lost with the database. Somebody has said
-- so, by name and with a reason; nothing of it is ever changed.
create table lost_index (
    logindex bigint primary key,
    given_up_at timestamptz not null,
    given_up_by text not null,
    reason text not null
);

-- migrate:down
