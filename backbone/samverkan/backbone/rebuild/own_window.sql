-- own_window.sql: our own events between two log indexes. What a relay has numbered was committed, and stays in order.
select l.logindex, j.*
from log as l join journal as j on j.position = l.position
where l.logindex > $1 and l.logindex <= $2
order by l.logindex
