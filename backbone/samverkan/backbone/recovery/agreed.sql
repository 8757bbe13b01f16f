-- agreed.sql (W2): log and topic agree; whoever is connected to the database of this name may decide.
update recovery
set compared_with = $1,
    compared_at = $2,
    state = 'agreed',
    code = null,
    detail = '',
    since = case when state = 'agreed' and compared_with = $1 then since else now() end,
    republished = republished + $3
