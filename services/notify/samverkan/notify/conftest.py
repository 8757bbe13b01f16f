"""A service on a real database, without a broker: what a transaction decides is tested there."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid5

import pytest

from samverkan.backbone.app import LiveRuntime
from samverkan.backbone.command import Context
from samverkan.backbone.database import Pool, connect, transaction
from samverkan.backbone.decider import Order
from samverkan.backbone.journal.commands import JournalCommands
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.journal.states import States
from samverkan.backbone.queries import ViewQueries
from samverkan.backbone.recovery.gate import OPEN
from samverkan.backbone.service import Service
from samverkan.backbone.view_table import ViewTables
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.notify.app import build
from samverkan.notify.delivery.test_worker import settings_for
from samverkan.schemas.catalogue import NOTIFICATION


@dataclass
class FixedClock:
    """Tells the instant that the test chose."""

    instant: datetime = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant


@dataclass
class Live:
    """notify's commands and views on a database. `number` gives what was written its log indexes, as a relay does."""

    runtime: LiveRuntime
    clock: FixedClock
    pool: Pool
    service: Service

    async def number(self) -> None:
        async with transaction(self.pool) as connection:
            await connection.execute(
                "with taken as (delete from unsequenced returning position) "
                "insert into log (logindex, position, leaf) "
                "select (select coalesce(max(logindex), -1) from log) + row_number() over (order by position), "
                "position, decode(repeat('00', 32), 'hex') from taken"
            )

    async def does(self, order: Order, name: str) -> None:
        await self.runtime.commands.execute(order, Context(self.clock.now(), uuid5(order.stream_id, name)))


@pytest.fixture
async def live(database: str) -> AsyncIterator[Live]:
    """notify on an empty database; a second replica is made with `replica`."""
    migrate(database, *folders_of("notify"))
    pool = await connect(database)
    async with transaction(pool) as connection:
        await connection.execute("insert into topic (name, partitions) values ($1, 6)", NOTIFICATION.name)
    clock = FixedClock()
    service = build(settings_for(25))
    journal = Journal(NOTIFICATION)
    commands = JournalCommands(
        pool, journal, States(journal), ViewTables(service.views, shared=True), on_commit=lambda: None
    )
    runtime = LiveRuntime(commands, ViewQueries(pool), clock, pool, OPEN)
    yield Live(runtime, clock, pool, service)
    await pool.close()
