"""The teller on a real database, behind a real subscription's transactions: one municipality for each event, whatever
number of replicas looks at the same moment, and whatever stops in between."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from samverkan.backbone.app import LiveRuntime
from samverkan.backbone.command import Context, Executed
from samverkan.backbone.database import connect, sql
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Transient
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.journal.states import States
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.runtime import Commands
from samverkan.backbone.subscription.apply import Applier
from samverkan.backbone.subscription.batch import Batches
from samverkan.backbone.subscription.reacting import Reader
from samverkan.backbone.testing.record import stream
from samverkan.backbone.view_table import ViewTables
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.notify import telling
from samverkan.notify.choices import Choices
from samverkan.notify.conftest import Live
from samverkan.notify.patience import Patience
from samverkan.notify.reminders.facts import MUNICIPALITIES
from samverkan.notify.telling.followed import DatabaseFollowed
from samverkan.notify.telling.municipality import TOLD_TO_THE_MUNICIPALITY
from samverkan.notify.telling.teller import Teller
from samverkan.notify.telling.test_teller import PAUSED, referred
from samverkan.notify.test_reactions import STARTED, TRANSFERRED
from samverkan.notify.views import Notifications
from samverkan.schemas.catalogue import NOTIFICATION, PARTICIPANT, PLACEMENT
from samverkan.schemas.codec import encode
from samverkan.schemas.course import CaseResumed
from samverkan.schemas.envelope import to_attributes
from samverkan.schemas.event import Event
from samverkan.schemas.headers import to_headers

CASES = [uuid5(UUID(int=20), str(n)) for n in range(12)]
RESUMED = CaseResumed(resumed_on=date(2026, 5, 6))


@dataclass
class FromKafka:
    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes | None]]


@dataclass
class Arriving:
    """notify's subscription without a broker. `told`: by event, whom its notifications to municipalities name."""

    live: Live
    applier: Applier
    offsets: Counter[str] = field(default_factory=Counter)
    sent: list[Recorded] = field(default_factory=list)

    async def apply(self, *events: Recorded) -> None:
        """In one transaction."""
        await self.applier.apply([self._record(one) for one in events])
        self.sent += events

    async def told(self) -> dict[tuple[UUID, str], list[str]]:
        rows = await self.live.runtime.queries.select(Notifications, among={"recipient": MUNICIPALITIES}, limit=1000)
        by_event: dict[UUID | None, list[str]] = {}
        for row in rows:
            by_event.setdefault(row.about_event, []).append(row.recipient or "")
        return {
            (one.stream_id, type(one.event).__name__): by_event.get(one.envelope.id, [])
            for one in self.sent
            if type(one.event) in TOLD_TO_THE_MUNICIPALITY
        }

    def _record(self, recorded: Recorded) -> FromKafka:
        offset = self.offsets[recorded.topic]
        self.offsets[recorded.topic] += 1
        headers = to_headers(to_attributes(recorded.envelope._replace(log_index=offset)))
        key = str(recorded.stream_id).encode()
        return FromKafka(recorded.topic, 0, offset, key, encode(recorded.event), headers)


def arriving(live: Live) -> Arriving:
    service, journal = live.service, Journal(NOTIFICATION)
    reader = Reader({topic.name: topic for topic in service.subscribes}, service.readable, service.reactions)
    batches = Batches(reader, ViewTables(service.views, shared=True), "notify", journal, States(journal))
    return Arriving(live, Applier(live.pool, "notify", batches, live.clock))


def teller(choices: Choices = Choices()) -> Teller:  # noqa: B008 - frozen
    return Teller(choices, DatabaseFollowed(TOLD_TO_THE_MUNICIPALITY), 0.02, Patience(0.0))


async def everything(live: Live, *tellers: Teller) -> None:
    """Until none of them finds more."""
    for one in tellers:
        while await one.tell(live.runtime):
            pass


def of_case(case_id: UUID, *events: Event, since: int = 0) -> list[Recorded]:
    return stream(PARTICIPANT, case_id, *events, since=since)


async def test_a_batch_that_holds_the_referral_and_what_follows_tells_the_municipality_that_it_names(
    live: Live,
) -> None:
    here, (one, other, *_) = arriving(live), CASES
    placement = stream(PLACEMENT, UUID(int=30), STARTED.model_copy(update={"case_id": one}), case_id=one)
    await here.apply(*of_case(one, referred("kommun-sundsvall"), PAUSED), *placement)
    await here.apply(*of_case(other, referred("kommun"), PAUSED))
    await everything(live, teller())
    assert await here.told() == {
        (one, "CasePaused"): ["kommun-sundsvall"],
        (UUID(int=30), "PlacementStarted"): ["kommun-sundsvall"],
        (other, "CasePaused"): ["kommun"],
    }
    listed = await live.runtime.queries.select(Notifications, recipient="kommun")
    assert {row.case_id for row in listed} == {other}, "and no page of the other one ever showed it"


@dataclass
class Slow:
    """Commands of a process that has decided and is about to write when the test lets it."""

    commands: Commands
    decided: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def execute_together(self, orders: Sequence[Order], context: Context, **more: Any) -> Sequence[Executed]:
        self.decided.set()
        await self.go_on.wait()
        return await self.commands.execute_together(orders, context, **more)


async def test_while_one_replica_tells_the_others_are_given_nothing_though_the_case_moves(live: Live) -> None:
    here = arriving(live)
    for case_id in CASES:
        await here.apply(*of_case(case_id, referred("kommun"), PAUSED))
    commands = Slow(live.runtime.commands)
    slow = asyncio.create_task(teller().tell(replace(live.runtime, commands=commands)))  # type: ignore[arg-type]
    await commands.decided.wait()
    for case_id in CASES:
        await here.apply(*of_case(case_id, TRANSFERRED, RESUMED, since=2))
    await asyncio.gather(*(everything(live, teller()) for _ in range(3)))
    commands.go_on.set()
    await slow
    await everything(live, teller())
    told = await here.told()
    assert [told[case_id, "CasePaused"] for case_id in CASES] == [["kommun"]] * len(CASES)
    assert [told[case_id, "CaseResumed"] for case_id in CASES] == [["kommun-sundsvall"]] * len(CASES)


@dataclass
class Dying:
    """Commands of a process that dies after so many."""

    commands: Commands
    left: int

    async def execute_together(self, orders: Sequence[Order], context: Context, **more: Any) -> Sequence[Executed]:
        if self.left == 0:
            raise Transient("database-unreachable")
        self.left -= 1
        return await self.commands.execute_together(orders, context, **more)


async def test_what_a_replica_that_died_in_the_middle_had_told_stays_and_the_rest_is_told_by_the_next(
    live: Live,
) -> None:
    here = arriving(live)
    for case_id in CASES:
        await here.apply(*of_case(case_id, referred("kommun"), PAUSED))
    dying: LiveRuntime = replace(live.runtime, commands=Dying(live.runtime.commands, 5))  # type: ignore[arg-type]
    with suppress(Transient):
        await teller().tell(dying)
    assert sum(map(len, (await here.told()).values())) == 5
    for case_id in CASES:
        await here.apply(*of_case(case_id, TRANSFERRED, since=2))
    await everything(live, teller())
    told = sorted(recipient for recipients in (await here.told()).values() for recipient in recipients)
    assert told == ["kommun"] * 5 + ["kommun-sundsvall"] * 7


async def test_an_event_that_an_operator_left_out_is_told_to_nobody(live: Live) -> None:
    here = arriving(live)
    await here.apply(*of_case(CASES[0], referred("kommun"), PAUSED))
    await live.pool.execute("update kept_event set skipped = true where version = 2")
    await everything(live, teller())
    assert await here.told() == {(CASES[0], "CasePaused"): []}


async def test_a_poll_reads_what_is_new_and_nothing_of_20_000_events_before(live: Live) -> None:
    here = arriving(live)
    await here.apply(*of_case(CASES[0], referred("kommun"), PAUSED))
    await live.pool.execute(
        "insert into kept_event (stream_id, version, topic, partition, kafka_offset, source, log_index, event_id, "
        "leaf, correlation_id, recorded_at, applied_at, entry) select gen_random_uuid(), 1, topic, 0, 0, 'x', n, "
        "gen_random_uuid(), leaf, correlation_id, recorded_at, applied_at, entry "
        "from kept_event, generate_series(1, 20000) as n where version = 1"
    )
    await live.pool.execute("update municipality_told set up_to = (select max(applied_order) - 1 from kept_event)")
    await live.pool.execute("analyze kept_event")
    rows = await live.pool.fetch(f"explain (analyze, buffers) {sql(telling.__name__, 'next.sql')}", 100)
    plan = "\n".join(row[0] for row in rows)
    assert "kept_event_applied" in plan and "Seq Scan on kept_event" not in plan, plan
    await everything(live, teller())
    async with live.runtime.transaction() as connection:
        assert await connection.fetch(sql(telling.__name__, "next.sql"), 100) == []
        assert await connection.fetchval("select pg_current_xact_id_if_assigned()") is None, "and writes nothing"


async def test_what_was_applied_before_there_was_a_teller_is_told_to_nobody_again(
    live: Live, database: str, tmp_path: Path
) -> None:
    """A case of before: whoever was told then was told."""
    before = [tmp_path / str(number) for number, _ in enumerate(folders_of("notify"))]
    for folder, copied in zip(folders_of("notify"), before, strict=True):
        shutil.copytree(folder, copied, ignore=shutil.ignore_patterns("1020_*"))
    await live.pool.execute("drop schema public cascade; create schema public")
    migrate(database, *before)
    async with await connect(database) as pool:
        await pool.execute("insert into topic (name, partitions) values ($1, 6)", NOTIFICATION.name)
        old = Live(replace(live.runtime, pool=pool), live.clock, pool, live.service)
        await arriving(old).apply(*of_case(CASES[0], referred("kommun-sundsvall"), PAUSED))
        migrate(database, *folders_of("notify"))
        assert await pool.fetchval("select up_to = (select max(applied_order) from kept_event) from municipality_told")
