-- heed.sql (W2): asked every second by a relay that sends: is this still what was compared, and does an operator ask?
select s.cursor, r.compared_with, coalesce(r.wanted_at > r.compared_at, false) or r.held_by is not null as asked
from sequencer as s cross join recovery as r
