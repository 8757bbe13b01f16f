-- parked_lately.sql (S4): how many streams were parked since then that may speak against this release, and how many
-- streams there are at all. A stream of which nothing was ever applied here, parked for what its writer sent, does not
-- count: else whoever may write to a topic halts all its readers with two dozen streams that he invents.
select
    (
        select count(*)
        from held_stream as h
        where h.reason = 'parked' and h.since > $1 and (
            h.code not in (
                'payload-invalid', 'payload-too-large', 'event-type-unknown', 'event-type-not-in-topic',
                'requires-too-many', 'fork'
            )
            or exists (select from head where head.stream_id = h.stream_id)
        )
    ) as parked,
    (select count(*) from head) as streams
