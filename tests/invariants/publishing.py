"""Every service that owns a topic, wired as in its process, on topics of the suite's own; and commands for it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from pydantic import SecretStr

from samverkan.backbone.app import Process, wire
from samverkan.backbone.clock import SystemClock
from samverkan.backbone.command import BlindIndex, Context, Executed, IdempotencyKey
from samverkan.backbone.database import Pool
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Refused, Transient
from samverkan.backbone.recovery.gate import Gate
from samverkan.backbone.service import Service
from samverkan.backbone.settings import Settings
from samverkan.backbone.view_table import Folding
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.deploy.topics import ensure_topics
from samverkan.funding.app import build as build_funding
from samverkan.funding.compensation.application import ApplyForCompensation
from samverkan.funding.compensation.decision import ApproveCompensation, CheckApplication
from samverkan.funding.settings import FundingSettings
from samverkan.funding.terms import Terms as FundingTerms
from samverkan.intake import person_number
from samverkan.intake.app import build as build_intake
from samverkan.intake.blind_index import PersonIndex
from samverkan.intake.case.case import CASE
from samverkan.intake.case.consent import GiveConsent
from samverkan.intake.case.referral import ReferParticipant
from samverkan.intake.settings import IntakeSettings
from samverkan.intake.synthetic import PERSONNUMMER
from samverkan.notify.app import build as build_notify
from samverkan.notify.notification import NOTIFICATION, QueueNotification, RecordDelivery
from samverkan.notify.settings import NotifySettings
from samverkan.placement.agreement.agreement import AGREEMENT
from samverkan.placement.agreement.approval import ApprovePlacement
from samverkan.placement.agreement.proposal import ProposePlacement
from samverkan.placement.app import build as build_placement
from samverkan.schemas.catalogue import TOPICS
from samverkan.schemas.event import Compartment
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import Terms, Workplace
from world import World, eventually

SERVICES: Final = ("intake", "placement", "funding", "notify")
PERSONS: Final = PERSONNUMMER[:6]
KEY: Final = bytes(range(32))
DAY: Final = date(2026, 3, 2)
WORKPLACE: Final = Workplace(
    employer_number="2120002395", employer_name="Timrå kommun", workplace="Ledsagarservice", supervisor="Handledare"
)
TERMS: Final = FundingTerms(
    Programme.INTRODUKTIONSJOBB, DAY, date(2027, 2, 28), Decimal(1), Decimal(24000), birth_year=1988
)

Step = tuple[Order, BlindIndex | None]


@dataclass
class Told:
    """What callers were told: the highest version of each stream, and how often to come again later."""

    versions: dict[UUID, int] = field(default_factory=dict)
    done: int = 0
    postponed: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    async def reach(self, more: int) -> None:
        """Wait for so many more answers."""
        wanted = self.done + more

        async def enough() -> bool:
            return self.done >= wanted

        await eventually(enough, seconds=60)


class Published:
    """One service's process on a database that can be put back under it."""

    def __init__(
        self, world: World, name: str, database: str, service: Service, settings: Settings, pool: Pool
    ) -> None:
        self.world, self.name, self.database, self.pool = world, name, database, pool
        self.service, self.settings = service, settings
        assert service.owns is not None
        self.topic = service.owns
        self.process: Process | None = None
        self.numbers: Iterator[int] = iter(range(1_000_000))

    @asynccontextmanager
    async def running(self, gate: Gate | None = None) -> AsyncIterator[Process]:
        """The process, until the block ends."""
        stopping = asyncio.Event()
        self.process = wire(self.service, self.settings, self.pool, SystemClock(), gate=gate)
        task = asyncio.create_task(self.process.run(stopping))
        try:
            yield self.process
        finally:
            stopping.set()
            await task

    async def ready(self) -> None:
        """Wait until commands are welcome."""

        async def open_() -> bool:
            keeper = None if self.process is None else self.process.keeper
            return keeper is not None and keeper.gate.reason is None

        await eventually(open_, seconds=60)

    async def at_rest(self) -> None:
        """Wait until Kafka has acknowledged every committed row."""

        async def all_sent() -> bool:
            return bool(
                await self.pool.fetchval("select next = cursor and not exists (select from unsequenced) from sequencer")
            )

        await eventually(all_sent, seconds=60)

    async def tell(self, step: Step, command_id: UUID, told: Told, stopped: Callable[[], bool]) -> Executed | None:
        """Give a command until it is answered, always under the same key, as a caller does."""
        order, index = step
        context = Context(now=datetime.now(UTC), command_id=command_id)
        key = IdempotencyKey(str(command_id), command_id.bytes)
        assert self.process is not None
        while not stopped():
            try:
                executed = await self.process.runtime.commands.execute(
                    order, context, idempotency=key, blind_index=index
                )
            except Transient as error:
                told.postponed.add(error.code)
                await asyncio.sleep(0.02)
            except Refused as refused:
                told.refused.add(refused.code)
                return None
            else:
                told.versions[executed.stream_id] = max(executed.version, told.versions.get(executed.stream_id, 0))
                told.done += 1
                return executed
        return None

    @asynccontextmanager
    async def load(self, callers: int = 4) -> AsyncIterator[Told]:
        """Commands as long as the block runs."""
        told, stopped = Told(), asyncio.Event()

        async def caller() -> None:
            while not stopped.is_set():
                for step in steps(self.service, next(self.numbers)):
                    await self.tell(step, uuid4(), told, stopped.is_set)
                    await asyncio.sleep(0.002)

        tasks = [asyncio.create_task(caller()) for _ in range(callers)]
        try:
            yield told
        finally:
            stopped.set()
            await asyncio.gather(*tasks)

    async def views_equal_the_fold(self) -> None:
        """Every view holds exactly what folding the journal from its beginning leads to."""
        folding = Folding(self.service.views)
        rows = await self.pool.fetch(
            "select j.stream_id, j.version, j.topic, j.attributes, j.value from log as l "
            "join journal as j on j.position = l.position order by l.logindex"
        )
        from samverkan.backbone.journal.journal import Journal

        for row in rows:
            folding.apply(Journal.recorded(row))
        for view in self.service.views:
            stored = await self.pool.fetch(f"select {', '.join(view.columns())} from {view.table}")
            live = {row[0]: view.from_columns(row.values()) for row in stored}
            assert live == folding.rows[view.table], view.table


@asynccontextmanager
async def published(world: World, name: str, folder: Path) -> AsyncIterator[Published]:
    """The service `name`, not yet running, on a new database and topics of its own."""
    from samverkan.backbone.database import connect

    suffix = uuid4().hex[:8]
    topics = {topic.name: replace(topic, name=f"{topic.name}.{suffix}", partitions=3) for topic in TOPICS}
    await ensure_topics(world.kafka.bootstrap, topics.values())
    database = f"{name}_{suffix}"
    dsn = await asyncio.to_thread(world.postgres.create_database, database)
    await asyncio.to_thread(migrate, dsn, *folders_of(name))
    service, settings = built(name, dsn, world.kafka.bootstrap, folder)
    assert service.owns is not None
    service = replace(
        service,
        owns=topics[service.owns.name],
        subscribes=tuple(topics[topic.name] for topic in service.subscribes),
        workers=(),
    )
    pool = await connect(dsn, max_size=8)
    try:
        yield Published(world, name, database, service, settings, pool)
    finally:
        async with asyncio.timeout(10):
            await pool.close()
        await world._manage(f"drop database if exists {database} with (force)")


def built(name: str, dsn: str, bootstrap: str, folder: Path) -> tuple[Service, Settings]:
    """The service as its own composition root makes it."""
    common: dict[str, Any] = {
        "database_url": SecretStr(dsn),
        "kafka_bootstrap": bootstrap,
        "http_port": 0,
        "lease_seconds": 3.0,
        "transient_backoff_cap_seconds": 0.5,
    }
    match name:
        case "intake":
            key = folder / "blind-index.key"
            key.write_bytes(KEY)
            intake = IntakeSettings(**common, blind_index_key_file=key)
            return build_intake(intake), intake
        case "placement":
            settings = Settings(**common)
            return build_placement(settings), settings
        case "funding":
            funding = FundingSettings(**common)
            return build_funding(funding), funding
        case _:
            notify = NotifySettings(**common, smtp_host="127.0.0.1", smtp_port=9)
            return build_notify(notify), notify


def steps(service: Service, number: int) -> list[Step]:
    """The commands of one small story, on a stream of its own; of intake's, on the case of one of a few persons."""
    stream = uuid5(UUID(int=number), service.name)
    case = uuid5(UUID(int=number), "case")
    commands: list[object]
    match service.name:
        case "intake":
            digits = PERSONS[number // 20 % len(PERSONS)]
            return refer_and_consent(digits, number)
        case "placement":
            parties = ("participant", "employer", "af")
            terms = Terms(gross_per_month=Decimal(24000), birth_year=1988)
            proposed = ProposePlacement(
                case, Programme.INTRODUKTIONSJOBB, DAY, date(2027, 2, 28), Decimal(1), parties, WORKPLACE, terms
            )
            commands = [proposed, *(ApprovePlacement(party, DAY) for party in parties)]
            aggregate: Any = AGREEMENT
        case "funding":
            commands = [
                ApplyForCompensation(case, uuid5(case, "placement"), TERMS, date(2026, 2, 16)),
                CheckApplication("af-handlaggare-1", date(2026, 2, 18)),
                ApproveCompensation("af-handlaggare-2", date(2026, 2, 20)),
            ]
            aggregate = next(one for one in service.aggregates if one.name == "compensation")
        case _:
            commands = [
                QueueNotification(case, "af", "placement-started", stream),
                RecordDelivery(f"<{stream}@localhost>", datetime(2026, 3, 2, 9, tzinfo=UTC)),
            ]
            aggregate = NOTIFICATION
    return [(Order(aggregate, stream, command), None) for command in commands]


def refer_and_consent(digits: str, number: int) -> list[Step]:
    """A referral of the person, who may have a case, and a consent in it."""
    person = person_number.parse(digits)
    case = uuid5(UUID(int=0), digits)
    referral = ReferParticipant(person, Programme.INTRODUKTIONSJOBB, "kommun", ("af",), DAY)
    consent = GiveConsent("af", f"purpose-{number}", frozenset({Compartment.CONTACT}), DAY)
    index = PersonIndex(KEY).of(person)
    return [(Order(CASE, case, referral), index), (Order(CASE, case, consent), None)]
