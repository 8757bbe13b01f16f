"""W3: two different events at one place are a fork. Never dropped as a repeat; the stream is parked, others go on."""

from uuid import uuid4

import pytest

from records import placed, raw
from world import Follower, World, topic_named

TOPIC = topic_named("samverkan.participant.w3")


async def test_w3_another_event_where_one_was_applied_parks_the_stream_and_others_go_on(world: World) -> None:
    async with world.store() as pool:
        follower, stream, other = Follower(pool, [TOPIC]), uuid4(), uuid4()
        await follower.applier.apply(placed(TOPIC, [raw(TOPIC, stream, version, version) for version in (1, 2, 3)]))
        forged = raw(TOPIC, stream, 2, 2, seed="forged")
        applied = await follower.applier.apply(
            placed(TOPIC, [forged, raw(TOPIC, stream, 4, 4), raw(TOPIC, other, 1, 5)], start=3)
        )
        assert [event.stream_id for event in applied.events] == [other]
        assert applied.repeats == 0
        await forked(follower, stream, 2, 3)
        assert (await follower.tallies())[stream] == (1, 2, 3)


async def test_w3_another_event_where_one_waits_parks_the_stream(world: World) -> None:
    async with world.store() as pool:
        follower, stream, other = Follower(pool, [TOPIC]), uuid4(), uuid4()
        await follower.applier.apply(placed(TOPIC, [raw(TOPIC, stream, 3, 3)]))
        forged = raw(TOPIC, stream, 3, 3, seed="forged")
        applied = await follower.applier.apply(
            placed(TOPIC, [forged, raw(TOPIC, stream, 1, 1), raw(TOPIC, other, 1, 5)], start=1)
        )
        assert [event.stream_id for event in applied.events] == [other]
        await forked(follower, stream, 3, 1)


async def test_w3_both_of_one_place_in_one_batch_park_the_stream(world: World) -> None:
    async with world.store() as pool:
        follower, stream, other = Follower(pool, [TOPIC]), uuid4(), uuid4()
        batch = [raw(TOPIC, stream, 1, 1), raw(TOPIC, stream, 1, 1, seed="forged"), raw(TOPIC, other, 1, 5)]
        applied = await follower.applier.apply(placed(TOPIC, batch))
        assert [event.stream_id for event in applied.events] == [other]
        await forked(follower, stream, 1, 1)


@pytest.mark.parametrize("apart", [True, False], ids=["in two batches", "in one batch"])
async def test_w3_another_leaf_at_one_log_index_parks_the_stream_that_brought_it(world: World, apart: bool) -> None:
    async with world.store() as pool:
        follower, first, second, third = Follower(pool, [TOPIC]), uuid4(), uuid4(), uuid4()
        honest = placed(TOPIC, [raw(TOPIC, first, 1, 7)])
        rest = placed(TOPIC, [raw(TOPIC, second, 1, 7), raw(TOPIC, second, 2, 8), raw(TOPIC, third, 1, 9)], start=1)
        if apart:
            await follower.applier.apply(honest)
            applied = await follower.applier.apply(rest)
        else:
            applied = await follower.applier.apply([*honest, *rest])
        assert third in [event.stream_id for event in applied.events]
        assert (await follower.tallies()).keys() == {first, third}
        await forked(follower, second, 1, 1)
        queued = await pool.fetch("select version from held_event where stream_id = $1", second)
        assert [row["version"] for row in queued] == [2], "what came after the fork queues behind it"


async def test_w3_a_fork_is_not_tried_again_by_a_timer_and_stays_noted(world: World) -> None:
    async with world.store() as pool:
        follower, stream = Follower(pool, [TOPIC]), uuid4()
        await follower.applier.apply(placed(TOPIC, [raw(TOPIC, stream, 1, 1)]))
        await follower.applier.apply(placed(TOPIC, [raw(TOPIC, stream, 1, 1, seed="forged")], start=1))
        await pool.execute("update held_stream set since = since - interval '1 hour'")
        assert await follower.applier.retry_due() is None
        later = await follower.applier.apply(placed(TOPIC, [raw(TOPIC, stream, 2, 2)], start=2))
        assert later.events == []
        assert await pool.fetchval("select count(*) from held_event") == 1


async def test_w3_an_event_id_that_stands_at_two_versions_parks_its_stream_when_a_reaction_meets_it(
    world: World,
) -> None:
    """The reaction's command id is derived from the event's id: the same id again would write the same event."""
    from counters import on_consent_given
    from samverkan.schemas.participant import ConsentGiven

    own = topic_named("samverkan.placement.w3", owner="placement")
    async with world.store() as pool:
        follower = Follower(pool, [TOPIC], owns=own, reactions={ConsentGiven: on_consent_given})
        await pool.execute("insert into topic values ($1, 3)", own.name)
        stream, other = uuid4(), uuid4()
        first = raw(TOPIC, stream, 1, 1)
        event_id = dict(first.headers)["ce_id"]
        batch = [first, raw(TOPIC, stream, 2, 2).having("id", event_id), raw(TOPIC, other, 1, 3)]
        applied = await follower.applier.apply(placed(TOPIC, batch))
        assert {(event.stream_id, event.version) for event in applied.events} == {(stream, 1), (other, 1)}
        assert applied.parked[stream].version == 2


async def forked(follower: Follower, stream: object, version: int, offset: int) -> None:
    """The stream is parked for a fork, which is noted with its place."""
    (hold,) = await follower.pool.fetch("select stream_id, reason, version, code, retry_at from held_stream")
    assert tuple(hold) == (stream, "parked", version, "fork", None)
    (fork,) = await follower.pool.fetch("select stream_id, version, kafka_offset from fork")
    assert tuple(fork) == (stream, version, offset)
