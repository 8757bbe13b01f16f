"""S1 at the applier: the stored offset alone says what is new, whatever the broker or the listener delivered."""

from uuid import uuid4

import pytest
from aiokafka import TopicPartition

from records import placed, raw, streams
from samverkan.backbone.subscription.apply import Applied
from samverkan.backbone.subscription.positions import Polled, Positions
from verdicts import applied_once, offsets
from world import Follower, World, topic_named

TOPIC = topic_named("samverkan.participant.s1")


async def test_s1_a_batch_delivered_twice_is_applied_once(world: World) -> None:
    async with world.store() as pool:
        follower, ids = Follower(pool, [TOPIC]), [uuid4() for _ in range(3)]
        batch = placed(TOPIC, streams(TOPIC, ids, 4))
        await follower.applier.apply(batch)
        again = await follower.applier.apply(batch)
        assert again.events == [] and again.offsets == {} and again.behind == {(TOPIC.name, 0): 12}
        await applied_once(pool, dict.fromkeys(ids, 4))


@pytest.mark.parametrize("start", [0, 5, 11])
async def test_s1_records_below_the_stored_offset_are_dropped_and_those_above_applied(world: World, start: int) -> None:
    async with world.store() as pool:
        follower, ids = Follower(pool, [TOPIC]), [uuid4() for _ in range(3)]
        batch = placed(TOPIC, streams(TOPIC, ids, 8))
        await follower.applier.apply(batch[:12])
        applied = await follower.applier.apply(batch[start:])
        assert len(applied.events) == 12 and applied.repeats == 0
        await applied_once(pool, dict.fromkeys(ids, 8))


async def test_s1_a_batch_that_begins_above_the_stored_offset_is_not_applied_and_says_where_to_go_back(
    world: World,
) -> None:
    async with world.store() as pool:
        follower, ids = Follower(pool, [TOPIC]), [uuid4() for _ in range(3)]
        batch = placed(TOPIC, streams(TOPIC, ids, 8))
        await follower.applier.apply(batch[:6])
        applied = await follower.applier.apply(batch[9:])
        assert (applied.events, applied.rewind) == ([], {(TOPIC.name, 0): 6})
        assert await offsets(pool) == {(TOPIC.name, 0): 6}
        await follower.applier.apply(batch[6:])
        await applied_once(pool, dict.fromkeys(ids, 8))


async def test_s1_a_topic_new_to_the_store_starts_at_an_explicit_0(world: World) -> None:
    async with world.store() as pool:
        follower, stream = Follower(pool, [TOPIC]), uuid4()
        applied = await follower.applier.apply(placed(TOPIC, [raw(TOPIC, stream, 1, 0)], start=40))
        assert (applied.events, applied.rewind) == ([], {(TOPIC.name, 0): 0})


async def test_s1_offsets_that_kafka_does_not_have_are_passed_once_they_were_asked_for(world: World) -> None:
    async with world.store() as pool:
        follower, stream = Follower(pool, [TOPIC]), uuid4()
        batch = placed(TOPIC, [raw(TOPIC, stream, 1, 0)], start=3)
        assert (await follower.applier.apply(batch)).rewind == {(TOPIC.name, 0): 0}
        applied = await follower.applier.apply(batch, {(TOPIC.name, 0): 0})
        assert len(applied.events) == 1
        assert await offsets(pool) == {(TOPIC.name, 0): 4}
        late = placed(TOPIC, [raw(TOPIC, stream, 3, 2)], start=9)
        assert (await follower.applier.apply(late, {(TOPIC.name, 0): 0})).rewind, "an old permission was used again"


async def test_s1_one_partition_that_is_ahead_does_not_hold_up_another(world: World) -> None:
    async with world.store() as pool:
        follower, first, second = Follower(pool, [TOPIC]), uuid4(), uuid4()
        ahead = placed(TOPIC, [raw(TOPIC, first, 1, 0)], start=7, partition=0)
        there = placed(TOPIC, [raw(TOPIC, second, 1, 1)], start=0, partition=1)
        applied = await follower.applier.apply([*ahead, *there])
        assert [event.stream_id for event in applied.events] == [second]
        assert await offsets(pool) == {(TOPIC.name, 1): 1}


async def test_s1_the_offset_is_rolled_back_with_the_effect(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async with world.store() as pool:
        follower, ids = Follower(pool, [TOPIC]), [uuid4() for _ in range(3)]
        batch = placed(TOPIC, streams(TOPIC, ids, 4))

        class PowerCut(Exception):
            pass

        async def cut(*_: object) -> None:
            raise PowerCut

        for step in ("keep", "move_heads", "move_offsets", "reject"):
            with monkeypatch.context() as patched:
                patched.setattr(f"samverkan.backbone.subscription.store.{step}", cut)
                with pytest.raises(PowerCut):
                    await follower.applier.apply(batch)
            assert await offsets(pool) == {}
            assert await pool.fetchval("select count(*) from tally") == 0
        await follower.applier.apply(batch)
        await applied_once(pool, dict.fromkeys(ids, 4))


def test_s1_a_seek_made_under_an_earlier_assignment_proves_nothing() -> None:
    """Until the listener has run, Kafka places a new assignment where the group had come to: above a restored store."""
    place = (TOPIC.name, 0)

    class Consumer:
        partitions: frozenset[TopicPartition] = frozenset({TopicPartition(*place)})

        def assignment(self) -> frozenset[TopicPartition]:
            return self.partitions

        def seek(self, partition: TopicPartition, offset: int) -> None:
            pass

    consumer = Consumer()
    positions = Positions(lambda: consumer)
    positions.moved(Applied(rewind={place: 100}), Polled())
    assert positions.proven() == {place: 100}
    consumer.partitions = frozenset([*consumer.partitions])
    assert positions.proven() == {}, "another assignment, though of the same partitions"
