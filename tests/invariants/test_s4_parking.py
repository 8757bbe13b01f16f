"""S4 and S6: one bad stream never stops the others; it queues, is tried again, and drains in order when mended."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from counters import Tallies, Tally, followed, on_consent_given
from records import Raw, placed, raw, streams
from samverkan.backbone.database import Pool
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Transient
from samverkan.backbone.parking.policy import ParkingLimit, RetryPolicy
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.subscription import store
from samverkan.backbone.subscription.apply import Halted
from samverkan.backbone.subscription.batch import Batches
from samverkan.schemas.participant import ConsentGiven
from verdicts import applied_once, offsets
from world import Follower, World, topic_named

TOPIC = topic_named("samverkan.participant.s4")
OWN = topic_named("samverkan.placement.s4", owner="placement")

BAD = uuid4()

# What is wrong with version 2 of the stream, and the code that says so.
PERMANENT: dict[str, tuple[Raw, str]] = {
    "a fold that raises": (raw(TOPIC, BAD, 2, 2, purpose="poison"), "fold-raised"),
    "a constraint that refuses": (raw(TOPIC, BAD, 2, 2, purpose="constraint"), "database-refused"),
    "broken JSON": (replace(raw(TOPIC, BAD, 2, 2), value=b'{"agency": '), "payload-invalid"),
    "not JSON at all": (replace(raw(TOPIC, BAD, 2, 2), value=b"\xff\xfe\x00"), "payload-invalid"),
    "JSON nested too deep": (replace(raw(TOPIC, BAD, 2, 2), value=b'{"a":' * 5000), "payload-invalid"),
    "a missing field": (replace(raw(TOPIC, BAD, 2, 2), value=b"{}"), "payload-invalid"),
    "an unknown type": (raw(TOPIC, BAD, 2, 2).having("type", b"se.samverkan.Unheard.v1"), "event-type-unknown"),
    "a type of another topic": (
        raw(TOPIC, BAD, 2, 2).having("type", b"se.samverkan.UnionConsulted.v1"),
        "event-type-not-in-topic",
    ),
    "two megabytes": (raw(TOPIC, BAD, 2, 2, purpose="x" * 2_000_000), "payload-too-large"),
}


@pytest.mark.parametrize("what", list(PERMANENT))
async def test_s4_only_the_stream_of_a_bad_event_parks_and_what_follows_it_queues(world: World, what: str) -> None:
    async with world.store() as pool:
        follower, good = Follower(pool, [TOPIC]), [uuid4() for _ in range(20)]
        record, code = PERMANENT[what]
        log = [raw(TOPIC, BAD, 1, 1), *streams(TOPIC, good, 2), record, raw(TOPIC, BAD, 3, 3)]
        log = [
            r.having("logindex", str(index).encode()) for index, r in enumerate([*log, *streams(TOPIC, good, 3)[40:]])
        ]
        applied = await follower.applier.apply(placed(TOPIC, log))
        assert {stream: (hold.version, hold.code) for stream, hold in applied.parked.items()} == {BAD: (2, code)}
        assert await follower.tallies() == {**dict.fromkeys(good, (1, 2, 3)), BAD: (1,)}
        assert await offsets(pool) == {(TOPIC.name, 0): len(log)}
        assert await queued(pool, BAD) == [2, 3]
        late = await follower.applier.apply(
            placed(TOPIC, [raw(TOPIC, BAD, 4, 900), raw(TOPIC, good[0], 4, 901)], start=len(log))
        )
        assert [event.stream_id for event in late.events] == [good[0]]
        assert late.parked == {}, "a stream is parked once"
        assert await queued(pool, BAD) == [2, 3, 4]


async def test_s4_several_events_that_the_database_refuses_are_each_found(world: World) -> None:
    async with world.store() as pool:
        follower, ids = Follower(pool, [TOPIC]), [uuid4() for _ in range(200)]
        bad = {ids[7]: 1, ids[8]: 3, ids[150]: 2}
        log: list[Raw] = []
        for version in (1, 2, 3):
            for stream in ids:
                purpose = "constraint" if bad.get(stream) == version else "test"
                log.append(raw(TOPIC, stream, version, len(log), purpose=purpose))
        applied = await follower.applier.apply(placed(TOPIC, log))
        assert {stream: hold.version for stream, hold in applied.parked.items()} == bad
        seen = await follower.tallies()
        assert {stream: seen.get(stream, ()) for stream in ids} == {
            stream: tuple(range(1, bad.get(stream, 4))) for stream in ids
        }


class Unstorable(Tallies):
    """A fold whose row the client cannot even send: a number that no column holds."""

    def fold(self, row: Tally, recorded: Recorded) -> Tally:
        folded = super().fold(row, recorded)
        return replace(folded, seen=2**70) if getattr(recorded.event, "purpose", "") == "huge" else folded


async def test_s4_a_row_that_the_client_cannot_encode_parks_only_its_stream(world: World) -> None:
    async with world.store() as pool:
        follower, good = Follower(pool, [TOPIC], views=[Unstorable()]), uuid4()
        log = [raw(TOPIC, BAD, 1, 0, purpose="huge"), raw(TOPIC, good, 1, 1)]
        applied = await follower.applier.apply(placed(TOPIC, log))
        assert applied.parked[BAD].code == "database-refused"
        assert await follower.tallies() == {good: (1,)}


def raising(recorded: Recorded) -> Iterable[Order]:
    """A reaction with a fault for one purpose."""
    if getattr(recorded.event, "purpose", "") == "raise":
        raise LookupError("191212121212")
    return on_consent_given(recorded)


async def test_s4_a_reaction_that_raises_parks_its_stream_and_leaves_no_half_of_its_work(world: World) -> None:
    async with world.store() as pool:
        follower = await reacting(pool, raising)
        bad, good = uuid4(), uuid4()
        log = [raw(TOPIC, bad, 1, 0, purpose="raise"), raw(TOPIC, good, 1, 1), raw(TOPIC, bad, 2, 2)]
        applied = await follower.applier.apply(placed(TOPIC, log))
        assert (applied.parked[bad].code, applied.parked[bad].detail) == ("fold-raised", "LookupError")
        assert [row["stream_id"] for row in await pool.fetch("select stream_id from journal")] == [followed(good)]


async def test_s4_an_own_stream_that_this_release_cannot_read_parks_only_who_decides_on_it(world: World) -> None:
    """As after going back to an older release: the newer one has written what this one does not know."""
    async with world.store() as pool:
        follower = await reacting(pool, on_consent_given)
        bad, good = uuid4(), uuid4()
        await follower.applier.apply(placed(TOPIC, [raw(TOPIC, bad, 1, 0), raw(TOPIC, good, 1, 1)]))
        await pool.execute(
            "update journal set attributes = replace(attributes::text, 'UnionConsulted.v1', 'UnionConsulted.v9')::json "
            "where stream_id = $1",
            followed(bad),
        )
        older = Follower(pool, [TOPIC], name=follower.name, owns=OWN, reactions={ConsentGiven: on_consent_given})
        applied = await older.applier.apply(placed(TOPIC, [raw(TOPIC, bad, 2, 2), raw(TOPIC, good, 2, 3)], start=2))
        assert {stream: hold.code for stream, hold in applied.parked.items()} == {bad: "event-type-unknown"}
        assert [event.stream_id for event in applied.events] == [good]


async def test_s4_what_decide_refuses_in_a_reaction_is_an_event_and_parks_nothing(world: World) -> None:
    async with world.store() as pool:
        follower, stream = await reacting(pool, on_consent_given), uuid4()
        applied = await follower.applier.apply(placed(TOPIC, [raw(TOPIC, stream, 1, 0, purpose="refuse")]))
        assert (len(applied.events), applied.refusals, applied.parked) == (1, 1, {})
        (own,) = await pool.fetch("select attributes ->> 'type' as type from journal")
        assert own["type"] == "se.samverkan.PlacementReactionRefused.v1"


async def test_s4_a_reaction_is_carried_out_once_and_in_the_transaction_of_its_cause(world: World) -> None:
    async with world.store() as pool:
        follower, ids = await reacting(pool, on_consent_given), [uuid4() for _ in range(5)]
        batch = placed(TOPIC, streams(TOPIC, ids, 3))
        await follower.applier.apply(batch[:7])
        await follower.applier.apply(batch)
        assert await pool.fetchval("select count(*) from journal") == 15
        same = await pool.fetchval(
            "select count(*) from journal as j join kept_event as k on k.version = j.version "
            "and k.xmin = j.xmin and j.attributes ->> 'causationid' = k.event_id::text"
        )
        assert same == 15


async def test_s4_a_transient_failure_undoes_the_whole_batch_and_parks_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world.store() as pool:
        follower, ids = Follower(pool, [TOPIC]), [uuid4() for _ in range(3)]
        batch = placed(TOPIC, streams(TOPIC, ids, 2))

        async def deadlock(*_: Any) -> None:
            raise asyncpg.DeadlockDetectedError("deadlock detected")

        for step in ("keep", "replace_holds", "move_offsets"):
            with monkeypatch.context() as patched:
                patched.setattr(store, step, deadlock)
                with pytest.raises(Transient):
                    await follower.applier.apply(batch)
        assert await pool.fetchval("select count(*) from held_stream") == 0
        await follower.applier.apply(batch)
        await applied_once(pool, dict.fromkeys(ids, 2))


async def test_s4_too_many_parked_streams_at_once_halt_the_subscription_and_apply_nothing(world: World) -> None:
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC], limit=ParkingLimit(at_least=5))
        log = [raw(TOPIC, uuid4(), 1, index, purpose="poison" if index < 6 else "test") for index in range(20)]
        with pytest.raises(Halted):
            await follower.applier.apply(placed(TOPIC, log))
        assert await offsets(pool) == {}
        assert await pool.fetchval("select count(*) from held_stream") == 0
        await follower.applier.apply(placed(TOPIC, log[1:]))  # five are bad data


@pytest.mark.parametrize("purpose", ["poison", "constraint"])
async def test_s4_a_bad_release_halts_after_a_few_attempts_however_large_the_batch(
    world: World, purpose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts, usual = 0, Batches._fold

    async def counted(self: Batches, *arguments: Any) -> Any:
        nonlocal attempts
        attempts += 1
        return await usual(self, *arguments)

    monkeypatch.setattr(Batches, "_fold", counted)
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC])
        log = [raw(TOPIC, uuid4(), 1, index, purpose=purpose) for index in range(2000)]
        with pytest.raises(Halted):
            await follower.applier.apply(placed(TOPIC, log))
        assert attempts < 100


async def test_s4_a_halt_stays_for_every_member_until_it_is_lifted(world: World) -> None:
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC])
        other = Follower(pool, [TOPIC], name=follower.name)
        await follower.applier.halt("21 of 30 streams")
        batch = placed(TOPIC, [raw(TOPIC, uuid4(), 1, 0)])
        for applier in (follower.applier, other.applier):
            with pytest.raises(Halted):
                await applier.apply(batch)
        await other.applier.resume()
        assert len((await follower.applier.apply(batch)).events) == 1


async def test_s6_a_mended_stream_drains_in_order_in_one_retry(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC], retry=RetryPolicy(first_seconds=0.0, jitter=0.0))
        log = [
            raw(TOPIC, BAD, version, version, purpose="poison" if version == 2 else "test") for version in range(1, 8)
        ]
        await follower.applier.apply(placed(TOPIC, log))
        assert await follower.tallies() == {BAD: (1,)}
        monkeypatch.setattr(Tallies, "fold", mended)
        applied = await follower.applier.retry_due()
        assert applied is not None and [event.version for event in applied.events] == [2, 3, 4, 5, 6, 7]
        await applied_once(pool, {BAD: 7})


async def test_s6_a_stream_that_fails_again_further_on_parks_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC], retry=RetryPolicy(first_seconds=0.0, jitter=0.0))
        purposes = ["test", "poison", "test", "constraint", "test"]
        log = [raw(TOPIC, BAD, version, version, purpose=purpose) for version, purpose in enumerate(purposes, 1)]
        await follower.applier.apply(placed(TOPIC, log))
        monkeypatch.setattr(Tallies, "fold", mended)
        applied = await follower.applier.retry_due()
        assert applied is not None and applied.parked[BAD].version == 4
        assert await follower.tallies() == {BAD: (1, 2, 3)}
        assert await queued(pool, BAD) == [4, 5]


async def test_s6_retries_back_off_exponentially_and_keep_since_when(world: World) -> None:
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC], retry=RetryPolicy(first_seconds=10, factor=2, cap_seconds=60, jitter=0))
        await follower.applier.apply(placed(TOPIC, [raw(TOPIC, BAD, 1, 1, purpose="poison")]))
        assert await follower.applier.retry_due() is None, "its time has not come"
        since = await pool.fetchval("select since from held_stream")
        waits = []
        for _ in range(5):
            row = await pool.fetchrow("select retry_at, attempts from held_stream")
            assert row is not None
            waits.append((row["attempts"], round((row["retry_at"] - datetime.now(UTC)).total_seconds(), -1)))
            await pool.execute("update held_stream set retry_at = now() - interval '1 second'")
            assert await follower.applier.retry_due() is not None
        assert waits == [(0, 10), (1, 20), (2, 40), (3, 60), (4, 60)]
        assert await pool.fetchval("select since from held_stream") == since
        assert await queued(pool, BAD) == [1]


async def test_s6_an_event_that_arrives_for_a_parked_stream_does_not_move_its_retry(world: World) -> None:
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC])
        await follower.applier.apply(placed(TOPIC, [raw(TOPIC, BAD, 1, 1, purpose="poison")]))
        before = await pool.fetch("select since, attempts, retry_at from held_stream")
        await follower.applier.apply(placed(TOPIC, [raw(TOPIC, BAD, 2, 2)], start=1))
        assert await pool.fetch("select since, attempts, retry_at from held_stream") == before


async def test_s6_an_event_that_arrives_for_a_parked_stream_does_not_try_it_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC])
        await follower.applier.apply(placed(TOPIC, [raw(TOPIC, BAD, 1, 1, purpose="poison")]))
        monkeypatch.setattr(Tallies, "fold", mended)
        applied = await follower.applier.apply(placed(TOPIC, [raw(TOPIC, BAD, 2, 2)], start=1))
        assert applied.events == [], "its time had not come"
        assert await queued(pool, BAD) == [1, 2]


async def test_s4_a_long_queue_behind_a_parked_stream_does_not_slow_what_arrives(world: World) -> None:
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC])
        log = [
            raw(TOPIC, BAD, version, version, purpose="poison" if version == 1 else "test")
            for version in range(1, 3001)
        ]
        await follower.applier.apply(placed(TOPIC, log[:2999]))
        row = "select ctid::text from held_event where stream_id = $1 and version = 7"
        before = await pool.fetchval(row, BAD)
        began = datetime.now(UTC)
        await follower.applier.apply(placed(TOPIC, log[2999:], start=2999))
        assert await pool.fetchval(row, BAD) == before, "the whole queue was written again for one event"
        assert datetime.now(UTC) - began < timedelta(seconds=2)
        assert len(await queued(pool, BAD)) == 3000


async def queued(pool: Pool, stream: UUID) -> list[int]:
    """The versions that wait behind a held stream."""
    rows = await pool.fetch("select version from held_event where stream_id = $1 order by version", stream)
    return [row["version"] for row in rows]


async def reacting(pool: Pool, reaction: Any) -> Follower:
    """A follower that answers every event on a topic of its own."""
    await pool.execute("insert into topic values ($1, 3)", OWN.name)
    return Follower(pool, [TOPIC], owns=OWN, reactions={ConsentGiven: reaction})


def mended(self: Tallies, row: Tally, recorded: Recorded) -> Tally:
    """The fold without its fault, as a new release would bring it."""
    bad = getattr(recorded.event, "purpose", "") == "constraint" or row.seen < 0
    seen = -1 if bad else row.seen + 1
    return replace(row, seen=seen, versions=(*row.versions, recorded.envelope.version))
