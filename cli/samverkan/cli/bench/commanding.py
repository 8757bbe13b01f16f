"""Commands a second: decided, appended, views updated, committed; in this process, and over HTTP to a real intake.

The command is intake's shared assessment on cases that are already there. Each caller waits for its answer before it
asks again. Over HTTP the reply is stored under an Idempotency-Key, and intake's relay publishes meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from statistics import quantiles
from time import perf_counter, process_time
from typing import Final
from uuid import UUID, uuid4

import orjson

from samverkan.backbone.command import Context
from samverkan.backbone.database import Pool
from samverkan.backbone.decider import Order
from samverkan.backbone.journal.commands import JournalCommands
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.journal.states import States
from samverkan.backbone.view_table import ViewTables
from samverkan.cli.bench.figures import PartFigures, Speed, Throughput
from samverkan.cli.bench.http_caller import Caller
from samverkan.cli.bench.place import Place
from samverkan.cli.bench.service import running, services
from samverkan.cli.bench.size import Size
from samverkan.cli.up.say import progress
from samverkan.intake import person_number
from samverkan.intake.case.assessment import RecordAssessment
from samverkan.intake.case.case import CASE
from samverkan.intake.case.referral import ReferParticipant
from samverkan.intake.instrument import instruments
from samverkan.intake.views import Cases
from samverkan.schemas.catalogue import PARTICIPANT, TOPICS
from samverkan.schemas.participant import Programme

_FIRST_DAY: Final = date(2026, 3, 2)
_TEST_PERSON: Final = "198808112380"  # of Skatteverket's published list; every case is the same one's
_INSTRUMENT: Final = instruments()[0]
_SCORES: Final = {domain.code: 3 for domain in _INSTRUMENT.domains}

Ask = Callable[[UUID, date], Awaitable[None]]


@dataclass(frozen=True)
class Work:
    """Cases, and the next command that one of them has not seen: every case is asked in turn, day after day."""

    cases: Sequence[UUID]
    _numbers: "count[int]"

    @classmethod
    def on(cls, cases: Sequence[UUID]) -> "Work":
        """From the first day."""
        return cls(cases, count())

    def next(self) -> tuple[UUID, date]:
        """The case and the day of the assessment."""
        days, case = divmod(next(self._numbers), len(self.cases))
        return self.cases[case], _FIRST_DAY + timedelta(days=days)


async def measure(place: Place, size: Size) -> PartFigures:
    """In process, then over HTTP."""
    throughputs: list[Throughput] = []
    async with place.topics(TOPICS):
        async with place.database("commands_in", "intake") as pool:
            commands = await in_process(pool)
            work = Work.on(await refer(commands, size.cases))

            for callers in size.callers:
                asked = [_in_process(commands)] * callers
                throughputs.append(await _measure("in process", asked, work, size, process_time))
        async with place.database("commands_http", "intake") as pool:
            work = Work.on(await refer(await in_process(pool), size.cases))
            with running(place, services(place)["intake"], "commands_http") as intake:
                for callers in size.callers:
                    connected = [await Caller.connect(intake.port) for _ in range(callers)]
                    asked = [_over_http(caller) for caller in connected]
                    throughputs.append(await _measure("HTTP", asked, work, size, intake.cpu_seconds))
                    for caller in connected:
                        caller.close()
    return PartFigures("commands", throughputs=tuple(throughputs))


async def in_process(pool: Pool, on_commit: Callable[[], None] = lambda: None) -> JournalCommands:
    """Intake's commands as intake itself runs them, without a request in front."""
    await pool.execute(
        "insert into topic values ($1, $2) on conflict do nothing", PARTICIPANT.name, PARTICIPANT.partitions
    )
    journal = Journal(PARTICIPANT)
    views = ViewTables((Cases(),), shared=True)
    return JournalCommands(pool, journal, States(journal), views, on_commit=on_commit)


async def refer(commands: JournalCommands, cases: int) -> list[UUID]:
    """So many new cases."""
    ids = [uuid4() for _ in range(cases)]
    command = ReferParticipant(
        person_number.parse(_TEST_PERSON), Programme.INTRODUKTIONSJOBB, "af", ("af", "kommun"), _FIRST_DAY
    )
    for group in range(0, cases, 50):
        await asyncio.gather(
            *(commands.execute(Order(CASE, case, command), context()) for case in ids[group : group + 50])
        )
    return ids


def assessment(case: UUID, day: date) -> Order:
    """The order that is given again and again."""
    return Order(CASE, case, RecordAssessment(_INSTRUMENT.code, _INSTRUMENT.version, day, _SCORES))


def context() -> Context:
    """Of a caseworker at the bench."""
    return Context(datetime.now(UTC), uuid4(), actor="actor-bench-0001", agency="af")


def _in_process(commands: JournalCommands) -> Ask:
    async def ask(case: UUID, day: date) -> None:
        await commands.execute(assessment(case, day), context())

    return ask


def _over_http(caller: Caller) -> Ask:
    async def ask(case: UUID, day: date) -> None:
        body = {"assessed_on": day.isoformat(), "scores": _SCORES}
        headers = {"Idempotency-Key": str(uuid4()), "Samverkan-Agency": "af", "Samverkan-Actor": "actor-bench-0001"}
        await caller.post(f"/cases/{case}/assessments", headers, orjson.dumps(body))

    return ask


async def _measure(
    way: str, callers: Sequence[Ask], work: Work, size: Size, cpu_seconds: Callable[[], float]
) -> Throughput:
    speeds, durations = [], []
    for _ in range(size.repeats):
        seen, speed = await _round(callers, work, size.commands_seconds / size.repeats, cpu_seconds)
        durations += seen
        speeds.append(speed)
    percentiles = quantiles(durations, n=100, method="inclusive")
    throughput = Throughput(
        way, len(callers), len(durations), tuple(speeds), percentiles[49] * 1e3, percentiles[98] * 1e3
    )
    progress(
        f"{way}, {len(callers)} at once: {throughput.per_second:,.0f} commands/s, p50 {throughput.p50_ms:.1f} ms, "
        f"p99 {throughput.p99_ms:.1f} ms, {throughput.cpu_us:,.0f} µs of CPU each"
    )
    return throughput


async def _round(
    callers: Sequence[Ask], work: Work, seconds: float, cpu_seconds: Callable[[], float]
) -> tuple[list[float], Speed]:
    durations: list[float] = []
    began, cpu = perf_counter(), cpu_seconds()

    async def call(ask: Ask) -> None:
        while perf_counter() - began < seconds:
            asked = perf_counter()
            await ask(*work.next())
            durations.append(perf_counter() - asked)

    await asyncio.gather(*(call(ask) for ask in callers))
    taken, used = perf_counter() - began, cpu_seconds() - cpu
    return durations, Speed(len(durations) / taken, used * 1e6 / len(durations))
