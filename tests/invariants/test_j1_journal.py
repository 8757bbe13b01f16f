"""J1: one stream, one history. The version is unique and contiguous whoever writes at the same time."""

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import asyncpg
import pytest

from counters import COUNTER, Count
from samverkan.backbone.command import BlindIndex, Context, Executed, IdempotencyKey
from samverkan.backbone.database import Pool
from samverkan.backbone.decider import Aggregate, Order
from samverkan.backbone.errors import Refused, SamverkanError, Transient, VersionConflict
from samverkan.schemas.support import PlanWritten
from world import World, Writer, topic_named

T = TypeVar("T")

TOPIC = topic_named("samverkan.participant.j1")
TABLES = ("journal", "unsequenced", "stream", "reply", "blind_index", "tally")


async def at_once(calls: Iterable[Awaitable[T]]) -> list[T | SamverkanError]:
    """Release all calls in the same moment; refusals come back as values, anything else fails the test."""
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, SamverkanError):
            raise outcome
    return outcomes  # type: ignore[return-value]


async def versions(pool: Pool, stream_id: UUID) -> list[int]:
    """What the journal holds of a stream."""
    rows = await pool.fetch("select version from journal where stream_id = $1 order by position", stream_id)
    return [row["version"] for row in rows]


async def counts(pool: Pool) -> dict[str, int]:
    """How many rows each table has."""
    return {table: await pool.fetchval(f"select count(*) from {table}") for table in TABLES}


async def test_j1_of_twenty_workers_on_one_expected_version_exactly_one_wins(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        stream = uuid4()
        for expected in range(3):
            outcomes = await at_once(writer.count(stream, expected_version=expected) for _ in range(20))
            won = [outcome for outcome in outcomes if isinstance(outcome, Executed)]
            assert [outcome.version for outcome in won] == [expected + 1]
            assert sum(isinstance(outcome, VersionConflict) for outcome in outcomes) == 19
        assert await versions(pool, stream) == [1, 2, 3]


async def test_j1_without_expected_version_all_twenty_succeed_with_contiguous_versions(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        stream = uuid4()
        outcomes = await at_once(writer.count(stream) for _ in range(20))
        assert sorted(outcome.version for outcome in outcomes if isinstance(outcome, Executed)) == [*range(1, 21)]
        assert await versions(pool, stream) == [*range(1, 21)]
        assert await pool.fetchval("select versions from tally") == [*range(1, 21)], "a view lost an update"


async def test_j1_two_services_processes_with_caches_of_their_own_never_decide_on_an_old_state(world: World) -> None:
    async with world.store() as pool:
        topic = TOPIC
        writers = [await Writer(pool, topic).ready() for _ in range(4)]
        stream = uuid4()

        async def only_at(writer: Writer, number: int) -> Executed:
            context = Context(now=datetime.now(UTC), command_id=uuid4())
            return await writer.commands.execute(Order(COUNTER, stream, Count(only_at=number)), context)

        for number in range(6):
            outcomes = await at_once(only_at(writer, number) for writer in writers)
            assert sum(isinstance(outcome, Executed) for outcome in outcomes) == 1
            assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 3
        assert await versions(pool, stream) == [*range(1, 7)]


@dataclass(frozen=True)
class Plans:
    """The state of another aggregate of the same topic."""

    number: int = 0


def evolve_plans(plans: Plans, event: PlanWritten) -> Plans:
    """Its streams hold no consents."""
    return replace(plans, number=plans.number + 1)


async def test_j1_a_command_on_the_stream_of_another_aggregate_is_refused_and_writes_nothing(world: World) -> None:
    decide: Any = COUNTER.decide
    plans = Aggregate("plans", TOPIC.name, Plans(), decide, evolve_plans, COUNTER.refusal)
    async with world.store() as pool:
        remembers, reads = [await Writer(pool, TOPIC).ready() for _ in range(2)]
        stream = uuid4()
        await remembers.count(stream)
        for writer in (remembers, reads):
            with pytest.raises(Refused, match="not-found"):
                await writer.commands.execute(Order(plans, stream, Count()), Context(datetime.now(UTC), uuid4()))
        assert await versions(pool, stream) == [1]
        assert (await remembers.count(stream)).version == 2


async def test_j1_the_same_idempotency_key_at_once_is_one_execution_and_one_reply(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        stream, key = uuid4(), IdempotencyKey("key-1", b"request")
        outcomes = await at_once(writer.count(stream, idempotency=key) for _ in range(20))
        assert all(isinstance(outcome, Executed) for outcome in outcomes)
        replies = [(o.stream_id, o.version, o.event_types) for o in outcomes if isinstance(o, Executed)]
        assert set(replies) == {(stream, 1, ("ConsentGiven",))}
        assert sum(not o.repeated for o in outcomes if isinstance(o, Executed)) == 1
        assert await versions(pool, stream) == [1]


async def test_j1_an_idempotency_key_for_another_request_is_refused(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        stream = uuid4()
        await writer.count(stream, idempotency=IdempotencyKey("key-1", b"request"))
        with pytest.raises(Refused) as refused:
            await writer.count(stream, idempotency=IdempotencyKey("key-1", b"another"))
        assert refused.value.code == "idempotency-key-reused"
        assert await versions(pool, stream) == [1]


async def test_j1_a_refused_command_leaves_nothing_and_its_key_is_free_again(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        before = await counts(pool)
        key, index = IdempotencyKey("key-1", b"request"), BlindIndex("person", b"digest")
        context = Context(now=datetime.now(UTC), command_id=uuid4())
        with pytest.raises(Refused):
            await writer.commands.execute(
                Order(COUNTER, uuid4(), Count(only_at=7)), context, idempotency=key, blind_index=index
            )
        assert await counts(pool) == before
        await writer.count(uuid4(), idempotency=key, blind_index=index)


async def test_j1_a_view_that_the_database_refuses_takes_the_events_with_it(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        before = await counts(pool)
        with pytest.raises(SamverkanError) as refused:
            await writer.count(uuid4(), "constraint")
        assert refused.value.code == "database-refused"
        assert await counts(pool) == before


async def test_j1_first_commands_for_one_person_at_once_create_one_stream(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        index = BlindIndex("person", b"digest of 191212121212")
        outcomes = await at_once(writer.count(uuid4(), blind_index=index) for _ in range(20))
        assert len({outcome.stream_id for outcome in outcomes if isinstance(outcome, Executed)}) == 1
        assert sorted(o.version for o in outcomes if isinstance(o, Executed)) == [*range(1, 21)]
        assert await pool.fetchval("select count(*) from stream") == 1


async def test_r3_a_record_that_kafka_would_refuse_is_refused_when_the_command_comes_in(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        stream = uuid4()
        with pytest.raises(Refused) as refused:
            await writer.count(stream, "x" * 900_000)
        assert refused.value.code == "event-too-large"
        # Counted in bytes, not in characters: 300 001 of these are 900 003 bytes.
        with pytest.raises(Refused):
            await writer.commands.execute(
                Order(COUNTER, stream, Count()),
                Context(now=datetime.now(UTC), command_id=uuid4(), actor="ö€" * 180_000),
            )
        assert await versions(pool, stream) == []
        await writer.count(stream, "x" * 890_000)
        assert await versions(pool, stream) == [1]


class Unsure:
    """A pool whose connection breaks in the moment of the commit: PostgreSQL has committed, nobody heard of it."""

    def __init__(self, pool: Pool, times: int) -> None:
        self.pool = pool
        self.times = times

    def acquire(self) -> Any:
        """A connection that goes away after its commit."""
        return _UnsureConnection(self)


class _UnsureConnection:
    def __init__(self, unsure: Unsure) -> None:
        self._unsure = unsure
        self._acquired = unsure.pool.acquire()

    async def __aenter__(self) -> Any:
        return await self._acquired.__aenter__()

    async def __aexit__(self, *error: Any) -> None:
        await self._acquired.__aexit__(*error)
        if error[0] is None and self._unsure.times:
            self._unsure.times -= 1
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")


@pytest.mark.parametrize("idempotent", [True, False])
async def test_j1_a_commit_whose_answer_was_lost_is_neither_doubled_nor_reported_as_failed(
    world: World, idempotent: bool
) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        writer.commands._pool = Unsure(pool, 1)  # type: ignore[assignment]
        stream = uuid4()
        key = IdempotencyKey("key-1", b"request") if idempotent else None
        executed = await writer.count(stream, idempotency=key, expected_version=0)
        assert (executed.stream_id, executed.version, executed.event_types) == (stream, 1, ("ConsentGiven",))
        assert await versions(pool, stream) == [1]
        again = await writer.count(stream)
        assert again.version == 2


async def test_j1_a_database_that_stays_away_is_transient_after_five_attempts(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()

        class Away:
            attempts = 0

            def acquire(self) -> Any:
                self.attempts += 1
                raise ConnectionRefusedError

        away = Away()
        writer.commands._pool = away  # type: ignore[assignment]
        with pytest.raises(Transient):
            await writer.count(uuid4())
        assert away.attempts == 5
