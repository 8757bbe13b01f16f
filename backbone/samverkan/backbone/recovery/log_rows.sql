-- log_rows.sql (W2): rows of the log in its order, with where their records stand. The lateral join keeps the plan on
-- the journal's index whatever the statistics say.
select l.logindex, j.partition
from (select logindex, position from log where logindex >= $1 order by logindex limit $2) as l
cross join lateral (select partition from journal where position = l.position limit 1) as j
order by l.logindex
