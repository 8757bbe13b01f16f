"""S1: a topic created anew under its old name is another topic: stored offsets mean nothing there."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from records import streams
from samverkan.backbone.subscription.topic_id import read_topic_ids
from samverkan.backbone.telemetry.alarms import Alarm
from samverkan.deploy.topics import ensure_topics
from samverkan.schemas.catalogue import Topic
from verdicts import offsets
from world import Follower, World, eventually, running


async def recreate(world: World, topic: Topic) -> None:
    """Delete the topic and create it anew."""
    admin = AIOKafkaAdminClient(bootstrap_servers=world.kafka.bootstrap)
    await admin.start()
    try:
        await admin.delete_topics([topic.name])
        while topic.name in await admin.list_topics():  # noqa: ASYNC110 - a broker sends no events
            await asyncio.sleep(0.05)
        for _ in range(50):
            try:
                await ensure_topics(world.kafka.bootstrap, [topic])
                break
            except KafkaError:
                await asyncio.sleep(0.1)
    finally:
        await admin.close()


async def ids(world: World, names: Sequence[str]) -> dict[str, UUID]:
    """Topic ids as the broker tells them, once it has heard of the topics itself."""
    async with AIOKafkaConsumer(bootstrap_servers=world.kafka.bootstrap) as consumer:
        while len(found := await read_topic_ids(consumer, names)) < len(names):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)
        assert await read_topic_ids(consumer, [*names, "samverkan.nobody"]) == found
        return found


@pytest.fixture
def alarms(monkeypatch: pytest.MonkeyPatch) -> list[Alarm]:
    """The alarms that the subscription raises."""
    raised: list[Alarm] = []
    monkeypatch.setattr("samverkan.backbone.subscription.subscription.alarm", lambda kind, **_: raised.append(kind))
    return raised


async def test_s1_a_topic_has_an_id_and_one_created_anew_has_another(world: World) -> None:
    topic, other = await world.topic(), await world.topic()
    before = await ids(world, [topic.name, other.name])
    assert before.keys() == {topic.name, other.name} and len(set(before.values())) == 2
    assert await ids(world, [topic.name]) == {topic.name: before[topic.name]}
    await recreate(world, topic)
    assert (await ids(world, [topic.name]))[topic.name] != before[topic.name]


async def test_s1_a_topic_recreated_while_nobody_looked_halts_the_subscription_at_its_start(
    world: World, alarms: list[Alarm]
) -> None:
    topic, log = await world.topic(partitions=1), [uuid4() for _ in range(3)]
    async with world.store() as pool:
        follower = Follower(pool, [topic])
        await world.produce(topic, streams(topic, log, 2))
        async with running(follower.subscription(world.kafka)):
            await eventually(lambda: stands_at(follower, topic, 6))
        stored = await pool.fetchval("select topic_id from subscription_offset")
        assert stored == (await ids(world, [topic.name]))[topic.name]
        await recreate(world, topic)
        others = [uuid4() for _ in range(3)]
        await world.produce(topic, streams(topic, others, 4))
        subscription = follower.subscription(world.kafka)
        async with running(subscription):
            await eventually(lambda: stands_still(follower))
            await asyncio.sleep(0.5)
        assert (await follower.tallies()).keys() == set(log), "records of another topic were applied"
        assert Alarm.TOPIC_RECREATED in alarms
        assert await stands_at(follower, topic, 6)


async def test_s1_a_topic_recreated_under_a_running_subscription_halts_it(
    world: World, alarms: list[Alarm], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samverkan.backbone.subscription.subscription.TOPIC_CHECK_SECONDS", 1.0)
    topic, log = await world.topic(partitions=1), [uuid4() for _ in range(3)]
    async with world.store() as pool:
        follower = Follower(pool, [topic])
        async with running(follower.subscription(world.kafka)):
            await world.produce(topic, streams(topic, log, 4))
            await eventually(lambda: stands_at(follower, topic, 12))
            await recreate(world, topic)
            await world.produce(topic, streams(topic, [uuid4()], 3))
            await eventually(lambda: stands_still(follower))
        assert (await follower.tallies()).keys() == set(log)
        assert Alarm.TOPIC_RECREATED in alarms


async def test_s1_a_halt_that_an_operator_lifts_is_over_without_a_restart(world: World) -> None:
    topic = await world.topic(partitions=1)
    async with world.store() as pool:
        follower, stream = Follower(pool, [topic]), uuid4()
        subscription = follower.subscription(world.kafka)
        async with running(subscription):
            await eventually(lambda: started(subscription))
            await follower.applier.halt("somebody said so")
            await world.produce(topic, streams(topic, [stream], 1))

            async def halted() -> bool:
                return subscription.halted is not None

            await eventually(halted)
            assert await follower.tallies() == {}
            await follower.applier.resume()
            await eventually(lambda: stands_at(follower, topic, 1))


async def started(subscription: object) -> bool:
    """Whether it has partitions."""
    return subscription.lag() is not None  # type: ignore[attr-defined]


async def stands_at(follower: Follower, topic: Topic, offset: int) -> bool:
    """Whether the store has come so far."""
    return await offsets(follower.pool) == {(topic.name, 0): offset}


async def stands_still(follower: Follower) -> bool:
    """Whether a halt is noted."""
    return await follower.pool.fetchval("select halted_at from subscription") is not None
