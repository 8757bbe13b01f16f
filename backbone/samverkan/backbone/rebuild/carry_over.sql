-- carry_over.sql: the statements that give the new table ($2) owner, comment, storage parameters and the grants of the
-- live one ($1), for columns too. Grants that default privileges gave it are taken away first.
with live as (select c.* from pg_class as c where c.oid = $1::text::regclass),
     made as (select c.* from pg_class as c where c.oid = $2::text::regclass),
acl as (
    select e.grantee, e.privilege_type, e.is_grantable, null::name as attname
    from live, aclexplode(live.relacl) as e
    union all
    select e.grantee, e.privilege_type, e.is_grantable, a.attname
    from live join pg_attribute as a on a.attrelid = live.oid and a.attnum > 0, aclexplode(a.attacl) as e
),
statements as (
    select 1 as step, format('alter table %I owner to %I', made.relname, r.rolname) as statement
    from made, live join pg_roles as r on r.oid = live.relowner
    union all
    select 2, format('alter table %I set (%s)', made.relname, array_to_string(live.reloptions, ', '))
    from made, live where live.reloptions is not null
    union all
    select 2, format('comment on table %I is %L', made.relname, obj_description(live.oid, 'pg_class'))
    from made, live where obj_description(live.oid, 'pg_class') is not null
    union all
    select 3, format('revoke all on %I from %s', made.relname, case when e.grantee = 0 then 'public'
        else quote_ident(e.grantee::regrole::text) end)
    from made, aclexplode(made.relacl) as e
    union all
    select 3, format('revoke all on %I from %I', made.relname, r.rolname)
    from made, live join pg_roles as r on r.oid = live.relowner where live.relacl is not null
    union all
    select 4, format('grant %s%s on %I to %s%s', acl.privilege_type, format(' (%I)', acl.attname), made.relname,
        case when acl.grantee = 0 then 'public' else quote_ident(r.rolname) end,
        case when acl.is_grantable then ' with grant option' else '' end)
    from made, acl left join pg_roles as r on r.oid = acl.grantee where acl.attname is not null
    union all
    select 4, format('grant %s on %I to %s%s', acl.privilege_type, made.relname,
        case when acl.grantee = 0 then 'public' else quote_ident(r.rolname) end,
        case when acl.is_grantable then ' with grant option' else '' end)
    from made, acl left join pg_roles as r on r.oid = acl.grantee where acl.attname is null
)
select statement from statements order by step
