-- ask.sql (W2): how far log and topic are known to agree, for whoever looks from outside.
select
    r.compared_with,
    r.state,
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
