-- migrate:up
-- What time used is counted from: granted supports by case, and whose workplaces they were at.
create table support (
    compensation_id uuid primary key,
    case_id uuid,
    placement_id uuid,
    form text,
    starts_on date,
    ends_on date,
    decided_on date
);
create index support_case on support (case_id, compensation_id);

create table placement_employer (
    placement_id uuid primary key,
    employer_number text
);

-- migrate:down
