-- migrate:up
-- What becomes of a compensation after its decision, and of a claim after its credit. Kronor without scale.

alter table compensation
    add column employer_number text,
    add column extends uuid,
    add column bank_ground text,
    add column decided_end date,
    add column ends_month date,
    add column amended_on date,
    add column change_needed_from date,
    add column waits_for text,
    add column revoked_from date,
    add column expired_on date,
    add column ended_on date,
    add column employer_until date,
    add column participant_until date,
    add column review_requested_on date,
    add column reviewed_on date,
    add column review_outcome text,
    add column appealed_on date,
    add column judged_on date,
    add column appeal_outcome text;
create index compensation_employer on compensation (employer_number, compensation_id);
create index compensation_ends_month on compensation (ends_month, compensation_id);

-- The longer time that a placement's parties agreed on; every column is placement's.
alter table agreed_placement
    add column extended_from date,
    add column extended_until date,
    add column extended_extent numeric,
    add column extended_gross numeric;

alter table claim
    add column part integer not null default 0,
    add column order_id uuid,
    add column paid numeric not null default 0,
    add column due numeric not null default 0,
    add column withheld numeric not null default 0,
    add column excess numeric not null default 0,
    add column recovered numeric not null default 0,
    add column waived numeric not null default 0,
    add column reserved numeric not null default 0,
    add column needs_correction text,
    add column corrected_on date,
    add column hearing_answer_by date,
    add column hearing_answered_on date,
    add column recovery_on date,
    add column instalments_rate numeric,
    add column set_off boolean not null default false,
    add column forfeited boolean not null default false,
    add column calculated boolean not null default false;
create index claim_state on claim (state, claim);

-- Set-offs between two months: what each side has said. The worker (errands.py) carries on what is not done.
create table set_off (
    set_off_id uuid primary key,
    compensation_id uuid,
    work_month date,
    from_compensation uuid,
    from_month date,
    reserved numeric,
    withheld numeric,
    declined_code text,
    state text
);
create index set_off_state on set_off (state, set_off_id);

-- Double entry: every amount of every event, debit above 0 and credit below. The key is <compensation>/<version>/<n>.
create table compensation_entry (
    entry text primary key,
    compensation_id uuid,
    case_id uuid,
    version integer,
    event_id uuid,
    event_type text,
    posted_on date,
    work_month date,
    account text,
    amount numeric not null default 0
);
create index compensation_entry_compensation on compensation_entry (compensation_id, entry);

-- Orders to Skatteverket, and the claims that were taken into them: a line is in one order.
create table credit_order (
    order_id uuid primary key,
    version integer not null default 0,
    state text,
    credit_by date,
    opened_on date,
    closed_on date,
    claims text[],
    count integer,
    total numeric,
    left_out text[]
);
create index credit_order_state on credit_order (state, order_id);

create table credit_order_line (
    line text primary key,
    order_id uuid,
    compensation_id uuid,
    work_month date,
    part integer,
    way text,
    amount numeric
);
create index credit_order_line_order on credit_order_line (order_id, line);

-- What an employer saw arrive, by compensation and work month.
create table payment_seen (
    month text primary key,
    compensation_id uuid,
    work_month date,
    received numeric not null default 0,
    lines integer not null default 0,
    last_booked_on date
);
create index payment_seen_compensation on payment_seen (compensation_id, month);

-- migrate:down
