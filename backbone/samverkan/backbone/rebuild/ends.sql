-- ends.sql: how far kept events and our own log go. Exact while the subscription's row is locked: only who holds it
-- takes numbers of kept events. The log ends where the relay would number next.
select
    coalesce(pg_sequence_last_value(pg_get_serial_sequence('kept_event', 'applied_order')::regclass), 0) as kept,
    (select next - 1 from sequencer) as own
