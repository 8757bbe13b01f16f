"""S3: a version is applied once and in order; a repeat is dropped, a hole waits."""

from uuid import uuid4

from records import placed, raw, streams
from samverkan.schemas.entry import leaf_hash, read_entry
from scale import scaled, seeded
from verdicts import applied_once
from world import Follower, World, topic_named

TOPIC = topic_named("samverkan.participant.s3")


async def test_s3_a_repeat_at_a_later_offset_is_dropped_and_counted(world: World) -> None:
    async with world.store() as pool:
        follower, ids = Follower(pool, [TOPIC]), [uuid4() for _ in range(3)]
        log = streams(TOPIC, ids, 4)
        applied = await follower.applier.apply(placed(TOPIC, [*log, *log[3:]]))
        assert (len(applied.events), applied.repeats, applied.forks) == (12, 9, [])
        applied = await follower.applier.apply(placed(TOPIC, log, start=21))
        assert (len(applied.events), applied.repeats) == (0, 12)
        await applied_once(pool, dict.fromkeys(ids, 4))


async def test_s3_a_hole_waits_and_is_filled_in_order(world: World) -> None:
    async with world.store() as pool:
        follower, stream, other = Follower(pool, [TOPIC]), uuid4(), uuid4()
        of = [raw(TOPIC, stream, version, version) for version in range(1, 6)]
        applied = await follower.applier.apply(placed(TOPIC, [of[0], of[2], of[4], raw(TOPIC, other, 1, 9)]))
        assert [(event.stream_id, event.version) for event in applied.events] == [(stream, 1), (other, 1)]
        (held,) = await pool.fetch("select reason, version, code, retry_at from held_stream")
        assert tuple(held) == ("hole", 2, "version-missing", None)
        applied = await follower.applier.apply(placed(TOPIC, [of[3]], start=4))
        assert applied.events == []
        applied = await follower.applier.apply(placed(TOPIC, [of[1]], start=5))
        assert [event.version for event in applied.events] == [2, 3, 4, 5]
        await applied_once(pool, {stream: 5, other: 1})


async def test_s3_a_repeat_of_a_waiting_event_is_dropped(world: World) -> None:
    async with world.store() as pool:
        follower, stream = Follower(pool, [TOPIC]), uuid4()
        of = [raw(TOPIC, stream, version, version) for version in range(1, 4)]
        await follower.applier.apply(placed(TOPIC, [of[2]]))
        applied = await follower.applier.apply(placed(TOPIC, [of[2], of[0], of[1]], start=1))
        assert (applied.repeats, [event.version for event in applied.events]) == (1, [1, 2, 3])
        await applied_once(pool, {stream: 3})


async def test_s3_any_order_of_arrival_in_any_batches_ends_the_same(world: World) -> None:
    async with world.store() as pool:
        random = seeded(3)
        for _ in range(scaled(4)):
            follower, ids = Follower(pool, [TOPIC]), [uuid4() for _ in range(4)]
            await pool.execute("truncate kept_event, head, subscription_offset, tally")
            log = streams(TOPIC, ids, 6)
            arriving = [*log, *random.sample(log, 8)]
            random.shuffle(arriving)
            records = placed(TOPIC, arriving)
            while records:
                size = random.randint(1, 9)
                await follower.applier.apply(records[:size])
                records = records[size:]
            await applied_once(pool, dict.fromkeys(ids, 6))


async def test_s3_a_batch_of_events_of_500_streams_is_one_transaction(world: World) -> None:
    async with world.store() as pool:
        follower, ids = Follower(pool, [TOPIC]), [uuid4() for _ in range(500)]
        applied = await follower.applier.apply(placed(TOPIC, streams(TOPIC, ids, 4)))
        assert len(applied.events) == 2000
        assert await pool.fetchval("select count(distinct xmin::text) from kept_event") == 1
        await applied_once(pool, dict.fromkeys(ids, 4))


async def test_s3_what_was_applied_is_kept_byte_for_byte(world: World) -> None:
    """An auditor computes the leaf again from what was kept, whatever form of an instant the writer chose."""
    async with world.store() as pool:
        follower, stream = Follower(pool, [TOPIC]), uuid4()
        odd = raw(TOPIC, stream, 1, 0).having("time", b"2026-03-02T10:00:00+01:00").having("note", "å".encode())
        early = raw(TOPIC, stream, 3, 2).having("recordedtime", b"2026-03-02T10:00:00.5+01:00")
        await follower.applier.apply(placed(TOPIC, [odd, early, raw(TOPIC, stream, 2, 1)]))
        rows = await pool.fetch("select entry, leaf from kept_event order by version")
        assert len(rows) == 3
        assert all(leaf_hash(*read_entry(row["entry"])) == row["leaf"] for row in rows)
