-- state.sql (W2): whether this database was compared, and which one it is at this moment: a session that lives through
-- a restore of a dump into its own database finds another name here than it began with.
select compared_with, state, code, detail, done, "of", since, taken_back, wanted_at, held_by
from recovery
