-- own_unnumbered.sql: our own events that are committed and that no relay has numbered yet. Under a lock that keeps
-- commands out, or in a snapshot, they are the rest: position order respects stream order (J2).
select null::bigint as logindex, j.*
from unsequenced as u join journal as j on j.position = u.position
order by u.position
