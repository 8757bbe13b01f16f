-- say.sql (W2): the service is read-only from this commit on, in all its replicas, and says why. The last difference is
-- kept until log and topic agree: one that is found again raises no second alarm.
update recovery
set compared_with = null,
    state = $1,
    code = coalesce($2, code),
    detail = case when $2::text is null then detail else $3 end,
    done = 0,
    "of" = $4,
    since = now()
