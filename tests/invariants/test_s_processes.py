"""S0–S3 and S9 with real processes: killed in mid-batch, rebalanced, restored from a backup, with a listener that
comes late. Whatever happens, every version is applied once and in order, and the offsets end where Kafka ends."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from members import Member, Members
from records import Raw, streams
from samverkan.backbone.database import Pool, connect
from samverkan.schemas.catalogue import Topic
from scale import scaled, seeded
from verdicts import applied_once, offsets
from world import World, eventually, told, topic_named


class Group:
    """A consumer group of member processes on one store."""

    def __init__(self, world: World, members: Members, database: str, pool: Pool, topic: Topic, **spec: Any) -> None:
        self.world, self.members, self.database, self.pool, self.topic = world, members, database, pool, topic
        self.name = f"group-{uuid4().hex[:8]}"
        self.spec = spec

    def start(self, **more: Any) -> Member:
        """One more member."""
        return self.members.start(
            "subscriber",
            dsn=self.world.dsn(self.database),
            bootstrap=self.world.kafka.bootstrap,
            topics=[told(self.topic)],
            name=self.name,
            **{**self.spec, **more},
        )

    async def caught_up(self, seconds: float = 60.0) -> None:
        """Wait until the store stands at the end of the topic."""
        ends = await self.world.ends(self.topic)

        async def there() -> bool:
            return await offsets(self.pool) == ends

        await eventually(there, seconds=seconds)


@asynccontextmanager
async def group(world: World, members: Members, **spec: Any) -> AsyncIterator[Group]:
    """A group without members, on a new store and a new topic."""
    database = await world.database()
    topic = await world.topic(partitions=4)
    made = Group(world, members, database, await connect(world.dsn(database), max_size=4), topic, **spec)
    try:
        yield made
    finally:
        members.kill_all()
        await made.pool.close()


@asynccontextmanager
async def flowing(world: World, topic: Topic, log: Sequence[Raw], seconds: float) -> AsyncIterator[None]:
    """The records come to the topic a few at a time, over so many seconds."""

    async def flow() -> None:
        parts = [log[start : start + 50] for start in range(0, len(log), 50)]
        for part in parts:
            await world.produce(topic, part)
            await asyncio.sleep(seconds / len(parts))

    task = asyncio.create_task(flow())
    try:
        yield
    finally:
        await task


@pytest.mark.parametrize("static", [False, True], ids=["", "with static membership"])
async def test_s0_s1_s3_members_killed_in_mid_batch_apply_every_version_once_and_in_order(
    world: World, members: Members, static: bool
) -> None:
    own = topic_named(f"samverkan.placement.{uuid4().hex[:8]}", owner="placement")
    ids = [uuid4() for _ in range(30)]
    versions = scaled(40)
    async with group(world, members, owns=told(own), slow_write_seconds=0.03) as g:
        await g.pool.execute("insert into topic values ($1, 3)", own.name)

        def start(number: int) -> Member:
            return g.start(policy={"max_records": 40, "instance": f"member-{number}" if static else None})

        running = [start(number) for number in range(2)]
        random = seeded(9)
        async with flowing(world, g.topic, streams(g.topic, ids, versions), seconds=2.0):
            for _ in range(scaled(4)):
                await asyncio.sleep(0.3 + random.random() * 0.4)
                victim = random.randrange(2)
                running[victim].kill()
                running[victim] = start(victim)
        await g.caught_up()
        await applied_once(g.pool, dict.fromkeys(ids, versions), reacting=True)
        await reacted_once(g.pool, dict.fromkeys(ids, versions))


async def reacted_once(pool: Pool, expected: dict[UUID, int]) -> None:
    """Every foreign event led to one event of our own, in its order."""
    rows = await pool.fetch(
        "select j.stream_id, j.version, k.version as cause from journal as j "
        "join kept_event as k on k.event_id::text = j.attributes ->> 'causationid' order by j.position"
    )
    assert len(rows) == sum(expected.values()) == await pool.fetchval("select count(*) from journal")
    assert all(row["version"] == row["cause"] for row in rows)


async def test_s1_s9_rebalances_with_a_listener_that_comes_late_neither_skip_nor_repeat(
    world: World, members: Members
) -> None:
    ids = [uuid4() for _ in range(20)]
    versions = scaled(40)
    async with group(
        world, members, slow_listener_seconds=0.7, slow_write_seconds=0.02, policy={"max_records": 30}
    ) as g:
        running = [g.start()]
        async with flowing(world, g.topic, streams(g.topic, ids, versions), seconds=4.0):
            for turn in range(scaled(4)):
                await asyncio.sleep(0.8)
                running.append(g.start())  # each coming and going moves partitions
                if turn % 2:
                    running.pop(0).stop()
        await g.caught_up()
        await applied_once(g.pool, dict.fromkeys(ids, versions))


async def test_s1_a_store_that_is_older_than_the_offsets_in_kafka_catches_up_by_itself(
    world: World, members: Members
) -> None:
    """As after a restore from a backup: until the listener has run, Kafka places the group where it had come to."""
    ids = [uuid4() for _ in range(10)]
    async with group(world, members, slow_listener_seconds=3.0, policy={"max_records": 50}) as g:
        log = streams(g.topic, ids, 40)
        await world.produce(g.topic, log[:200])
        member = g.start(slow_listener_seconds=0.0)
        await g.caught_up()
        member.stop()
        await world.produce(g.topic, log[200:350])
        await commit(world, g, {place: end - 1 for place, end in (await world.ends(g.topic)).items()})
        g.start()
        await world.produce(g.topic, log[350:])
        await g.caught_up()
        await applied_once(g.pool, dict.fromkeys(ids, 40))


async def test_s0_s9_a_member_frozen_in_mid_batch_holds_up_nobody_and_does_no_harm_when_it_wakes(
    world: World, members: Members
) -> None:
    """A virtual machine that pauses: its open transaction has the subscription's lock, and Kafka gives its partitions
    away. The database ends the silent session, and what it wakes up to finish is refused."""
    ids = [uuid4() for _ in range(20)]
    async with group(world, members, slow_write_seconds=0.4, frozen_seconds=1.0, policy={"max_records": 40}) as g:
        frozen = g.start()
        async with flowing(world, g.topic, streams(g.topic, ids, 20), seconds=1.0):
            await eventually(lambda: in_mid_batch(g))
            os.kill(frozen.pid, signal.SIGSTOP)
            g.start()
        await g.caught_up()
        os.kill(frozen.pid, signal.SIGCONT)
        await world.produce(g.topic, streams(g.topic, ids, 25)[400:])
        await g.caught_up()
        await applied_once(g.pool, dict.fromkeys(ids, 25))


async def in_mid_batch(g: Group) -> bool:
    """Whether some transaction has written and not committed."""
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and state = $1"
    return bool(await g.pool.fetchval(waiting, "idle in transaction"))


async def test_s1_offsets_in_kafka_that_lie_behind_the_store_are_not_believed(world: World, members: Members) -> None:
    ids = [uuid4() for _ in range(10)]
    async with group(world, members, slow_listener_seconds=1.0, policy={"max_records": 20}) as g:
        log = streams(g.topic, ids, 20)
        await world.produce(g.topic, log[:150])
        member = g.start(slow_listener_seconds=0.0)
        await g.caught_up()
        member.stop()
        await commit(world, g, dict.fromkeys(await world.ends(g.topic), 1))
        g.start()
        await world.produce(g.topic, log[150:])
        await g.caught_up()
        await applied_once(g.pool, dict.fromkeys(ids, 20))


async def commit(world: World, g: Group, committed: Mapping[tuple[str, int], int]) -> None:
    """Tell Kafka something else of the group, as an operator's tool could."""
    async with AIOKafkaConsumer(
        bootstrap_servers=world.kafka.bootstrap, group_id=f"samverkan.{g.name}", enable_auto_commit=False
    ) as consumer:
        consumer.assign([TopicPartition(*place) for place in committed])
        await consumer.commit({TopicPartition(*place): offset for place, offset in committed.items()})
