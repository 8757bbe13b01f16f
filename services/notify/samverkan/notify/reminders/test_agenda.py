"""What the scheduler looks at, on a real database: what changed or has its day, and nothing for what wants nothing."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from samverkan.backbone.app import LiveRuntime
from samverkan.backbone.database import Connection, sql
from samverkan.backbone.testing.record import stream
from samverkan.notify.choices import Choices
from samverkan.notify.conftest import Live
from samverkan.notify.reminders import agenda
from samverkan.notify.reminders.agenda import DatabaseAgenda
from samverkan.notify.reminders.rules import read_rules
from samverkan.notify.reminders.scheduler import Scheduler
from samverkan.notify.reminders.subjects import PAGE, subject_id
from samverkan.notify.reminders.test_scheduler import APPROVED, CASE, COMPENSATION, PLACEMENT_ID, SUBMITTED, morning
from samverkan.notify.reminders.test_scheduler_live import fold
from samverkan.schemas.catalogue import FUNDING, PARTICIPANT, PLACEMENT
from samverkan.schemas.course import CasePaused
from samverkan.schemas.placement import Outcome, PlacementEnded
from samverkan.schemas.support import ActivityPlanned

TODAY = date(2026, 3, 1)
PLAN = UUID(int=5)
MANY = 10_000


@dataclass
class Counted(LiveRuntime):
    """Counts the transactions that its workers ask for."""

    transactions: int = 0

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        self.transactions += 1
        return super().transaction()


def counted(live: Live) -> Counted:
    known = live.runtime
    return Counted(known.commands, known.queries, known.clock, known.pool, known.gate)


async def wanted(live: Live, day: date = TODAY) -> set[UUID]:
    return {subject_id(facts) for facts in await DatabaseAgenda().wanted(live.runtime, day)}


async def look(live: Live, next_on: date | None, day: date = TODAY) -> None:
    facts = await DatabaseAgenda().wanted(live.runtime, day)
    await DatabaseAgenda().looked_at(live.runtime, [(one, next_on) for one in facts])


async def test_a_new_subject_is_looked_at_once_then_on_its_day_and_whenever_it_changes(live: Live) -> None:
    await fold(live, list(stream(FUNDING, COMPENSATION, APPROVED)))
    assert await wanted(live) == {COMPENSATION}
    await look(live, TODAY + timedelta(days=3))
    assert await wanted(live, TODAY + timedelta(days=2)) == set()
    assert await wanted(live, TODAY + timedelta(days=3)) == {COMPENSATION}
    await look(live, None, TODAY + timedelta(days=3))
    assert await wanted(live, date.max) == set()
    await fold(live, list(stream(FUNDING, COMPENSATION, APPROVED, SUBMITTED))[1:])
    assert await wanted(live) == {COMPENSATION}


async def test_a_change_while_it_was_looked_at_is_not_lost(live: Live) -> None:
    await fold(live, list(stream(FUNDING, COMPENSATION, APPROVED)))
    facts = await DatabaseAgenda().wanted(live.runtime, TODAY)
    await fold(live, list(stream(FUNDING, COMPENSATION, APPROVED, SUBMITTED))[1:])
    await DatabaseAgenda().looked_at(live.runtime, [(one, None) for one in facts])
    assert await wanted(live) == {COMPENSATION}


async def test_a_changed_placement_wakes_its_compensations_once(live: Live) -> None:
    await fold(live, list(stream(FUNDING, COMPENSATION, APPROVED)))
    await look(live, None)
    ended = PlacementEnded(case_id=CASE, last_day_on=date(2026, 1, 16), outcome=Outcome.JOB)
    await fold(live, list(stream(PLACEMENT, PLACEMENT_ID, ended)))
    assert await wanted(live) == set()  # this round hears of it
    assert await wanted(live) == {COMPENSATION}
    await look(live, None)
    assert await wanted(live) == set()


async def test_a_changed_case_wakes_its_plan(live: Live) -> None:
    planned = ActivityPlanned(case_id=CASE, revision=1, activity_id=PLAN, responsible="af", due_on=TODAY)
    await fold(live, list(stream(PARTICIPANT, PLAN, planned)))
    assert await wanted(live) == {PLAN}
    await look(live, None)
    await fold(live, list(stream(PARTICIPANT, CASE, CasePaused(paused_on=TODAY))))
    await wanted(live)
    assert await wanted(live) == {CASE, PLAN}
    await look(live, None)
    assert await wanted(live) == set()


async def test_a_clock_that_was_put_back_looks_at_everything_anew(live: Live) -> None:
    await fold(live, list(stream(FUNDING, COMPENSATION, APPROVED)))
    remindful = Scheduler(read_rules(), Choices(), DatabaseAgenda(), 1.0, 0.0)
    for day, fired in ((date(2027, 3, 1), 0), (date(2026, 5, 31), 1)):
        live.clock.instant = morning(day)
        assert await remindful.remind(live.runtime) == fired


async def many(live: Live) -> None:
    """Granted for the year 2026 to as many; what they want next is months away."""
    await live.pool.execute(
        "insert into compensation_watch (compensation_id, version, case_id, placement_id, starts_on, ends_on) "
        "select gen_random_uuid(), 1, gen_random_uuid(), gen_random_uuid(), date '2026-01-01', date '2026-12-31' "
        "from generate_series(1, $1)",
        MANY,
    )
    await live.pool.execute("analyze compensation_watch")


async def test_a_round_over_10_000_open_cases_is_one_statement_when_nothing_is_due(live: Live) -> None:
    await many(live)
    remindful = Scheduler(read_rules(), Choices(), DatabaseAgenda(), 1.0, 0.0)
    live.clock.instant = morning(TODAY)
    runtime = counted(live)
    assert await remindful.remind(runtime) == 0
    assert runtime.transactions <= 2 * MANY // PAGE + 2, "each page is found and noted by one statement each"
    runtime.transactions = 0
    assert await remindful.remind(runtime) == 0
    assert runtime.transactions == 1


async def test_the_poll_goes_by_the_index_on_the_day(live: Live) -> None:
    await many(live)
    await live.pool.execute("update compensation_watch set looked_at = version, next_on = date '2026-05-31'")
    await live.pool.execute("analyze compensation_watch")
    plan: list[Any] = await live.pool.fetch(f"explain {sql(agenda.__package__, 'wanted.sql')}", TODAY, PAGE)
    assert not [row[0] for row in plan if "Seq Scan on compensation_watch" in row[0]], plan
    assert [row[0] for row in plan if "compensation_watch_wake" in row[0]], plan
