"""S2: what can neither be retried nor parked ends the process in sight of everybody; it is never raised away."""

import asyncio
from uuid import uuid4

import pytest

from records import placed, raw
from samverkan.backbone.errors import Permanent
from samverkan.deploy.embedded.kafka import EmbeddedKafka
from world import Follower, World, Writer, running


async def test_s2_a_batch_that_fails_for_good_ends_the_subscription(world: World, kafka: EmbeddedKafka) -> None:
    topic = await world.topic()
    async with world.store() as own, world.store() as pool:
        writer, follower = await Writer(own, topic).ready(), Follower(pool, [topic])

        async def fails(*_: object) -> None:
            raise Permanent("database-refused", "nobody foresaw it")

        follower.applier.apply = fails  # type: ignore[method-assign,assignment]
        async with running(writer.relay(kafka)):
            await writer.count(uuid4())
            with pytest.raises(Permanent, match="nobody foresaw it"):
                await asyncio.wait_for(follower.subscription(kafka).run(), 30)


async def test_s2_a_retry_of_parked_streams_that_fails_for_good_ends_it_too(world: World, kafka: EmbeddedKafka) -> None:
    topic = await world.topic()
    async with world.store() as pool:
        follower = Follower(pool, [topic])

        async def fails() -> None:
            raise Permanent("database-refused", "nobody foresaw it")

        follower.applier.retry_due = fails  # type: ignore[method-assign]
        with pytest.raises(Permanent, match="nobody foresaw it"):
            await asyncio.wait_for(follower.subscription(kafka).run(), 30)


async def test_s4_a_version_that_no_store_can_hold_is_rejected(world: World, kafka: EmbeddedKafka) -> None:
    topic = await world.topic()
    async with world.store() as pool:
        follower, good = Follower(pool, [topic]), uuid4()
        records = placed(topic, [raw(topic, uuid4(), 2**31, 0), raw(topic, good, 1, 1)])
        applied = await follower.applier.apply(records)
        assert [record.code for record in applied.rejected] == ["envelope-attribute-invalid"]
        assert [event.stream_id for event in applied.events] == [good]
