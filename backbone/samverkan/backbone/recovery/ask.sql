-- ask.sql (W2): how far log and topic are known to agree, for whoever looks from outside.
-- `of` and `open` as the service's own keeper sees them: the database must be the one that was compared.
select
    r.state,
    coalesce(r.compared_with = concat_ws(
        '/',
        (select system_identifier from pg_control_system()),
        extract(epoch from pg_postmaster_start_time()),
        (select oid from pg_database where datname = current_database()),
        to_regclass('sequencer')::oid
    ), false) as open,
    coalesce(s.holder is not null and s.held_until > now(), false) as led,
    r.code,
    r.detail,
    r.done,
    r."of",
    r.since,
    r.compared_at,
    r.taken_back,
    r.republished,
    r.held_by
from recovery as r
cross join sequencer as s
