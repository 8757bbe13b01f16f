-- cannot_carry_over.sql: what hangs on the live table and would not come along. $1: its name.
with live as (select $1::text::regclass as oid)
select 'a trigger, ' || t.tgname as what from pg_trigger as t, live where t.tgrelid = live.oid and not t.tgisinternal
union all
select 'a foreign key, ' || c.conname from pg_constraint as c, live
where c.contype = 'f' and live.oid in (c.conrelid, c.confrelid)
union all
select 'a policy or row level security' from pg_class as c, live
where c.oid = live.oid and (c.relrowsecurity or c.relforcerowsecurity)
union all
select 'a rule or a view upon it, ' || r.ev_class::regclass::text
from pg_depend as d join pg_rewrite as r on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid, live
where d.refclassid = 'pg_class'::regclass and d.refobjid = live.oid
union all
select 'inheritance or partitions' from pg_inherits as i, live where live.oid in (i.inhrelid, i.inhparent)
union all
select 'an identity or serial column, ' || a.attname from pg_attribute as a, live
where a.attrelid = live.oid and a.attnum > 0 and not a.attisdropped
  and (a.attidentity <> '' or pg_get_serial_sequence($1::text, a.attname::text) is not null)
union all
select 'a publication' from pg_publication_rel as p, live where p.prrelid = live.oid
