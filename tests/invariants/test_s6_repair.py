"""S6: an operator lists, tries again, skips and acknowledges, beside a running subscription and without its code."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from counters import Tallies, Tally
from records import Raw, placed, raw
from samverkan.backbone.clock import SystemClock
from samverkan.backbone.database import Pool
from samverkan.backbone.errors import Refused
from samverkan.backbone.parking.repairs import Because, Repairs
from samverkan.backbone.parking.standing import read_standing, read_stream
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.status import read_state, troubles
from samverkan.schemas.envelope import Requirement
from samverkan.schemas.participant import ConsentGiven
from scale import scaled
from world import Follower, World, topic_named

TOPIC = topic_named("samverkan.participant.s6")
OTHER = topic_named("samverkan.placement.s6", owner="placement")
WHY = Because("drift-7", "wrong by the sender's own words")
SOON = timedelta(minutes=1)


class Mended(Tallies):
    """The same view in a release that can take what was poison before."""

    def fold(self, row: Tally, recorded: Recorded) -> Tally:
        event = recorded.event
        if isinstance(event, ConsentGiven) and event.purpose == "poison":
            return super().fold(
                row, Recorded(recorded.topic, recorded.envelope, event.model_copy(update={"purpose": "was"}))
            )
        return super().fold(row, recorded)


def repairs_of(follower: Follower) -> Repairs:
    return Repairs(follower.pool, follower.name, SystemClock())


def poisoned(stream_id: UUID, *, versions: int = 4, start: int = 0) -> list[Raw]:
    """A stream whose second event no fold can take."""
    return [
        raw(TOPIC, stream_id, version, start + version, purpose="poison" if version == 2 else "test")
        for version in range(1, versions + 1)
    ]


async def code_of(call: Any) -> str:
    with pytest.raises(Refused) as refused:
        await call
    return refused.value.code


async def test_s6_a_skipped_event_is_kept_and_not_folded_and_what_queued_behind_it_goes_on(world: World) -> None:
    async with world.store() as pool:
        follower, bad = Follower(pool, [TOPIC]), uuid4()
        await follower.applier.apply(placed(TOPIC, poisoned(bad)))
        skipped = await repairs_of(follower).skip(bad, 2, WHY)
        assert (skipped.version, skipped.code, skipped.queued) == (2, "fold-raised", 2)
        applied = await follower.applier.retry_due()
        assert applied is not None and [event.version for event in applied.events] == [3, 4]
        assert await follower.tallies() == {bad: (1, 3, 4)}
        kept = await pool.fetch("select version, skipped from kept_event order by version")
        assert [tuple(row) for row in kept] == [(1, False), (2, True), (3, False), (4, False)]
        assert await pool.fetchval("select count(*) from held_stream") == 0
        assert await pool.fetchval("select count(*) from held_event") == 0
        assert await follower.applier.retry_due() is None


async def test_s6_a_skip_tells_who_why_when_and_which_bytes_and_is_never_changed(world: World) -> None:
    async with world.store() as pool:
        follower, bad = Follower(pool, [TOPIC]), uuid4()
        records = placed(TOPIC, poisoned(bad))
        await follower.applier.apply(records)
        await repairs_of(follower).skip(bad, 2, WHY)
        (row,) = await pool.fetch("select * from repair")
        assert (row["action"], row["repaired_by"], row["reason"], row["code"]) == (
            "skip",
            WHY.by,
            WHY.reason,
            "fold-raised",
        )
        assert (row["topic"], row["partition"], row["kafka_offset"]) == (TOPIC.name, 0, 1)
        assert (row["stream_id"], row["version"], row["leaf"]) == (bad, 2, records[1].leaf)
        assert datetime.now(UTC) - row["repaired_at"] < SOON
        for statement in ("update repair set reason = 'another'", "delete from repair", "truncate repair"):
            with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError):
                await pool.execute(statement)


async def test_s5_a_skip_wakes_who_required_the_skipped_event(world: World) -> None:
    async with world.store() as pool:
        follower, bad, waiting = Follower(pool, [TOPIC, OTHER]), uuid4(), uuid4()
        await follower.applier.apply(placed(TOPIC, poisoned(bad, versions=2)))
        dependant = raw(OTHER, waiting, 1, 0, requires=[Requirement(TOPIC.name, bad, 2)])
        await follower.applier.apply(placed(OTHER, [dependant]))
        await repairs_of(follower).skip(bad, 2, WHY)
        await follower.applier.retry_due()
        assert await follower.tallies() == {bad: (1,), waiting: (1,)}
        assert await pool.fetchval("select count(*) from held_stream") == 0


async def test_s6_after_a_skip_the_next_bad_event_parks_the_stream_again(world: World) -> None:
    async with world.store() as pool:
        follower, bad = Follower(pool, [TOPIC]), uuid4()
        log = [*poisoned(bad, versions=2), raw(TOPIC, bad, 3, 3, purpose="poison"), raw(TOPIC, bad, 4, 4)]
        await follower.applier.apply(placed(TOPIC, log))
        await repairs_of(follower).skip(bad, 2, WHY)
        applied = await follower.applier.retry_due()
        assert applied is not None and {hold.version for hold in applied.parked.values()} == {3}
        await repairs_of(follower).skip(bad, 3, WHY)
        await follower.applier.retry_due()
        assert await follower.tallies() == {bad: (1, 4)}


async def test_s6_what_waits_behind_a_skipped_event_for_something_else_is_not_asked_again_by_a_clock(
    world: World,
) -> None:
    async with world.store() as pool:
        follower, bad, later = Follower(pool, [TOPIC, OTHER]), uuid4(), uuid4()
        third = raw(TOPIC, bad, 3, 3, requires=[Requirement(OTHER.name, later, 1)])
        await follower.applier.apply(placed(TOPIC, [*poisoned(bad, versions=2), third]))
        await repairs_of(follower).skip(bad, 2, WHY)
        await follower.applier.retry_due()
        (hold,) = await pool.fetch("select reason, version, retry_at from held_stream")
        assert tuple(hold) == ("requires", 3, None)
        await follower.applier.apply(placed(OTHER, [raw(OTHER, later, 1, 0)]))
        assert (await follower.tallies())[bad] == (1, 3)


async def test_s6_a_skip_and_a_retry_that_succeeds_exclude_each_other(world: World) -> None:
    """Whoever is first wins; the other finds nothing to do. Never both, whatever the interleaving."""
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC])
        bad = [uuid4() for _ in range(scaled(15))]
        log = [record for number, stream in enumerate(bad) for record in poisoned(stream, start=number * 10)]
        await follower.applier.apply(placed(TOPIC, log))
        mended = Follower(pool, [TOPIC], name=follower.name, views=[Mended()])

        async def skip(stream: UUID, delay: float) -> str:
            await asyncio.sleep(delay)
            try:
                await repairs_of(follower).skip(stream, 2, WHY)
            except Refused as refused:
                return refused.code
            return "skipped"

        outcomes = {}
        for number, stream in enumerate(bad):
            outcome, _ = await asyncio.gather(skip(stream, (number % 5) * 0.002), mended.applier.retry([stream]))
            outcomes[stream] = outcome
        while await mended.applier.retry_due() is not None:
            pass
        assert set(outcomes.values()) <= {"skipped", "not-parked"}
        folded = {"skipped": (1, 3, 4), "not-parked": (1, 2, 3, 4)}
        assert await follower.tallies() == {stream: folded[outcome] for stream, outcome in outcomes.items()}
        left_out = await pool.fetch("select stream_id from kept_event where skipped")
        assert {row["stream_id"] for row in left_out} == {s for s, o in outcomes.items() if o == "skipped"}


async def test_s6_what_cannot_be_skipped_is_refused_and_nothing_is_changed(world: World) -> None:
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC, OTHER])
        repairs = repairs_of(follower)
        bad, hole, waits, forked = uuid4(), uuid4(), uuid4(), uuid4()
        log = [
            *poisoned(bad),
            raw(TOPIC, hole, 2, 10),
            raw(TOPIC, waits, 1, 11, requires=[Requirement(OTHER.name, uuid4(), 1)]),
            raw(TOPIC, forked, 1, 12),
            raw(TOPIC, forked, 1, 12, seed="another"),
        ]
        await follower.applier.apply(placed(TOPIC, log))
        before = await pool.fetch("select * from held_stream order by stream_id")
        assert await code_of(repairs.skip(bad, 1, WHY)) == "not-parked-there"
        assert await code_of(repairs.skip(bad, 3, WHY)) == "not-parked-there"
        assert await code_of(repairs.skip(hole, 1, WHY)) == "hole-not-skipped"
        assert await code_of(repairs.skip(waits, 1, WHY)) == "waiting-not-skipped"
        assert await code_of(repairs.skip(forked, 1, WHY)) == "fork-not-skipped"
        assert await code_of(repairs.skip(uuid4(), 1, WHY)) == "not-parked"
        assert await code_of(repairs.skip(bad, 2, Because("drift-7", "  \n"))) == "repair-reason-missing"
        assert await code_of(repairs.skip(bad, 2, Because("drift-7", "x" * 1001))) == "repair-reason-missing"
        assert await code_of(repairs.skip(bad, 2, Because(" ", "why"))) == "name-missing"
        told = Because("drift-7", "the event of 19991228-2382")
        assert await code_of(repairs.skip(bad, 2, told)) == "reason-tells-of-a-person"
        assert await pool.fetch("select * from held_stream order by stream_id") == before
        assert await pool.fetchval("select count(*) from repair") == 0


async def test_s6_an_event_whose_log_index_is_anothers_is_a_fork_and_not_skipped(world: World) -> None:
    async with world.store() as pool:
        follower, good, bad = Follower(pool, [TOPIC]), uuid4(), uuid4()
        poison = raw(TOPIC, bad, 1, 5, purpose="poison")
        await follower.applier.apply(placed(TOPIC, [raw(TOPIC, good, 1, 5), poison]))
        assert await code_of(repairs_of(follower).skip(bad, 1, WHY)) == "fork-not-skipped"
        assert await pool.fetchval("select count(*) from held_event") == 1


async def test_s6_a_retry_makes_parked_streams_due_and_only_those(world: World) -> None:
    async with world.store() as pool:
        follower, (first, second, hole) = Follower(pool, [TOPIC]), (uuid4() for _ in range(3))
        log = [*poisoned(first), *poisoned(second, start=10), raw(TOPIC, hole, 2, 20)]
        await follower.applier.apply(placed(TOPIC, log))
        mended = Follower(pool, [TOPIC], name=follower.name, views=[Mended()])
        assert await mended.applier.retry_due() is None, "their time has not come"
        assert await code_of(repairs_of(follower).retry([hole], WHY)) == "not-parked"
        assert await code_of(repairs_of(follower).retry([first, uuid4()], WHY)) == "not-parked"
        assert await mended.applier.retry_due() is None, "a refused retry does nothing"
        (retried,) = await repairs_of(follower).retry([first], Because("drift-7"))
        assert (retried.stream_id, retried.version) == (first, 2)
        await mended.applier.retry_due()
        assert (await follower.tallies())[first] == (1, 2, 3, 4)
        assert [one.stream_id for one in await repairs_of(follower).retry(None, Because("drift-7"))] == [second]
        await mended.applier.retry_due()
        assert (await follower.tallies())[second] == (1, 2, 3, 4)
        noted = await pool.fetch("select action, stream_id from repair order by number")
        assert [tuple(row) for row in noted] == [("retry", first), ("retry", second)]


async def test_w3_a_fork_alarms_until_acknowledged_and_only_then_its_stream_goes_on(world: World) -> None:
    async with world.store() as pool:
        follower, forked = Follower(pool, [TOPIC]), uuid4()
        log = [raw(TOPIC, forked, 1, 1), raw(TOPIC, forked, 1, 1, seed="another"), raw(TOPIC, forked, 2, 2)]
        await follower.applier.apply(placed(TOPIC, log))
        repairs = repairs_of(follower)
        assert await told_of(pool) == [
            "1 forks: another event stands at a place that was taken",
            "1 streams are parked",
        ]
        assert await code_of(repairs.retry([forked], WHY)) == "fork-not-acknowledged"
        assert list(await repairs.retry(None, WHY)) == []
        assert (await repairs.acknowledge(TOPIC.name, 0, 1, WHY)).code == "fork"
        assert await told_of(pool) == ["1 streams are parked"]
        await repairs.retry([forked], WHY)
        await follower.applier.retry_due()
        assert await follower.tallies() == {forked: (1, 2)}
        assert await told_of(pool) == []
        assert await pool.fetchval("select count(*) from fork") == 1, "the evidence stays"
        (fork,) = (await read_standing(pool, everything=True)).forks
        assert (fork.acknowledged_by, fork.reason, fork.stream_id) == (WHY.by, WHY.reason, forked)


async def test_s6_a_rejected_record_alarms_until_acknowledged_and_stays_listed(world: World) -> None:
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC])
        await follower.applier.apply(placed(TOPIC, [raw(TOPIC, uuid4(), 1, 1).without("subject")]))
        repairs = repairs_of(follower)
        assert await told_of(pool) == ["1 records were rejected"]
        assert await code_of(repairs.acknowledge(TOPIC.name, 0, 7, WHY)) == "record-unknown"
        assert await code_of(repairs.acknowledge(TOPIC.name, 0, 0, Because("drift-7"))) == "repair-reason-missing"
        await repairs.acknowledge(TOPIC.name, 0, 0, WHY)
        assert await told_of(pool) == []
        assert await code_of(repairs.acknowledge(TOPIC.name, 0, 0, WHY)) == "acknowledged-before"
        assert (await read_standing(pool)).rejected == ()
        (record,) = (await read_standing(pool, everything=True)).rejected
        assert (record.offset, record.acknowledged_by) == (0, WHY.by)
        assert await pool.fetchval("select count(*) from rejected_record") == 1


async def test_s6_a_stream_is_shown_with_its_event_its_queue_and_its_past_and_nothing_of_a_payload(
    world: World,
) -> None:
    async with world.store() as pool:
        follower, bad, waiting = Follower(pool, [TOPIC, OTHER]), uuid4(), uuid4()
        records = placed(TOPIC, poisoned(bad, versions=40))
        await follower.applier.apply(records)
        dependant = raw(OTHER, waiting, 1, 0, requires=[Requirement(TOPIC.name, bad, 2)])
        await follower.applier.apply(placed(OTHER, [dependant]))
        await repairs_of(follower).retry([bad], Because("drift-7", "after the new release"))
        await follower.applier.retry_due()
        shown = await read_stream(pool, bad)
        assert shown.stream is not None and shown.event is not None
        assert (shown.head, shown.stream.version, shown.stream.attempts, shown.stream.queued) == (1, 2, 1, 39)
        assert (shown.event.type, shown.event.offset, shown.event.log_index, shown.event.leaf) == (
            ConsentGiven.wire_type(),
            1,
            2,
            records[1].leaf.hex(),
        )
        assert [event.version for event in shown.behind] == list(range(3, 23))
        assert shown.waits_for_it == 1
        assert [(one.action, one.reason) for one in shown.history] == [("retry", "after the new release")]
        assert "poison" not in repr(shown), "what the event says stays where it is"
        assert await code_of(read_stream(pool, uuid4())) == "not-found"


async def test_s6_a_stretch_of_rejected_records_is_acknowledged_at_once_and_forks_are_not(world: World) -> None:
    async with world.store() as pool:
        follower, forked = Follower(pool, [TOPIC]), uuid4()
        bad = [raw(TOPIC, uuid4(), 1, n).without("subject") for n in range(8)]
        fork = [raw(TOPIC, forked, 1, 20), raw(TOPIC, forked, 1, 20, seed="another")]
        await follower.applier.apply(placed(TOPIC, [*bad[:4], *fork, *bad[4:]]))
        repairs = repairs_of(follower)
        await repairs.acknowledge(TOPIC.name, 0, 2, WHY)
        assert await repairs.acknowledge_rejected(TOPIC.name, 0, 1, 8, WHY) == 5
        assert await code_of(repairs.acknowledge_rejected(TOPIC.name, 0, 1, 8, WHY)) == "record-unknown"
        standing = await read_standing(pool)
        assert [record.offset for record in standing.rejected] == [0, 9]
        assert [one.offset for one in standing.forks] == [5]


async def told_of(pool: Pool) -> list[str]:
    async with pool.acquire() as connection:
        return list(troubles(await read_state(connection, owns_topic=False)))
