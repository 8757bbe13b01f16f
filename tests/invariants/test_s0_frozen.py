"""S0: a process that freezes in the middle of a COPY keeps its locks for ever, as far as PostgreSQL is concerned."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest

from records import streams
from samverkan.backbone.database import Pool
from verdicts import applied_once
from world import Follower, World, eventually, running

COLUMNS = ("stream_id", "topic", "version")


@asynccontextmanager
async def frozen_member(dsn: str, name: str) -> AsyncIterator[None]:
    """A member that holds the subscription's lock and sends no more data."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("insert into subscription (name) values ($1) on conflict do nothing", name)

    async def rows() -> AsyncIterator[tuple[object, ...]]:
        yield (uuid4(), "a topic", 1)
        await asyncio.sleep(3600)

    async def write() -> str:
        async with connection.transaction():
            await connection.fetch("select from subscription where name = $1 for update", name)
            return str(await connection.copy_records_to_table("head", records=rows(), columns=COLUMNS))

    task = asyncio.create_task(write())
    await asyncio.sleep(0.2)
    try:
        assert not task.done(), task.exception()
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        connection.terminate()


async def test_s0_a_member_frozen_in_the_middle_of_a_copy_is_ended_by_those_who_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samverkan.backbone.subscription.subscription.FROZEN_SECONDS", 1.0)
    topic, ids = await world.topic(), [uuid4() for _ in range(3)]
    async with world.store() as pool:
        follower = Follower(pool, [topic])
        name = await pool.fetchval("select current_database()")
        async with frozen_member(world.dsn(name), follower.name):
            await world.produce(topic, streams(topic, ids, 4))
            async with running(follower.subscription(world.kafka)):
                await eventually(lambda: stands_at(pool, 12), seconds=40)  # it would wait for ever
        await applied_once(pool, dict.fromkeys(ids, 4))


async def stands_at(pool: Pool, records: int) -> bool:
    """Whether so many records are applied."""
    return bool(await pool.fetchval("select count(*) >= $1 from kept_event", records))
