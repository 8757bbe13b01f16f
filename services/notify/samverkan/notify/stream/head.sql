-- head.sql: the last log index that was given, -1 before the first.
select coalesce(max(logindex), -1) from log
