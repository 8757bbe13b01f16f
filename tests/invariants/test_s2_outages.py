"""S2: the database goes, the broker goes, the handler is slow: the batch waits, and nothing is lost or doubled."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from records import raw, streams
from samverkan.backbone.database import Pool, connect
from samverkan.backbone.errors import Transient
from samverkan.backbone.subscription.apply import Applied
from samverkan.backbone.subscription.consumer import TolerantConsumer
from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.embedded.postgres import EmbeddedPostgres
from samverkan.deploy.topics import ensure_topics
from scale import scaled
from verdicts import applied_once, offsets
from world import Follower, World, eventually, produce, running, topic_named


async def stands_at(pool: Pool, records: int) -> bool:
    """Whether so many records are applied."""
    return bool(await pool.fetchval("select count(*) >= $1 from kept_event", records))


async def test_s2_a_database_that_is_killed_under_the_subscription_comes_back_to_every_version_once(
    world: World, short_folder: Path
) -> None:
    with EmbeddedPostgres(short_folder, flush=False) as postgres:
        own = World(postgres, world.kafka)
        topic, ids = await world.topic(), [uuid4() for _ in range(20)]
        log = streams(topic, ids, scaled(30))
        async with own.store() as pool:
            follower = Follower(pool, [topic])
            async with running(follower.subscription(world.kafka, max_records=20)):
                for turn in range(3):
                    await world.produce(topic, log[turn * len(log) // 3 : (turn + 1) * len(log) // 3])
                    await asyncio.sleep(0.15)
                    postgres.kill()
                    postgres.start()
                ends = await world.ends(topic)

                async def there() -> bool:
                    try:
                        return await offsets(pool) == ends
                    except Exception:  # noqa: BLE001 - the pool's connections are those of the old server
                        return False

                await eventually(there)
            await applied_once(pool, dict.fromkeys(ids, scaled(30)))


@pytest.mark.timeout(180)
async def test_s2_a_broker_that_is_away_at_the_start_and_dies_later_is_waited_for(
    world: World, short_folder: Path
) -> None:
    broker = EmbeddedKafka(short_folder, jvm_options=("-Xmx256m",)).start()
    try:
        topic, ids = topic_named("samverkan.participant.outage"), [uuid4() for _ in range(10)]
        log = streams(topic, ids, 20)
        await ensure_topics(broker.bootstrap, [topic])
        broker.stop()
        async with world.store() as pool:
            follower = Follower(pool, [topic])
            tasks = len(asyncio.all_tasks())
            subscription = follower.subscription(broker)
            async with running(subscription):
                await asyncio.sleep(1.5)
                broker.start()
                await produce(broker.bootstrap, topic, log[:100])
                await eventually(lambda: stands_at(pool, 100))
                broker.kill()
                broker.start()
                await produce(broker.bootstrap, topic, log[100:])
                await eventually(lambda: stands_at(pool, 200))
            await applied_once(pool, dict.fromkeys(ids, 20))
            await asyncio.sleep(0.1)
            assert len(asyncio.all_tasks()) <= tasks, "a consumer lives on"
    finally:
        broker.kill()


async def test_s2_a_batch_that_takes_longer_than_kafka_lets_a_member_be_silent_is_applied_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic, ids = await world.topic(partitions=2), [uuid4() for _ in range(6)]
    usual = TolerantConsumer.__init__

    def impatient(self: Any, *topics: str, **options: Any) -> None:
        usual(self, *topics, **{**options, "max_poll_interval_ms": 1000, "heartbeat_interval_ms": 300})

    monkeypatch.setattr(TolerantConsumer, "__init__", impatient)
    async with world.store() as pool:
        follower = Follower(pool, [topic])
        slow, calls = follower.applier.apply_read, 0

        async def apply(*arguments: Any) -> Applied:
            nonlocal calls
            calls += 1
            if calls in (1, 3):
                await asyncio.sleep(2.5)
            return await slow(*arguments)

        follower.applier.apply_read = apply  # type: ignore[method-assign,assignment]
        log = streams(topic, ids, 12)
        async with running(follower.subscription(world.kafka, max_records=10)):
            await world.produce(topic, log[:30])
            await asyncio.sleep(3)
            await world.produce(topic, log[30:])
            await eventually(lambda: stands_at(pool, 72))
        await applied_once(pool, dict.fromkeys(ids, 12))


async def test_s2_a_batch_that_failed_needs_no_later_record_to_be_applied(world: World) -> None:
    topic, stream = await world.topic(), uuid4()
    async with world.store() as pool:
        follower = Follower(pool, [topic])
        usual, calls = follower.applier.apply_read, 0

        async def apply(*arguments: Any) -> Applied:
            nonlocal calls
            calls += 1
            if calls <= 3:
                raise Transient("database-unreachable")
            return await usual(*arguments)

        follower.applier.apply_read = apply  # type: ignore[method-assign,assignment]
        await world.produce(topic, [raw(topic, stream, 1, 0)])
        async with running(follower.subscription(world.kafka)):
            await eventually(lambda: stands_at(pool, 1))
        assert calls >= 4


async def test_s2_a_subscription_told_to_stop_while_the_database_is_away_stops(
    world: World, short_folder: Path
) -> None:
    topic = await world.topic()
    with EmbeddedPostgres(short_folder, flush=False) as postgres:
        own = World(postgres, world.kafka)
        pool = await connect(own.dsn(await own.database()), max_size=3)
        postgres.kill()
        subscription = Follower(pool, [topic]).subscription(world.kafka)
        task = asyncio.create_task(subscription.run())
        await asyncio.sleep(0.3)
        subscription.stop()
        async with asyncio.timeout(3):
            await task
        pool.terminate()


async def test_s2_a_migration_under_the_running_subscription_is_no_fault_of_any_event(world: World) -> None:
    """A changed column invalidates prepared statements: the batch is tried again, no stream is parked."""
    topic, ids = await world.topic(), [uuid4() for _ in range(5)]
    log = streams(topic, ids, 20)
    async with world.store() as pool:
        follower = Follower(pool, [topic])
        async with running(follower.subscription(world.kafka, max_records=10)):
            await world.produce(topic, log[:50])
            await eventually(lambda: stands_at(pool, 50))
            await pool.execute("alter table tally alter column seen type bigint")
            await pool.execute("alter table held_stream alter column attempts type bigint")
            await pool.execute("alter table subscription_offset alter column partition type bigint")
            await world.produce(topic, log[50:])
            await eventually(lambda: stands_at(pool, 100))
        await applied_once(pool, dict.fromkeys(ids, 20))
