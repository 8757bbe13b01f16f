"""A publishing service with its W2 parts, in this process; and its database put back from a dump while it lives."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from counters import COUNTER, Count, Tallies
from samverkan.backbone.command import Context, Executed
from samverkan.backbone.database import Pool
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Transient
from samverkan.backbone.journal.commands import JournalCommands
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.journal.states import States
from samverkan.backbone.recovery.gate import Gate
from samverkan.backbone.recovery.keeper import Keeper
from samverkan.backbone.recovery.recovery import Recovery
from samverkan.backbone.relay.relay import Relay, RelayPolicy
from samverkan.backbone.view import View
from samverkan.backbone.view_table import ViewTables
from samverkan.deploy.embedded.postgres import BINARIES, SUPERUSER
from samverkan.schemas.catalogue import Topic
from world import World, eventually


@dataclass
class Acknowledged:
    """Commands that were answered, by their stream: the last version that the caller was told of."""

    versions: dict[UUID, int] = field(default_factory=dict)
    refused: int = 0

    async def reach(self, number: int) -> None:
        """Wait until so many were."""

        async def enough() -> bool:
            return sum(self.versions.values()) >= number

        await eventually(enough, seconds=60)


class Publisher:
    """Commands, relay and recovery of one service process, on one database and topic."""

    def __init__(
        self, pool: Pool, topic: Topic, bootstrap: str, *, gate: Gate | None = None, views: Sequence[View[Any]] = ()
    ) -> None:
        self.pool = pool
        self.topic = topic
        self.journal = Journal(topic)
        self.states = States(self.journal)
        self.gate = gate or Gate(on_change=self.states.forget)
        self.keeper = Keeper(pool, self.gate)
        tables = ViewTables(views or [Tallies()], shared=True)
        self.recovery = Recovery(pool, topic, bootstrap, tables, self.keeper)
        self.relay = Relay(
            pool, topic, bootstrap, RelayPolicy(lease_seconds=3.0, retry_seconds=0.1), guard=self.recovery
        )
        self.commands = JournalCommands(
            pool, self.journal, self.states, tables, on_commit=self.relay.wake, gate=self.gate
        )

    async def count(self, stream_id: UUID, *, command_id: UUID | None = None, **more: Any) -> Executed:
        """Count once."""
        context = Context(now=datetime.now(UTC), command_id=command_id or uuid4())
        return await self.commands.execute(Order(COUNTER, stream_id, Count()), context, **more)

    async def accepted(self, stream_id: UUID) -> Executed:
        """Count once, coming again as long as the service asks for it."""
        deadline = asyncio.get_running_loop().time() + 60
        while True:
            try:
                return await self.count(stream_id)
            except Transient:
                assert asyncio.get_running_loop().time() < deadline
                await asyncio.sleep(0.05)

    async def opened(self) -> None:
        """Wait until commands are welcome."""

        async def is_open() -> bool:
            return self.gate.reason is None

        await eventually(is_open, seconds=60)

    async def sent(self) -> None:
        """Wait until Kafka has acknowledged every committed row."""

        async def all_sent() -> bool:
            try:
                row = await self.pool.fetchrow(
                    "select next = cursor and not exists (select from unsequenced) as sent from sequencer"
                )
            except (asyncpg.PostgresError, OSError):
                return False
            return row is not None and bool(row["sent"])

        await eventually(all_sent, seconds=60)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run until the block ends."""
        tasks = [asyncio.create_task(self.relay.run()), asyncio.create_task(self.keeper.run())]
        try:
            yield
        finally:
            self.relay.drain()
            self.keeper.stop()
            for outcome in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(outcome, BaseException):
                    raise outcome

    @asynccontextmanager
    async def load(self, streams: Sequence[UUID], appenders: int = 4) -> AsyncIterator[Acknowledged]:
        """Commands on these streams, each appender on its own, for as long as the block runs; what the database says
        no to for now is tried again, as callers do."""
        told, stopped = Acknowledged(), asyncio.Event()

        async def appender(own: Sequence[UUID]) -> None:
            number = 0
            while not stopped.is_set():
                stream = own[number % len(own)]
                number += 1
                try:
                    executed = await self.count(stream)
                except Transient:
                    told.refused += 1
                    await asyncio.sleep(0.02)
                else:
                    told.versions[stream] = executed.version
                await asyncio.sleep(0.002)

        tasks = [asyncio.create_task(appender(streams[each::appenders])) for each in range(appenders)]
        try:
            yield told
        finally:
            stopped.set()
            await asyncio.gather(*tasks)


def dump(world: World, database: str, file: Path) -> None:
    """Back the database up as an operator would, while it is used."""
    _tool("pg_dump", world, "--format=custom", f"--file={file}", database)


async def put_back(world: World, database: str, file: Path) -> None:
    """Put the backup in the place of the database, whoever is connected."""
    await world._manage(f"drop database {database} with (force)")
    await world._manage(f"create database {database}")
    await asyncio.to_thread(_tool, "pg_restore", world, "--single-transaction", f"--dbname={database}", str(file))


def restore_into(world: World, database: str, file: Path) -> None:
    """Restore the backup into the living database, as nobody should."""
    _tool("pg_restore", world, "--clean", "--if-exists", "--single-transaction", f"--dbname={database}", str(file))


def _tool(program: str, world: World, *arguments: str) -> None:
    where = ["--host", str(world.postgres.socket_folder), "--username", SUPERUSER]
    subprocess.run([BINARIES / program, *where, *arguments], check=True, capture_output=True)
