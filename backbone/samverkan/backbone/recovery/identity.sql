-- identity.sql (W2): which database this is. Asked once for each connection, so that what is compared with it later
-- costs nothing.
-- However a database is put back, something here changes: a data folder, a base backup or a promoted standby is another
-- start of the server (and a standby another server); a dump, or a copy made with `template`, is another database; a
-- dump restored into the same one makes its tables anew. A restart alone changes it too, and costs one comparison.
select concat_ws(
    '/',
    (select system_identifier from pg_control_system()),
    extract(epoch from pg_postmaster_start_time()),
    (select oid from pg_database where datname = current_database()),
    to_regclass('sequencer')::oid
)
