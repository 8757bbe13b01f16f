-- migrate:up
-- What became of decisions and of claimed months after their credit. Amounts are kronor.
create table case_decision_life (
    compensation_id uuid primary key,
    case_id uuid,
    change_needed_from date,
    amended_on date,
    amended_from date,
    amended_extent numeric,
    amended_end date,
    revoked_from date,
    expired_on date,
    review_by date,
    review_requested_on date,
    reviewed_on date,
    review_outcome text,
    appealed_on date,
    judged_on date,
    appeal_outcome text
);
create index case_decision_life_case on case_decision_life (case_id, compensation_id);

create table case_settlement (
    claim text primary key,
    compensation_id uuid,
    case_id uuid,
    work_month date,
    needs_correction text,
    corrected_on date,
    correction_cause text,
    answer_by date,
    answered_on date,
    recovery_on date,
    waived_on date,
    reopened_on date,
    corrected_credit numeric,
    asked_back numeric,
    settled numeric
);
create index case_settlement_case on case_settlement (case_id, claim);

-- migrate:down
