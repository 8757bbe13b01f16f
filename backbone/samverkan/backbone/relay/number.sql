-- number.sql (J2): stores log index, position and leaf before anything is sent, so that a resend carries the same
-- number and the same bytes.
insert into log (logindex, position, leaf)
select * from unnest($1::bigint[], $2::bigint[], $3::bytea[])
