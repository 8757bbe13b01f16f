"""J1 when commands share a transaction: each has the outcome that it would have alone."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from counters import COUNTER, Count
from samverkan.backbone.command import Context, Executed, IdempotencyKey
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Refused, SamverkanError, VersionConflict
from test_j1_journal import TOPIC, Unsure, at_once, versions
from world import World, Writer


async def test_j1_commands_that_come_at_once_share_transactions(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        streams = [uuid4() for _ in range(40)]
        outcomes = await at_once(writer.count(stream) for stream in streams)
        assert [(o.stream_id, o.version) for o in outcomes if isinstance(o, Executed)] == [(s, 1) for s in streams]
        assert await pool.fetchval("select count(distinct xmin::text) from journal") <= 5
        assert await pool.fetchval("select count(*) from journal") == 40
        assert await pool.fetchval("select count(*) from unsequenced") == 40


async def test_j1_a_refusal_in_a_group_is_nobody_elses(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        used, free = IdempotencyKey("used", b"request"), IdempotencyKey("free", b"request")
        first, good = uuid4(), [uuid4() for _ in range(6)]
        await writer.count(first, idempotency=used)
        context = Context(now=datetime.now(UTC), command_id=uuid4())
        outcomes: list[Any] = await at_once(
            [
                *(writer.count(uuid4()) for _ in range(2)),  # these fill the lanes, so that the others go together
                *(writer.count(stream, idempotency=IdempotencyKey(f"good {stream}", b"request")) for stream in good),
                writer.commands.execute(Order(COUNTER, uuid4(), Count(only_at=7)), context, idempotency=free),
                writer.count(uuid4(), expected_version=3),
                writer.count(uuid4(), idempotency=IdempotencyKey("used", b"another")),
                writer.count(uuid4(), idempotency=used),
            ]
        )
        assert all(isinstance(outcome, Executed) and not outcome.repeated for outcome in outcomes[:8])
        refused, conflict, reused, repeated = outcomes[8:]
        assert isinstance(refused, Refused) and refused.code == "not-at-that-number"
        assert isinstance(conflict, VersionConflict)
        assert isinstance(reused, Refused) and reused.code == "idempotency-key-reused"
        assert isinstance(repeated, Executed) and repeated.repeated and repeated.stream_id == first
        assert await pool.fetchval("select count(*) from journal") == 1 + 8
        assert await pool.fetchval("select count(*) from reply where reply is null") == 0
        assert not (await writer.count(uuid4(), idempotency=free)).repeated, "the refused one's key is free again"


async def test_j1_what_is_done_together_is_done_once_and_whole(world: World) -> None:
    """The key is that of all: asked again, the first is answered and the others are not decided a second time."""
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        first, other = uuid4(), uuid4()
        key, context = IdempotencyKey("exit", b"request"), Context(now=datetime.now(UTC), command_id=uuid4())

        def together(only_at: int | None = None, **more: Any) -> Any:
            orders = Order(COUNTER, first, Count()), Order(COUNTER, other, Count(only_at=only_at))
            return writer.commands.execute_together(orders, context, idempotency=key, **more)

        with pytest.raises(Refused, match="not-at-that-number"):
            await together(only_at=7)
        with pytest.raises(VersionConflict):
            await together(expected_version=3)
        assert await pool.fetchval("select count(*) from journal") == 0, "nothing of either"
        assert [executed.version for executed in await together()] == [1, 1], "the refused one's key was free"
        (again,) = await together()
        assert (again.stream_id, again.version, again.repeated) == (first, 1, True)
        assert await pool.fetchval("select count(*) from journal") == 2


async def test_j1_a_write_that_the_database_refuses_fails_only_its_own_command(world: World) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        streams = [uuid4() for _ in range(8)]
        outcomes = await at_once(
            writer.count(stream, "constraint" if number == 5 else "test") for number, stream in enumerate(streams)
        )
        assert isinstance(outcomes[5], SamverkanError) and outcomes[5].code == "database-refused"
        assert all(isinstance(one, Executed) for number, one in enumerate(outcomes) if number != 5)
        assert await pool.fetchval("select count(*) from journal") == 7
        assert await versions(pool, streams[5]) == []


@pytest.mark.parametrize("idempotent", [True, False])
async def test_j1_a_groups_commit_whose_answer_was_lost_is_neither_doubled_nor_reported_as_failed(
    world: World, idempotent: bool
) -> None:
    async with world.store() as pool:
        writer = await Writer(pool, TOPIC).ready()
        writer.commands._pool = Unsure(pool, 3)  # type: ignore[assignment]
        streams = [uuid4() for _ in range(12)]
        outcomes = await at_once(
            writer.count(stream, idempotency=IdempotencyKey(str(stream), b"request") if idempotent else None)
            for stream in streams
        )
        assert [(o.stream_id, o.version) for o in outcomes if isinstance(o, Executed)] == [(s, 1) for s in streams]
        assert await pool.fetchval("select count(*) from journal") == 12
