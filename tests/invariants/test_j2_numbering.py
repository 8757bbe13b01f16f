"""J2: the relay gives the order. No committed row is skipped, whatever the appenders' transactions do meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from random import Random
from uuid import UUID, uuid4

import pytest

from records import DAY
from samverkan.backbone.command import Context
from samverkan.backbone.database import Connection, Pool, sql, transaction
from samverkan.backbone.errors import Transient
from samverkan.backbone.journal.journal import Journal, Write
from samverkan.backbone.relay.guard import LeaseLost
from samverkan.backbone.relay.relay import Relay, RelayPolicy
from samverkan.schemas.participant import ConsentGiven
from scale import scaled, seeded
from verdicts import log_is_whole
from world import World, Writer, topic_named

TOPIC = topic_named("samverkan.participant.j2")
EVENT = ConsentGiven(agency="af", purpose="test", compartments=(), given_on=DAY)


class RolledBack(Exception):
    """The appender changed its mind."""


def numbering(pool: Pool, *, batch_rows: int = 40, lease_seconds: float = 5.0) -> Relay:
    """A relay that is used for numbering only: no broker is asked."""
    return Relay(pool, TOPIC, "nowhere:1", RelayPolicy(batch_rows=batch_rows, lease_seconds=lease_seconds))


async def number_until(relay: Relay, done: asyncio.Event) -> None:
    """Number what is there until nobody appends any more, then once more."""
    cursor = await relay._take_lease()
    while True:
        last = done.is_set()
        rows = await relay.number(cursor)
        cursor += len(rows)
        if last and not rows:
            return
        await asyncio.sleep(0.001)


async def append(connection: Connection, journal: Journal, streams: Sequence[UUID], random: Random) -> None:
    """Events on several streams in one transaction, with a savepoint that is undone and a pause before the commit."""
    heads = await journal.lock_heads(connection, streams)
    context = Context(now=datetime.now(UTC), command_id=uuid4())
    writes = [Write(heads[stream], [EVENT] * random.randint(1, 3), context) for stream in heads]
    if random.random() < 0.5:
        with suppress(RolledBack):
            async with connection.transaction():
                await journal.append(connection, journal.prepare(writes))
                raise RolledBack
    async with connection.transaction():
        await journal.append(connection, journal.prepare(writes))
    await asyncio.sleep(random.choice([0, 0.002, 0.02]))
    if random.random() < 0.25:
        raise RolledBack


async def test_j2_no_committed_row_is_skipped_when_appenders_sleep_undo_and_roll_back(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        streams = [uuid4() for _ in range(12)]
        done = asyncio.Event()
        committed = 0

        async def appender(seed: int) -> None:
            nonlocal committed
            random = seeded(seed)
            for _ in range(scaled(15)):
                with suppress(RolledBack):
                    async with transaction(pool) as connection:
                        await append(connection, writer.journal, random.sample(streams, random.randint(1, 4)), random)
                    committed += 1

        numbers = asyncio.create_task(number_until(numbering(pool), done))
        await asyncio.gather(*(appender(seed) for seed in range(16)))
        done.set()
        await numbers
        rows = await log_is_whole(pool)
        assert rows > committed > scaled(100), "the test wrote too little to prove anything"
        sequence = await pool.fetchval(
            "select last_value from pg_sequence_last_value('journal_position_seq') as last_value"
        )
        assert sequence > rows, "nothing was rolled back: no hole in the sequence was there to be jumped over"


async def test_j2_an_open_transaction_delays_only_its_own_rows(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        relay = numbering(pool)
        cursor = await relay._take_lease()
        slow, quick = uuid4(), uuid4()
        async with open_append(pool, writer.journal, slow):
            await writer.count(quick)  # takes a later position and commits earlier
            rows = await relay.number(cursor)
            assert [row.key for row in rows] == [str(quick).encode()]
        rows += await relay.number(cursor + 1)
        assert [row.key for row in rows] == [str(quick).encode(), str(slow).encode()]
        assert rows[1].position < rows[0].position, "the case that a cursor on position would have skipped"
        await log_is_whole(pool)


async def test_j2_a_transaction_open_in_another_database_delays_nothing(world: World) -> None:
    async with world.store() as pool, world.store() as other, other.acquire() as elsewhere:
        writer = await Writer(pool, TOPIC).ready()
        relay = numbering(pool)
        async with elsewhere.transaction():
            await elsewhere.execute("insert into topic values ('open', 1)")
            await writer.count(uuid4())
            assert len(await relay.number(await relay._take_lease())) == 1


async def test_j2_versions_of_one_stream_in_one_transaction_keep_their_order(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        streams = sorted(uuid4() for _ in range(50))
        async with transaction(pool) as connection:
            heads = await writer.journal.lock_heads(connection, streams)
            context = Context(now=datetime.now(UTC), command_id=uuid4())
            writes = [Write(heads[stream], [EVENT] * 20, context) for stream in reversed(streams)]
            await writer.journal.append(connection, writer.journal.prepare(writes))
        done = asyncio.Event()
        done.set()
        await number_until(numbering(pool, batch_rows=300), done)
        assert await log_is_whole(pool) == 1000


async def test_j2_two_transactions_on_the_same_streams_in_opposite_order_never_deadlock(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        streams = [uuid4() for _ in range(8)]

        async def appender(order: Sequence[UUID]) -> None:
            for _ in range(scaled(15)):
                async with transaction(pool) as connection:  # a deadlock would be Transient and fail the test
                    heads = await writer.journal.lock_heads(connection, order)
                    context = Context(now=datetime.now(UTC), command_id=uuid4())
                    writes = [Write(heads[stream], [EVENT], context) for stream in order]
                    await writer.journal.append(connection, writer.journal.prepare(writes))

        await asyncio.gather(*(appender(order) for order in (streams, streams[::-1]) * 4))
        assert await pool.fetchval("select min(version) from stream") == scaled(15) * 8


async def test_j2_a_relay_without_the_lease_numbers_nothing(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        await writer.count(uuid4())
        active, standby = numbering(pool), numbering(pool)
        await active._take_lease()
        with pytest.raises(LeaseLost):
            await standby._take_lease()
        with pytest.raises(LeaseLost):
            await standby.number(0)
        assert await pool.fetchval("select count(*) from log") == 0


async def test_j2_nobody_takes_the_lease_in_the_middle_of_numbering(world: World) -> None:
    """Otherwise both would give the same log indexes."""
    async with world.store() as pool:
        active, standby = numbering(pool, lease_seconds=0.05), numbering(pool)
        await active._take_lease()
        await asyncio.sleep(0.1)  # the lease has run out, and nobody has noticed
        async with transaction(pool) as connection:
            lock = sql("samverkan.backbone.relay", "lock_sequencer.sql")
            assert await connection.fetchrow(lock, active._holder) is not None
            taking = asyncio.create_task(standby._take_lease())
            await asyncio.wait([taking], timeout=0.3)
            assert not taking.done()
        await taking


async def test_j2_without_the_topics_partition_count_a_command_waits_instead_of_guessing(world: World) -> None:
    async with world.store() as pool:
        writer = Writer(pool, TOPIC)
        with pytest.raises(Transient) as refused:
            await writer.count(uuid4())
        assert refused.value.code == "topic-unknown"
        assert await pool.fetchval("select count(*) from stream") == 0


@asynccontextmanager
async def open_append(pool: Pool, journal: Journal, stream: UUID) -> AsyncIterator[None]:
    """An append that is written and not committed while the block runs."""
    async with transaction(pool) as connection:
        heads = await journal.lock_heads(connection, [stream])
        context = Context(now=datetime.now(UTC), command_id=uuid4())
        await journal.append(connection, journal.prepare([Write(heads[stream], [EVENT], context)]))
        yield
