"""J1: concurrent commands with and without idempotency keys and expected versions, over connections that break before
or after the commit: each key has one effect and one answer, and nothing that was answered is lost.

The model is a sentence: the journal holds one event for every command that was answered with one, and no other.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID, uuid5

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counters import COUNTER, Count
from records import INSTANT
from samverkan.backbone.command import Context, Executed, IdempotencyKey
from samverkan.backbone.database import Pool
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Refused, Transient, VersionConflict
from scale import explored
from world import World, Writer, topic_named

TOPIC = topic_named("samverkan.participant.commands")

Breaks = Literal["before the commit", "after the commit", ""]


@dataclass(frozen=True)
class Asked:
    """One request. `breaks`: what becomes of the connection of its first attempts."""

    stream: int
    key: int | None
    expected: int | None
    breaks: tuple[Breaks, ...]


asked = st.builds(
    Asked,
    stream=st.integers(0, 1),
    key=st.one_of(st.none(), st.integers(0, 2)),
    expected=st.one_of(st.none(), st.none(), st.integers(0, 4)),
    breaks=st.lists(st.sampled_from(["before the commit", "after the commit", ""]), max_size=6).map(tuple),
)


class BreakingPool:
    """A pool whose next connections break as told."""

    def __init__(self, pool: Pool, breaks: tuple[Breaks, ...]) -> None:
        self._pool = pool
        self._breaks = list(breaks)

    def acquire(self) -> Any:
        """A connection that breaks, or not."""
        return _Breaking(self._pool.acquire(), self._breaks.pop(0) if self._breaks else "")


class _Breaking:
    def __init__(self, acquired: Any, breaks: Breaks) -> None:
        self._acquired, self._breaks = acquired, breaks

    async def __aenter__(self) -> Any:
        self._connection = await self._acquired.__aenter__()
        if self._breaks != "before the commit":
            return self._connection
        return _NeverCommits(self._connection)

    async def __aexit__(self, *error: Any) -> None:
        await self._acquired.__aexit__(*error)
        if self._breaks == "after the commit" and error[0] is None:
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")


class _NeverCommits:
    """A connection on which everything works but the commit."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def transaction(self, **options: Any) -> Any:
        return _RolledBack(self._connection.transaction(**options))


class _RolledBack:
    def __init__(self, transaction: Any) -> None:
        self._transaction = transaction

    async def __aenter__(self) -> Any:
        return await self._transaction.__aenter__()

    async def __aexit__(self, *error: Any) -> None:
        await self._transaction.__aexit__(asyncpg.ConnectionDoesNotExistError, None, None)
        if error[0] is None:
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")


@pytest.fixture
def runner() -> Any:
    """One event loop for all examples."""
    with asyncio.Runner() as made:
        yield made


def test_j1_whatever_breaks_each_key_has_one_effect_and_every_answer_is_true(
    world: World, runner: asyncio.Runner
) -> None:
    stack = AsyncExitStack()
    pool = runner.run(stack.enter_async_context(world.store()))

    @explored(20)
    @given(st.lists(st.lists(asked, min_size=1, max_size=6), min_size=1, max_size=3))
    def check(rounds: list[list[Asked]]) -> None:
        runner.run(play(pool, rounds))

    try:
        check()
    finally:
        runner.run(stack.aclose())


async def play(pool: Pool, rounds: list[list[Asked]]) -> None:
    """Ask all of a round at once, one round after the other, in an empty journal; then compare."""
    await pool.execute("truncate journal, unsequenced, stream, reply, tally cascade")
    writer = await Writer(pool, TOPIC).ready()
    answers: list[tuple[Asked, Executed | Exception]] = []
    number = 0
    for requests in rounds:
        outcomes = await asyncio.gather(*(ask(writer, pool, one, number + n) for n, one in enumerate(requests)))
        number += len(requests)
        answers += zip(requests, outcomes, strict=True)
    written = await pool.fetch("select stream_id, version from journal order by position")
    for stream in (0, 1):
        versions = [row["version"] for row in written if row["stream_id"] == _stream(stream)]
        assert versions == list(range(1, len(versions) + 1)), "versions are not contiguous"
    effects = {(row["stream_id"], row["version"]) for row in written}
    told: dict[tuple[UUID, int], set[object]] = {}
    for position, (request, answer) in enumerate(answers):
        if isinstance(answer, Executed):
            place = (answer.stream_id, answer.version)
            assert place in effects, "an answered command is not in the journal"
            told.setdefault(place, set()).add(position if request.key is None else f"key {request.key}")
    assert all(len(askers) == 1 for askers in told.values()), "two commands were told of one event"
    by_key = [str(asker) for askers in told.values() for asker in askers if isinstance(asker, str)]
    assert len(by_key) == len(set(by_key)), "a key had two effects"
    if not any(isinstance(answer, Transient) for _, answer in answers):  # of those nobody knows
        assert told.keys() == effects, "an event that nobody was told of"


async def ask(writer: Writer, pool: Pool, request: Asked, number: int) -> Executed | Exception:
    """One request over connections of its own; a refusal comes back as a value."""
    own = Writer(pool, TOPIC)
    own.commands._pool = BreakingPool(pool, request.breaks)  # type: ignore[assignment]
    context = Context(now=INSTANT, command_id=uuid5(UUID(int=77), str(number)))
    # The request under a key is always the same: its stream and what it expects follow from the key.
    stream, expected = (request.stream, request.expected) if request.key is None else (request.key % 2, None)
    try:
        return await own.commands.execute(
            Order(COUNTER, _stream(stream), Count()),
            context,
            expected_version=expected,
            idempotency=None if request.key is None else IdempotencyKey(f"key-{request.key}", b"request"),
        )
    except (VersionConflict, Transient, Refused) as error:
        return error


def _stream(number: int) -> UUID:
    return uuid5(UUID(int=78), str(number))
