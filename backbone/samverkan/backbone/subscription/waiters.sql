-- waiters.sql (S5): streams that wait for a version of one of these.
select distinct stream_id from held_requirement where on_stream = any($1::uuid[])
