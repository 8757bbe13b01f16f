"""S0: a process that freezes in mid-statement keeps its locks for ever, as far as PostgreSQL is concerned."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

import asyncpg
import pytest
from pydantic import SecretStr

from counters import Tallies
from records import streams
from samverkan.backbone import app
from samverkan.backbone.clock import SystemClock
from samverkan.backbone.database import Pool
from samverkan.backbone.frozen import watch_frozen
from samverkan.backbone.service import Service
from samverkan.backbone.settings import Settings
from verdicts import applied_once
from world import World, eventually

COLUMNS = ("stream_id", "topic", "version")


@asynccontextmanager
async def frozen_member(dsn: str, name: str, moment: str) -> AsyncIterator[None]:
    """A member that holds the subscription's lock and says no more."""
    settings = {"idle_in_transaction_session_timeout": "1000"}
    connection = await asyncpg.connect(dsn, server_settings=settings)
    await connection.execute("insert into subscription (name) values ($1) on conflict do nothing", name)

    async def rows() -> AsyncIterator[tuple[object, ...]]:
        yield (uuid4(), "a topic", 1)
        await asyncio.sleep(3600)

    async def write() -> str:
        async with connection.transaction():
            await connection.fetch("select from subscription where name = $1 for update", name)
            return str(await connection.copy_records_to_table("head", records=rows(), columns=COLUMNS))

    async def prepare() -> str:
        """The driver prepares a statement and does not come to execute it."""
        async with connection.transaction():
            await connection.fetch("select from subscription where name = $1 for update", name)
            await connection.prepare("update subscription set halted_at = null where name = $1")
            await asyncio.sleep(3600)
            return "woken"

    async def read() -> str:
        """The client takes no more of a long result."""
        async with connection.transaction():
            await connection.fetch("select from subscription where name = $1 for update", name)
            asyncio.get_running_loop().call_later(0.05, connection._transport.pause_reading)  # type: ignore[attr-defined]
            return str(await connection.fetch("select repeat('x', 100000) from generate_series(1, 1000)"))

    task = asyncio.create_task({"copy": write, "prepared": prepare, "result": read}[moment]())
    await asyncio.sleep(0.2)
    try:
        assert not task.done(), task.exception()
        yield
    finally:
        task.cancel()
        connection.terminate()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("moment", ["copy", "prepared", "result"])
async def test_s0_a_member_frozen_in_the_middle_of_a_statement_is_ended_by_those_who_wait(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    monkeypatch.setattr(app, "watch_frozen", partial(watch_frozen, seconds=1.0))
    topic, ids, stopping = await world.topic(), [uuid4() for _ in range(3)], asyncio.Event()
    service = Service(f"follower-{uuid4().hex[:8]}", (topic,), views=(Tallies(),))
    async with world.store() as pool:
        dsn = world.dsn(await pool.fetchval("select current_database()"))
        settings = Settings(database_url=SecretStr(dsn), kafka_bootstrap=world.kafka.bootstrap, http_port=0)
        async with frozen_member(dsn, service.name, moment):
            await world.produce(topic, streams(topic, ids, 4))
            process = asyncio.create_task(app.wire(service, settings, pool, SystemClock()).run(stopping))
            await eventually(lambda: stands_at(pool, 12), seconds=40)  # it would wait for ever
        stopping.set()
        await process
        await applied_once(pool, dict.fromkeys(ids, 4))


async def test_s0_a_long_copy_that_others_wait_for_is_left_alone(world: World) -> None:
    """As that of a restore: for most of the time the database waits for its data."""
    async with world.store() as pool, pool.acquire() as writer, pool.acquire() as waiter:

        async def lines() -> AsyncIterator[bytes]:
            for _ in range(15):
                yield f"{uuid4()},a topic,1\n".encode()
                await asyncio.sleep(0.2)

        watching = asyncio.create_task(watch_frozen(pool, seconds=1.0))
        async with writer.transaction():
            await writer.execute("lock table subscription")
            waiting = asyncio.create_task(waiter.fetch("select from subscription for update"))
            assert await writer.copy_to_table("head", source=lines(), columns=COLUMNS, format="csv") == "COPY 15"
        await waiting
        watching.cancel()


async def stands_at(pool: Pool, records: int) -> bool:
    """Whether so many records are applied."""
    return bool(await pool.fetchval("select count(*) >= $1 from kept_event", records))
