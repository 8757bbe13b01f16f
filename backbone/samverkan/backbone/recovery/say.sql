-- say.sql (W2): the service is read-only from this commit on, in all its replicas, and says why.
update recovery
set compared_with = null, state = $1, code = $2, detail = $3, done = 0, "of" = $4, since = now()
