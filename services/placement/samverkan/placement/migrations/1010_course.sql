-- migrate:up
-- What happens between proposal and end: revisions, changes, interruptions, the chain, certificates, receipts.

alter table placement
    add column revision integer not null default 0,
    add column asked_on date,
    add column reply_by date,
    add column covered_until date,
    add column follows uuid,
    add column step integer not null default 1,
    add column opening_id uuid,
    add column cancelled_on date,
    add column interrupted_from date,
    add column expected_until date,
    add column resumed_on date,
    add column change_revision integer,
    add column change_agreed_on date,
    add column certificate_on date;
create index placement_employer on placement (employer_number, placement_id);

create table placement_change (
    change text primary key,
    placement_id uuid,
    case_id uuid,
    revision integer not null default 0,
    state text not null default 'proposed',
    kinds text[] not null default '{}',
    applies_from date,
    ends_on date,
    extent numeric,
    agreed_on date,
    supervisor text,
    tasks text[] not null default '{}',
    gross_per_month numeric
);
create index placement_change_placement on placement_change (placement_id, change);

create table change_report (
    receipt_id uuid primary key,
    placement_id uuid,
    case_id uuid,
    kind text,
    applies_from date,
    reported_on date,
    received_at timestamptz,
    extent numeric,
    expected_until date,
    outcome text
);

-- What the participant lets others know: consents by agency, and the protection of the identity.
create table participant_sharing (
    case_id uuid primary key,
    consents jsonb not null default '{}',
    protected boolean not null default false
);

-- migrate:down
