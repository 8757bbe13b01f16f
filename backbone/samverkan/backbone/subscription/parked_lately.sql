-- parked_lately.sql (S4): how many streams were parked since then, and how many streams there are at all.
select
    (select count(*) from held_stream where reason = 'parked' and since > $1) as parked,
    (select count(*) from head) as streams
