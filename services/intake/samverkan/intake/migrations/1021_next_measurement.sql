-- migrate:up
-- What a case's course does to its next measurement (measurement_view.py): owned by samverkan.participant.

alter table next_measurement
    add column next_occasion text,
    add column paused boolean not null default false,
    add column closing_since date,
    add column closing_on date;

-- migrate:down
