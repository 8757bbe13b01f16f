-- sweep.sql: forget what was settled long ago. A day is longer than any replica reads a row and then claims it.
delete from delivery_attempt where settled_at < now() - interval '1 day'
