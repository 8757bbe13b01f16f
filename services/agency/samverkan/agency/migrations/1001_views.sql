-- migrate:up
-- What an agency's queries read. Every column but the key is nullable or has the default of its row.

-- case_view.py. The comments name the topic that owns the columns below them (S7).
create table shared_case (
    case_id uuid primary key,
    -- samverkan.participant
    programme text,
    referred_by text,
    agencies_needed text[] not null default '{}',
    received_on date,
    referrals integer not null default 0,
    consents jsonb not null default '{}',
    enrolled_programme text,
    enrolled_on date,
    instrument text,
    instrument_version integer,
    first_assessed_on date,
    latest_assessed_on date,
    person_number text,
    name text,
    telephone text,
    email text,
    language text,
    needs_interpreter boolean,
    referral_reason text,
    first_scores jsonb,
    latest_scores jsonb,
    -- samverkan.placement
    placements_proposed integer not null default 0,
    placements_agreed integer not null default 0,
    placements_started integer not null default 0,
    placements_ended integer not null default 0,
    latest_started_on date,
    latest_ended_on date,
    -- samverkan.funding
    compensations_approved integer not null default 0,
    compensations_refused integer not null default 0,
    claims_submitted integer not null default 0,
    claims_credited integer not null default 0,
    claims_forfeited integer not null default 0,
    credit_decided numeric,
    credited numeric,
    forfeited numeric,
    -- samverkan.notification
    notifications_delivered integer not null default 0,
    notifications_failed integer not null default 0,
    latest_delivered_at timestamptz
);

-- placement_view.py
create table case_placement (
    placement_id uuid primary key,
    case_id uuid,
    form text,
    starts_on date,
    ends_on date,
    extent numeric,
    parties text[] not null default '{}',
    approved_by text[] not null default '{}',
    union_opinion text,
    consulted_on date,
    agreed_on date,
    granted boolean,
    decided_on date,
    started_on date,
    last_day_on date,
    outcome text,
    employer_number text,
    employer_name text,
    workplace text,
    supervisor text,
    tasks text[] not null default '{}',
    gross_per_month numeric,
    birth_year integer
);
create index case_placement_case on case_placement (case_id, placement_id);

-- compensation_view.py
create table case_compensation (
    compensation_id uuid primary key,
    case_id uuid,
    placement_id uuid,
    form text,
    starts_on date,
    ends_on date,
    extent numeric,
    applied_on date,
    checked_on date,
    granted boolean,
    decided_on date,
    refusal_code text,
    rule_version text,
    rule_source text,
    gross_per_month numeric,
    cost_per_month numeric,
    credit_per_month numeric,
    own_cost_per_month numeric,
    credit_in_all numeric
);
create index case_compensation_case on case_compensation (case_id, compensation_id);

create table case_claim (
    claim text primary key,
    compensation_id uuid,
    case_id uuid,
    work_month date,
    received_on date,
    credit_by date,
    rule_version text,
    credited_on date,
    forfeited_on date,
    last_day_on date,
    gross_paid numeric,
    cost numeric,
    credit numeric,
    own_cost numeric,
    credited numeric,
    forfeited numeric
);
create index case_claim_case on case_claim (case_id, claim);

-- notification_view.py
create table case_notification (
    notification_id uuid primary key,
    case_id uuid,
    recipient text,
    channel text,
    template text,
    state text,
    delivered_at timestamptz
);
create index case_notification_case on case_notification (case_id, notification_id);

-- tally_view.py
create table tally (
    name text primary key,
    number integer not null default 0
);

-- migrate:down
