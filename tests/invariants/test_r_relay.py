"""R1–R3 on a real broker: order per stream, one active relay, nothing skipped whoever dies and when."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Container, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError, NotLeaderForPartitionError

from members import Member, Members
from samverkan.backbone.command import Context
from samverkan.backbone.database import Pool, connect, transaction
from samverkan.backbone.journal.journal import Write
from samverkan.backbone.relay.relay import Relay, RelayPolicy
from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.topics import ensure_topics
from samverkan.schemas.catalogue import Topic
from samverkan.schemas.participant import ConsentGiven
from scale import scaled, seeded
from verdicts import log_is_whole, topic_follows_log
from world import World, Writer, eventually, read_topic, running, told

LEASE_SECONDS = 0.6


@asynccontextmanager
async def load(writer: Writer, streams: Sequence[UUID], appenders: int = 6) -> AsyncIterator[None]:
    """Commands on these streams for as long as the block runs."""
    stopped = asyncio.Event()

    async def appender(seed: int) -> None:
        random = seeded(seed)
        while not stopped.is_set():
            await writer.count(random.choice(streams))
            await asyncio.sleep(0.002)

    tasks = [asyncio.create_task(appender(seed)) for seed in range(appenders)]
    try:
        yield
    finally:
        stopped.set()
        await asyncio.gather(*tasks)


async def all_sent(pool: Pool, *, seconds: float = 60.0) -> None:
    """Wait until Kafka has acknowledged every committed row."""

    async def sent() -> bool:
        row = await pool.fetchrow("select next, cursor, (select count(*) from unsequenced) as waiting from sequencer")
        return row is not None and row["next"] == row["cursor"] and row["waiting"] == 0

    await eventually(sent, seconds=seconds)


async def holder(pool: Pool) -> object:
    """Which relay is the active one."""
    return await pool.fetchval("select holder from sequencer")


async def test_r1_r2_two_relays_and_kill_9_of_the_active_one_under_load_never_skip_or_reorder(
    world: World, members: Members
) -> None:
    topic = await world.topic()
    name = await world.database()
    pool = await connect(world.dsn(name), max_size=10)
    writer = await Writer(pool, topic).ready()

    def relay() -> Member:
        return members.start(
            "relay",
            dsn=world.dsn(name),
            bootstrap=world.kafka.bootstrap,
            topic=told(topic),
            policy={"lease_seconds": LEASE_SECONDS, "batch_rows": 50},
        )

    relay()
    relay()
    holders: set[str] = set()
    async with load(writer, [uuid4() for _ in range(10)]):
        for _ in range(scaled(6)):
            active = await active_of(pool, members, other_than=holders)
            await asyncio.sleep(0.1)
            active.kill()
            holders.add(active.said())
            relay()
    await all_sent(pool)
    for member in members.living():
        member.stop()
    await log_is_whole(pool)
    await topic_follows_log(pool, await world.read(topic))
    await pool.close()


async def active_of(pool: Pool, members: Members, *, other_than: Container[str] = ()) -> Member:
    """The process that holds the lease and sends."""
    found: list[Member] = []

    async def holds() -> bool:
        held = str(await holder(pool))
        found[:] = [member for member in members.living() if member.said() == held and held not in other_than]
        return bool(found)

    await eventually(holds)
    return found[0]


async def cursor(pool: Pool) -> int:
    """The first log index that Kafka has not acknowledged."""
    value: int = await pool.fetchval("select cursor from sequencer")
    return value


async def test_r1_what_was_sent_but_not_noted_is_sent_again_byte_for_byte(world: World) -> None:
    topic = await world.topic()
    async with world.store() as pool:
        writer = await Writer(pool, topic).ready()
        streams = [uuid4() for _ in range(7)]
        for _ in range(5):
            for stream in streams:
                await writer.count(stream)

        class Died(Exception):
            pass

        class DiesBeforeTheCursorMoves(Relay):
            async def _send(self, kafka: Any, rows: Any) -> None:
                await super()._send(kafka, rows)
                raise Died

        with pytest.raises(Died):
            await DiesBeforeTheCursorMoves(pool, topic, world.kafka.bootstrap, RelayPolicy(lease_seconds=0.1)).run()
        assert await cursor(pool) == 0
        async with running(writer.relay(world.kafka)):
            await all_sent(pool)
        assert await topic_follows_log(pool, await world.read(topic)) == 35


async def test_r1_a_batch_that_is_larger_than_one_kafka_batch_keeps_its_order(world: World) -> None:
    topic = await world.topic()
    async with world.store() as pool:
        writer = await Writer(pool, topic).ready()
        streams = [uuid4() for _ in range(5)]
        small = ConsentGiven(agency="af", purpose="x" * 400, compartments=(), given_on=datetime.now(UTC).date())
        large = small.model_copy(update={"purpose": "x" * 150_000})
        async with transaction(pool) as connection:
            heads = await writer.journal.lock_heads(connection, streams)
            context = Context(now=datetime.now(UTC), command_id=uuid4())
            events = [small] * 500 + [large] * 8 + [small] * 300
            writes = [Write(heads[stream], events, context) for stream in streams]
            await writer.journal.append(connection, writer.journal.prepare(writes))
        async with running(writer.relay(world.kafka)):
            await all_sent(pool)
        assert await topic_follows_log(pool, await world.read(topic)) == 0


@pytest.mark.parametrize("failing", [1, 2, 5])
async def test_r1_after_one_send_error_no_later_batch_overtakes(
    world: World, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    topic = await world.topic()
    async with world.store() as pool:
        writer = await Writer(pool, topic).ready()
        calls = 0
        real = AIOKafkaProducer.send_batch

        async def fails_once(self: Any, batch: Any, name: str, *, partition: int) -> Any:
            nonlocal calls
            calls += 1
            if calls == failing:  # as when a leader moves: this batch is lost, those of other partitions are not
                lost = asyncio.get_running_loop().create_future()
                lost.set_exception(NotLeaderForPartitionError())
                return lost
            return await real(self, batch, name, partition=partition)

        monkeypatch.setattr(AIOKafkaProducer, "send_batch", fails_once)
        streams = [uuid4() for _ in range(12)]
        relay = writer.relay(world.kafka, batch_rows=9, retry_seconds=0.05)
        async with running(relay):
            for _ in range(6):
                for stream in streams:
                    await writer.count(stream)
            await all_sent(pool)
        assert calls > failing
        await log_is_whole(pool)
        await topic_follows_log(pool, await world.read(topic))


@pytest.mark.timeout(180)
async def test_r1_r3_a_broker_that_is_killed_and_returns_gets_everything_in_order(
    world: World, short_folder: Path
) -> None:
    broker = EmbeddedKafka(short_folder, jvm_options=("-Xmx256m",)).start()
    try:
        topic = await world.topic()
        await ensure_topics(broker.bootstrap, [topic])
        async with world.store() as pool:
            writer = await Writer(pool, topic).ready()
            streams = [uuid4() for _ in range(6)]
            tasks = len(asyncio.all_tasks())
            async with running(writer.relay(broker, lease_seconds=2.0)):
                async with load(writer, streams, appenders=2):
                    await eventually(lambda: _past(pool, 20))
                    broker.kill()
                    before = await pool.fetchval("select count(*) from journal")
                    await asyncio.sleep(1.0)
                    assert await pool.fetchval("select count(*) from journal") > before, "commands need no broker"
                    broker.start()
                    await asyncio.sleep(0.5)
                await all_sent(pool)
            await log_is_whole(pool)
            await topic_follows_log(pool, await read_topic(broker.bootstrap, topic.name))
            await asyncio.sleep(0.1)
            assert len(asyncio.all_tasks()) <= tasks, "a dropped producer lives on"
    finally:
        broker.kill()


async def _past(pool: Pool, rows: int) -> bool:
    return await cursor(pool) >= rows


async def test_r2_a_standby_takes_over_from_a_killed_one_without_waiting_for_its_lease(
    world: World, members: Members
) -> None:
    async with two_relays(world, members, lease_seconds=60.0) as (pool, topic, active, writer):
        before = await holder(pool)
        active.kill()
        killed_at = time.monotonic()
        await writer.count(uuid4())

        async def taken() -> bool:
            return await holder(pool) != before

        await eventually(taken)
        assert time.monotonic() - killed_at < 10.0  # the lease has 60
        await all_sent(pool)
        await topic_follows_log(pool, await world.read(topic))


async def test_r2_a_relay_that_drains_sends_what_is_committed_and_gives_its_lease_back_at_once(
    world: World, members: Members
) -> None:
    async with two_relays(world, members, lease_seconds=60.0) as (pool, topic, active, writer):
        before = await holder(pool)
        for _ in range(20):
            await writer.count(uuid4())
        active.stop()
        assert await holder(pool) != before, "the lease was kept"
        stopped_at = time.monotonic()

        async def taken() -> bool:
            return await holder(pool) not in (before, None)

        await eventually(taken)
        assert time.monotonic() - stopped_at < 3.0
        await all_sent(pool)
        await topic_follows_log(pool, await world.read(topic))


async def test_r2_what_was_committed_before_a_drain_is_sent_by_it(world: World) -> None:
    topic = await world.topic()
    async with world.store() as pool:
        writer = await Writer(pool, topic).ready()
        relay = writer.relay(world.kafka, poll_interval_seconds=30.0, lease_seconds=90.0)
        async with running(relay):
            await eventually(lambda: _is_active(relay))
            for _ in range(20):
                await writer.count(uuid4())
        assert await cursor(pool) == 20
        assert await holder(pool) is None
        await topic_follows_log(pool, await world.read(topic))


async def test_r2_a_zombie_that_wakes_after_its_lease_can_only_repeat(world: World, members: Members) -> None:
    async with two_relays(world, members, lease_seconds=0.5) as (pool, topic, _active, writer):
        streams = [uuid4() for _ in range(6)]
        async with load(writer, streams, appenders=4):
            for _ in range(scaled(3)):
                zombie = await active_of(pool, members)
                os.kill(zombie.pid, signal.SIGSTOP)
                await active_of(pool, members, other_than={zombie.said()})
                await asyncio.sleep(0.3)
                os.kill(zombie.pid, signal.SIGCONT)
                await asyncio.sleep(0.3)
        await all_sent(pool)
        await log_is_whole(pool)
        await topic_follows_log(pool, await world.read(topic))


async def test_r3_a_commit_reaches_kafka_without_waiting_for_the_poll_when_the_relay_is_woken(world: World) -> None:
    topic = await world.topic()
    async with world.store() as pool, AIOKafkaConsumer(topic.name, bootstrap_servers=world.kafka.bootstrap) as consumer:
        writer = await Writer(pool, topic).ready()
        relay = writer.relay(world.kafka, poll_interval_seconds=30.0, lease_seconds=90.0)
        async with running(relay):
            await eventually(lambda: _is_active(relay))
            await consumer.seek_to_end()
            waits = []
            for _ in range(10):
                began = time.monotonic()
                await writer.count(uuid4())
                relay.wake()
                async with asyncio.timeout(5.0):
                    await consumer.getone()
                waits.append(time.monotonic() - began)
        assert sorted(waits)[5] < 0.5, waits


async def test_r3_a_commit_that_nobody_told_of_is_found_by_the_next_poll(world: World) -> None:
    topic = await world.topic()
    async with world.store() as pool:
        writer = await Writer(pool, topic).ready()
        relay = writer.relay(world.kafka, poll_interval_seconds=0.05)
        async with running(relay):
            await eventually(lambda: _is_active(relay))
            await writer.count(uuid4())
            await all_sent(pool, seconds=3.0)


async def test_r2_commits_do_not_wake_a_relay_that_stands_by(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = await world.topic()
    async with world.store() as pool:
        writer = await Writer(pool, topic).ready()
        active, standby = writer.relay(world.kafka), writer.relay(world.kafka)
        asked = 0
        real = standby._take_lease

        async def counted(*, alone: bool) -> int:
            nonlocal asked
            asked += 1
            return await real(alone=alone)

        monkeypatch.setattr(standby, "_take_lease", counted)
        async with running(active):
            await eventually(lambda: _is_active(active))
            async with running(standby):
                for _ in range(50):
                    standby.wake()
                    await asyncio.sleep(0.01)
                assert asked <= 2


async def _is_active(relay: Relay) -> bool:
    return relay.active


@asynccontextmanager
async def two_relays(
    world: World, members: Members, *, lease_seconds: float
) -> AsyncIterator[tuple[Pool, Topic, Member, Writer]]:
    """A journal with two relay processes, the first of which is active, and a row that it has sent."""
    topic = await world.topic()
    name = await world.database()
    pool = await connect(world.dsn(name), max_size=10)
    writer = await Writer(pool, topic).ready()
    spec = {
        "dsn": world.dsn(name),
        "bootstrap": world.kafka.bootstrap,
        "topic": told(topic),
        "policy": {"lease_seconds": lease_seconds},
    }
    active = members.start("relay", **spec)
    await writer.count(uuid4())
    await all_sent(pool)
    members.start("relay", **spec)
    await asyncio.sleep(0.2)
    try:
        yield pool, topic, active, writer
    finally:
        members.kill_all()
        await pool.close()


@pytest.mark.parametrize("swallowed", [False, True])
async def test_r2_a_relay_that_is_ended_while_it_lets_go_of_kafka_ends(
    world: World, monkeypatch: pytest.MonkeyPatch, swallowed: bool
) -> None:
    """`asyncio.wait_for` of Python 3.11 takes a cancellation for the result that came with it, and aiokafka's own stop
    takes it for that of a task that it awaits: the relay went on, held the lease and nobody had it."""
    relaying: list[asyncio.Task[None]] = []

    class Unreachable:
        async def start(self) -> None:
            raise KafkaConnectionError

        async def stop(self) -> None:
            asyncio.get_running_loop().call_soon(relaying[0].cancel)
            if swallowed:
                with suppress(asyncio.CancelledError):
                    await asyncio.sleep(60)

    monkeypatch.setattr("samverkan.backbone.relay.relay.producer", lambda *_: Unreachable())
    topic = await world.topic()
    async with world.store() as pool:
        await Writer(pool, topic).ready()
        relaying.append(asyncio.create_task(Relay(pool, topic, world.kafka.bootstrap, RelayPolicy()).run()))
        await asyncio.wait(relaying, timeout=10)
        assert relaying[0].cancelled()
