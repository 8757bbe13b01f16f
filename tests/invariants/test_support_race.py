"""Two approvals for one person at the same instant, in as many processes as there are: what each alone may be granted,
both together may not (docs/decisions/0017).

Each decision is on a stream of its own, so J1 alone does not make them one after the other. The row that counts what
a person was granted does: it is locked before the events are written, and must be what the decision rested on.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4, uuid5

import httpx
import pytest

from samverkan.backbone.database import Pool, connect, transaction
from samverkan.backbone.http.build import build_http
from samverkan.backbone.queries import ViewQueries
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.runtime import Runtime
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.unwired import unwired
from samverkan.backbone.view_table import ViewTables, keys_by_table
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.funding.app import build
from samverkan.funding.settings import FundingSettings
from samverkan.schemas.catalogue import FUNDING, PLACEMENT
from samverkan.schemas.envelope import Envelope
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import PlacementAgreed, Terms, Workplace
from world import World, Writer

PROCESSES, PERSONS = 3, 8
TIMRA, SKELLEFTEA = "2120002395", "2120002643"
SERVICE = build(unwired(FundingSettings))


@dataclass(frozen=True)
class Processes:
    """Several processes of funding on one database, each with its own caches."""

    clients: Sequence[httpx.AsyncClient]
    pool: Pool

    async def post(self, number: int, path: str, actor: str, **body: Any) -> httpx.Response:
        """To that process, with a key of its own."""
        headers = {"Idempotency-Key": uuid4().hex, "Samverkan-Agency": "af", "Samverkan-Actor": actor}
        return await self.clients[number % PROCESSES].post(path, json=body, headers=headers)

    async def prepared(self, case_id: UUID, employer: str, starts_on: date, ends_on: date) -> str:
        """The path of a compensation for a placement there and then that waits for its decision."""
        placement = uuid5(case_id, f"{employer}/{starts_on}")
        agreed = PlacementAgreed(
            case_id=case_id,
            form=Programme.INTRODUKTIONSJOBB,
            starts_on=starts_on,
            ends_on=ends_on,
            extent=Decimal(1),
            agreed_on=date(2026, 2, 13),
            employment=Workplace(employer_number=employer, employer_name="A", workplace="B", supervisor="C"),
            economy=Terms(gross_per_month=Decimal(24000), birth_year=1988),
        )
        await self._told(placement, agreed)
        facts = {"applied_on": "2026-02-16", "second_year_need": True}
        asked = await self.post(0, "/compensations", "af-1", placement_id=str(placement), **facts)
        assert asked.status_code == 201, asked.text
        path = asked.headers["location"]
        assert (await self.post(0, f"{path}/check", "af-1", checked_on="2026-02-18")).status_code == 200
        return path

    async def approve(self, number: int, path: str) -> str:
        """`granted`, or the code of the refusal."""
        answer = await self.post(number, f"{path}/approve", "af-2", decided_on="2026-02-20")
        return "granted" if answer.status_code == 200 else str(answer.json()["code"])

    async def _told(self, placement: UUID, agreed: PlacementAgreed) -> None:
        now = datetime(2026, 2, 13, tzinfo=UTC)
        envelope = Envelope(
            id=uuid4(),
            source=PLACEMENT.source,
            type=agreed.wire_type(),
            stream_id=placement,
            version=1,
            time=now,
            recorded_at=now,
            correlation_id=agreed.case_id,
            command_id=uuid4(),
        )
        recorded = Recorded(PLACEMENT.name, envelope, agreed)
        views = ViewTables(SERVICE.views, shared=True)
        async with transaction(self.pool) as connection:
            folding = await views.read(connection, keys_by_table(views.views, [recorded]))
            folding.apply(recorded)
            await views.write(connection, folding)


@asynccontextmanager
async def processes(world: World) -> AsyncIterator[Processes]:
    dsn = world.postgres.create_database(f"race_{uuid4().hex[:10]}")
    migrate(dsn, *folders_of("funding"))
    pool = await connect(dsn, max_size=40)
    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(PROCESSES):
            writer = await Writer(pool, FUNDING, views=SERVICE.views).ready()
            runtime = SimpleNamespace(
                commands=writer.commands, queries=ViewQueries(pool), now=lambda: datetime(2026, 2, 20, 9, tzinfo=UTC)
            )
            app = build_http(SERVICE, cast("Runtime", runtime), Health())
            client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://funding")
            clients.append(await stack.enter_async_context(client))
        yield Processes(clients, pool)
    await pool.close()


@pytest.fixture(scope="module")
def persons() -> list[UUID]:
    return [UUID(int=7000 + number) for number in range(PERSONS)]


async def test_approvals_at_one_instant_never_grant_more_than_the_longest_time_or_two_at_one_employer(
    world: World, persons: list[UUID]
) -> None:
    async with processes(world) as funding:
        for person in persons:
            first = await funding.prepared(person, TIMRA, date(2026, 3, 2), date(2027, 3, 1))
            assert await funding.approve(0, first) == "granted"
            # Either may be had as the second year; together with the first they are three years in a row.
            years = [
                await funding.prepared(person, SKELLEFTEA, date(2027, 3, 2), date(2028, 3, 1)),
                await funding.prepared(person, TIMRA, date(2028, 3, 2), date(2029, 3, 1)),
            ]
            together = await asyncio.gather(*(funding.approve(number, path) for number, path in enumerate(years)))
            assert sorted(together) == ["granted", "longest-time-used"], person
        for person in (uuid5(one, "another") for one in persons):
            # The same employer, and days in common: one employment, one support.
            same = [
                await funding.prepared(person, TIMRA, date(2026, 3, 2), date(2026, 8, 31)),
                await funding.prepared(person, TIMRA, date(2026, 5, 4), date(2026, 10, 30)),
            ]
            together = await asyncio.gather(*(funding.approve(0, path) for path in same))  # both in one process
            assert sorted(together) == ["granted", "support-at-same-time"], person
