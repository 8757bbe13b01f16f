"""S4: thousands of malformed records, of every kind, among good ones: no process ends, nothing else is delayed, every
one is listed with its reason, and no content of any is told anywhere.

A thousand in the default run; SAMVERKAN_STRESS=10 makes ten thousand.
"""

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaProducer

from batches import batch, content, produce_batch, sending
from malformed import CANARY, KINDS, WAITED_FOR, Malformed, generate
from records import Raw, placed, raw, streams, topic_named
from samverkan.backbone.database import Pool
from samverkan.backbone.parking.policy import ParkingLimit
from samverkan.backbone.status import StoreState, read_state
from samverkan.backbone.subscription.apply import Applied, Halted
from samverkan.backbone.subscription.subscription import Subscription, SubscriptionPolicy
from samverkan.schemas.catalogue import Topic
from scale import SEED, scaled
from verdicts import offsets
from world import Follower, World, eventually, running

NUMBER = scaled(1000)
PACE_SECONDS = 0.01


@dataclass
class Watched:
    """When each good event was sent, and how long it took until it was applied."""

    first_index: int
    sent: dict[tuple[UUID, int], float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)

    def applied(self, applied: Applied) -> None:
        """Called by the subscription, after its commit."""
        now = time.monotonic()
        self.waits += [now - self.sent[p] for e in applied.events if (p := (e.stream_id, e.version)) in self.sent]


async def good_ones(
    producer: AIOKafkaProducer, topic: Topic, watched: Watched, seconds: float, partitions: Sequence[int] = (0, 1)
) -> None:
    """Good events on these partitions, at a steady pace."""
    streams = [uuid4() for _ in range(10)]
    until = time.monotonic() + seconds
    count = 0
    while time.monotonic() < until:
        stream, version = streams[count % 10], count // 10 + 1
        record = raw(topic, stream, version, watched.first_index + len(watched.sent))
        watched.sent[stream, version] = time.monotonic()
        await send(producer, topic, record, partitions[stream.int % len(partitions)])
        count += 1
        await asyncio.sleep(PACE_SECONDS)


async def send(producer: AIOKafkaProducer, topic: Topic, record: Raw, partition: int) -> Any:
    """One record, wherever it is to go; the client refuses to send nothing at all. What to wait for is returned."""
    value = b"" if record.key is None and record.value is None else record.value
    return await producer.send(topic.name, value, key=record.key, headers=list(record.headers), partition=partition)


async def flood(address: str, topic: Topic, bad: Sequence[Malformed]) -> None:
    """All of them as fast as they go: plain and compressed batches, and transactions that are given up."""
    async with (
        AIOKafkaProducer(bootstrap_servers=address, max_request_size=3_000_000, linger_ms=2) as plain,
        AIOKafkaProducer(bootstrap_servers=address, max_request_size=3_000_000, compression_type="gzip") as packed,
        AIOKafkaProducer(bootstrap_servers=address, transactional_id=f"t-{uuid4().hex}") as transactional,
    ):
        sent = []
        for number, one in enumerate(bad):
            producer = packed if number % 10 == 0 else plain
            sent.append(await send(producer, topic, one.record, number % topic.partitions))
            if number % 500 == 250:
                await transactional.begin_transaction()
                await send(transactional, topic, raw(topic, uuid4(), 1, 10**12 + number, actor=CANARY), 0)
                await transactional.abort_transaction()
            if number % 250 == 100:
                named = content(raw(topic, uuid4(), 1, 10**12 + number), (b"\xff" + CANARY.encode(), b"x"))
                assert await produce_batch(address, topic, number % topic.partitions, batch([named])) == 0
        await asyncio.gather(*sent)


def telling(world: World, follower: Follower, topic: Topic, on_applied: Callable[[Applied], None]) -> Subscription:
    """The follower's subscription to this topic alone, which tells what it has applied."""
    return Subscription(
        follower.name, [topic], world.kafka.bootstrap, follower.applier, SubscriptionPolicy(), on_applied=on_applied
    )


async def is_assigned(subscription: Subscription) -> bool:
    """Whether it has partitions."""
    return subscription.lag() is not None


async def is_complete(watched: Watched) -> bool:
    """Whether every good event was applied, once."""
    assert len(watched.waits) <= len(watched.sent)
    return len(watched.waits) == len(watched.sent)


async def caught_up(world: World, pool: Pool, topic: Topic) -> None:
    """Wait until the store stands at the end of the topic; markers of transactions may be the end."""
    ends = await world.ends(topic)

    async def there() -> bool:
        stored = await offsets(pool)
        return all(stored.get(place, 0) >= end - 1 for place, end in ends.items())

    await eventually(there)


@pytest.mark.timeout(600)
async def test_s4_a_flood_of_malformed_records_delays_nobody_and_every_one_is_listed_without_its_content(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    topic = await world.topic(partitions=2)
    bad = list(generate(SEED or 0, NUMBER, topic))
    async with world.store() as pool, AIOKafkaProducer(bootstrap_servers=world.kafka.bootstrap) as producer:
        follower = Follower(pool, [topic, topic_named(WAITED_FOR)])
        quiet, flooded = Watched(0), Watched(1_000_000)

        def on_applied(applied: Applied) -> None:
            (flooded if flooded.sent else quiet).applied(applied)

        subscription = telling(world, follower, topic, on_applied)
        async with running(subscription):
            await eventually(lambda: is_assigned(subscription))
            await good_ones(producer, topic, quiet, 1.5)
            await caught_up(world, pool, topic)
            began = time.monotonic()
            flooding = asyncio.create_task(flood(world.kafka.bootstrap, topic, bad))
            await good_ones(producer, topic, flooded, 1.5 + NUMBER / 1000)
            await flooding
            await caught_up(world, pool, topic)
            await eventually(lambda: is_complete(flooded), seconds=20)  # the last one may be where a marker could stand
            seconds = time.monotonic() - began
            assert subscription.halted is None, "bad data was taken for a bad release"
        await listed(pool, bad)
        async with pool.acquire() as connection:
            state = await read_state(connection, owns_topic=False)
        nothing_is_told(state, capfd)
        await nothing_is_written(pool)
        print(told(quiet, flooded, seconds, bad))
        assert statistics.median(flooded.waits) < 5 * statistics.median(quiet.waits) + 1.0, "they wait for the bad ones"
        assert max(flooded.waits) < max(quiet.waits) + 15.0


@pytest.mark.parametrize("flooded", [0, 1])
async def test_s4_a_flood_of_names_that_are_no_text_does_not_keep_another_partition_from_being_read(
    world: World, flooded: int
) -> None:
    """As long as it lasts, some 60 000 records a second: each makes the client lose what it has fetched elsewhere."""
    topic = await world.topic(partitions=2)
    async with world.store() as pool, AIOKafkaProducer(bootstrap_servers=world.kafka.bootstrap) as producer:
        follower, watched = Follower(pool, [topic]), Watched(0)
        subscription = telling(world, follower, topic, watched.applied)
        async with running(subscription):
            await eventually(lambda: is_assigned(subscription))
            flooding = asyncio.create_task(flood_with_names(world.kafka.bootstrap, topic, flooded))
            await good_ones(producer, topic, watched, 2.0, [1 - flooded])
            await eventually(lambda: is_complete(watched), seconds=20)
            assert not flooding.done()
            flooding.cancel()
            await asyncio.gather(flooding, return_exceptions=True)
        assert max(watched.waits) < 6.0, "measured: 0.3 to 1.5 s"


async def flood_with_names(address: str, topic: Topic, partition: int) -> None:
    """Records on one partition with a header whose name is no text, for as long as this is let run."""
    packed = batch(content(raw(topic, uuid4(), 1, 10**12 + number), (b"\xff", b"x")) for number in range(200))
    async with sending(address, topic) as send_batch:
        while await send_batch(partition, packed) == 0:
            pass


async def listed(pool: Pool, bad: Sequence[Malformed]) -> None:
    """Every one has come to what its kind says, under the code that its kind says."""
    held = {row[0]: (row[1], row[2]) for row in await pool.fetch("select stream_id, reason, code from held_stream")}
    kept = {row[0] for row in await pool.fetch("select stream_id from kept_event")}
    wrong = Counter[str]()
    for one in bad:
        match one.kind.verdict:
            case "parked":
                right = held.get(one.stream_id) == ("parked", one.kind.code)
            case "waits":
                right = held.get(one.stream_id, ("", ""))[1] == one.kind.code
            case "kept":
                right = one.stream_id in kept
            case _:
                right = one.stream_id not in held and one.stream_id not in kept
        if not right:
            wrong[
                f"{one.kind.name}: {held.get(one.stream_id) or ('kept' if one.stream_id in kept else 'nowhere')}"
            ] += 1
    assert not wrong, f"not what they should be: {wrong}"
    rejected = Counter(row[0] for row in await pool.fetch("select code from rejected_record"))
    expected = Counter(one.kind.code for one in bad if one.kind.verdict == "rejected")
    expected["envelope-not-text"] += len(range(100, len(bad), 250))  # names that are no text
    assert rejected == expected
    unknown = await pool.fetchval("select count(*) from kept_event where unknown_fields")
    assert unknown == sum(one.kind.name == "an unknown field" for one in bad)


def nothing_is_told(state: StoreState, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither the log nor what an operator is shown repeats anything of a record."""
    out = "".join(capfd.readouterr())
    for text in (out, repr(state)):
        assert "Kanarief" not in text
        assert "191212121212" not in text
    assert len(state.rejected_records) == 100
    assert state.rejected > 100


async def nothing_is_written(pool: Pool) -> None:
    """In the store it stands in the records kept as they came, and nowhere else."""
    records = ("kept_event", "held_event")
    tables = await pool.fetch(
        "select tablename from pg_tables where schemaname = 'public' and tablename <> all($1)", records
    )
    for (table,) in tables:
        found = await pool.fetch(f"select t::text from {table} as t where t::text ~ 'Kanarief|191212121212' limit 2")
        assert not found, f"{table} repeats what a record said: {found}"


def told(quiet: Watched, flooded: Watched, seconds: float, bad: Sequence[Any]) -> str:
    """The figures of the run."""

    def of(watched: Watched) -> str:
        waits = sorted(watched.waits)
        middle, longest = waits[len(waits) // 2] * 1000, waits[-1] * 1000
        return f"{len(waits)} good events, median {middle:.0f} ms, longest {longest:.0f} ms"

    return (
        f"\n{len(bad)} malformed records of {len(KINDS)} kinds in {seconds:.1f} s\n"
        f"  without them: {of(quiet)}\n  among them:   {of(flooded)}"
    )


ACTIVE = ParkingLimit().at_least + 1


async def test_s4_two_dozen_streams_that_a_writer_invents_do_not_halt_his_readers(world: World) -> None:
    topic = topic_named("samverkan.participant.invented")
    async with world.store() as pool:
        follower, good = Follower(pool, [topic]), uuid4()
        log = [replace(raw(topic, uuid4(), 1, number), value=b"{}") for number in range(ACTIVE)]
        applied = await follower.applier.apply(placed(topic, [*log, raw(topic, good, 1, 999)]))
        assert len(applied.parked) == ACTIVE
        assert [event.stream_id for event in applied.events] == [good]


async def test_s4_as_many_streams_that_were_followed_and_become_unreadable_do(world: World) -> None:
    """The writer's release or this one is bad: nobody is to find case after case standing still."""
    topic = topic_named("samverkan.participant.active")
    async with world.store() as pool:
        follower, ids = Follower(pool, [topic]), [uuid4() for _ in range(ACTIVE)]
        await follower.applier.apply(placed(topic, streams(topic, ids, 1)))
        unreadable = [replace(raw(topic, stream, 2, 100 + number), value=b"{}") for number, stream in enumerate(ids)]
        with pytest.raises(Halted):
            await follower.applier.apply(placed(topic, unreadable, start=ACTIVE))
