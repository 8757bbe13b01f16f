-- indexes.sql: how the indexes of the live table ($1), and the constraints that some of them serve, are made on the new
-- one ($2) under a name that stands where %NAME% does. The primary key first.
select i.relname as name,
    case when c.oid is not null
        then format('alter table %I add constraint %%NAME%% %s', $2::text, pg_get_constraintdef(c.oid))
        else format('create %sindex %%NAME%% on %I%s', case when x.indisunique then 'unique ' else '' end, $2::text,
            substring(pg_get_indexdef(x.indexrelid) from ' USING .*$'))
    end as made,
    c.oid is not null as is_constraint,
    x.indisprimary as is_primary
from pg_index as x
join pg_class as i on i.oid = x.indexrelid
left join pg_constraint as c on c.conindid = x.indexrelid and c.conrelid = x.indrelid and c.contype in ('p', 'u', 'x')
where x.indrelid = $1::text::regclass
order by x.indisprimary desc, i.relname
