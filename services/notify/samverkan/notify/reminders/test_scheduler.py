"""The scheduler on facts that arrive, with a clock that moves: once, late when it must, never when it need not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from samverkan.backbone.command import Context, Executed
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Transient
from samverkan.backbone.runtime import Runtime
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.notify.app import build
from samverkan.notify.choices import Choices
from samverkan.notify.delivery.test_worker import settings_for
from samverkan.notify.reminders.rules import read_rules
from samverkan.notify.reminders.scheduler import Scheduler
from samverkan.notify.reminders.subjects import WATCHES, Facts, subject_id
from samverkan.notify.reminders.views import CaseWatch, PlacementWatch, ReminderRow, Reminders
from samverkan.notify.views import Notifications
from samverkan.schemas.casework import CaseTransferred
from samverkan.schemas.catalogue import FUNDING, PARTICIPANT, PLACEMENT
from samverkan.schemas.course import (
    CaseDeclined,
    CasePaused,
    CaseReopened,
    CaseResumed,
    FollowUpCounted,
    FollowUpRecorded,
    Moment,
    ParticipantExited,
)
from samverkan.schemas.decisions import CompensationAmended, CompensationRevoked, RevocationLifted
from samverkan.schemas.funding import ClaimSubmitted, CompensationApproved
from samverkan.schemas.notification import Channel, NotificationQueued, ReminderFired
from samverkan.schemas.participant import AssessmentRecorded, ParticipantEnrolled, Programme, ReferralRepeated
from samverkan.schemas.placement import Outcome, PlacementEnded
from samverkan.schemas.support import ActivityDone, ActivityPlanned, PlanClosed, PlanWritten

CASE = UUID("11111111-1111-4111-8111-111111111111")
PLACEMENT_ID = UUID("22222222-2222-4222-8222-222222222222")
COMPENSATION = UUID("33333333-3333-4333-8333-333333333333")
# January 2026 only: its last day is 2026-07-30 (story 5). The decision's own end is long past when the days begin.
APPROVED = CompensationApproved(
    case_id=CASE,
    placement_id=PLACEMENT_ID,
    form=Programme.INTRODUKTIONSJOBB,
    starts_on=date(2026, 1, 1),
    ends_on=date(2026, 1, 31),
    extent=Decimal(1),
    decided_on=date(2025, 12, 19),
    attested_by="af-2",
    rule_version="introduktionsjobb-2018-05-01",
    rule_source="SFS 2018:42",
)
SUBMITTED = ClaimSubmitted(case_id=CASE, work_month=date(2026, 1, 1), received_on=date(2026, 6, 1))


@dataclass
class MemoryAgenda:
    """What a database keeps: by subject, the versions of its facts and of its placement, and the day that was found."""

    found: dict[UUID, tuple[object, date | None]] = field(default_factory=dict)

    async def wanted(self, runtime: Runtime, today: date) -> Sequence[Facts]:
        rows = [row for watch in WATCHES for row in await runtime.queries.select(watch, limit=1000)]
        return [row for row in rows if await self._wants(runtime, row, today)]

    async def looked_at(self, runtime: Runtime, next_days: Sequence[tuple[Facts, date | None]]) -> None:
        for facts, day in next_days:
            self.found[subject_id(facts)] = await _versions(runtime, facts), day

    async def forget(self, runtime: Runtime) -> None:  # noqa: ARG002
        self.found.clear()

    async def _wants(self, runtime: Runtime, facts: Facts, today: date) -> bool:
        versions, day = self.found.get(subject_id(facts), (None, None))
        return versions != await _versions(runtime, facts) or (day is not None and day <= today)


async def _versions(runtime: Runtime, facts: Facts) -> tuple[int, ...]:
    placement = await runtime.queries.get(PlacementWatch, getattr(facts, "placement_id", None))
    case = await runtime.queries.get(CaseWatch, getattr(facts, "case_id", None))
    return facts.version, 0 if placement is None else placement.version, 0 if case is None else case.version


@dataclass
class Behind(MemoryRuntime):
    """A runtime for which events may be on their way, and whose database may be away."""

    waiting: int | None = 0
    away: bool = False

    def behind(self) -> int | None:
        return self.waiting

    async def execute_together(self, orders: Sequence[Order], context: Context, **more: Any) -> Sequence[Executed]:
        if self.away:
            raise Transient("database-unreachable")
        return await super().execute_together(orders, context, **more)


def morning(day: date) -> datetime:
    return datetime.combine(day, time(8), UTC)


def scheduler(patience_seconds: float = 0.0, choices: Choices = Choices()) -> Scheduler:  # noqa: B008 - frozen
    return Scheduler(read_rules(), choices, MemoryAgenda(), 1.0, patience_seconds)


async def granted(today: date = date(2026, 2, 1)) -> Behind:
    runtime = Behind(build(settings_for(25)), morning(today))
    await runtime.happened(FUNDING, COMPENSATION, APPROVED)
    return runtime


async def remind(runtime: MemoryRuntime, remindful: Scheduler, *days: date) -> list[tuple[date, int]]:
    """Which reminders were fired on which of these days."""
    fired = []
    for day in days:
        runtime.clock = morning(day)
        before = len(runtime.written)
        await remindful.remind(runtime)
        events = [recorded.event for recorded in runtime.written[before:]]
        fired += [(day, event.days_before) for event in events if isinstance(event, ReminderFired)]
    return fired


async def rows(runtime: MemoryRuntime) -> list[ReminderRow]:
    return list(await runtime.select(Reminders))


EVERY_DAY = [date.fromordinal(n) for n in range(date(2026, 3, 1).toordinal(), date(2026, 9, 1).toordinal())]
CLAIM_DAYS = [(date(2026, 5, 31), 60), (date(2026, 6, 30), 30), (date(2026, 7, 23), 7)]


async def test_a_claim_is_reminded_of_60_30_and_7_days_before_its_last_day_and_on_no_other() -> None:
    assert await remind(await granted(), scheduler(), *EVERY_DAY) == CLAIM_DAYS


async def test_two_schedulers_fire_each_once_and_queue_each_message_once() -> None:
    runtime, one, other = await granted(), scheduler(), scheduler()
    fired = []
    for day in EVERY_DAY:
        fired += await remind(runtime, one, day) + await remind(runtime, other, day)
    assert fired == CLAIM_DAYS
    messages = [row for row in await runtime.select(Notifications, limit=500) if row.due_on is not None]
    assert sorted((row.recipient or "", row.due_on, row.planned_on or day) for row in messages) == [
        ("kommun", date(2026, 7, 30), day) for day, _ in CLAIM_DAYS
    ]


async def test_a_new_process_fires_nothing_again() -> None:
    runtime = await granted()
    assert await remind(runtime, scheduler(), date(2026, 5, 31)) == CLAIM_DAYS[:1]
    assert await remind(runtime, scheduler(), date(2026, 5, 31), date(2026, 6, 1)) == []


async def test_what_was_missed_is_fired_late_and_once_and_says_so() -> None:
    runtime = await granted()
    assert await remind(runtime, scheduler(), date(2026, 7, 6), date(2026, 7, 7)) == [(date(2026, 7, 6), 30)]
    (reminder,) = await rows(runtime)
    assert (reminder.planned_on, reminder.fired_on) == (date(2026, 6, 30), date(2026, 7, 6))
    (message,) = [row for row in await runtime.select(Notifications, limit=500) if row.due_on is not None]
    assert (message.template, message.planned_on) == ("reminder-late", date(2026, 6, 30))


async def test_a_claimed_month_is_not_reminded_of_and_what_was_fired_is_settled() -> None:
    runtime, remindful = await granted(), scheduler()
    assert await remind(runtime, remindful, date(2026, 5, 31)) == CLAIM_DAYS[:1]
    await runtime.happened(FUNDING, COMPENSATION, SUBMITTED)
    assert await remind(runtime, remindful, date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 23)) == []
    (reminder,) = await rows(runtime)
    assert (reminder.state, reminder.settlement, reminder.settled_on) == ("settled", "closed", date(2026, 6, 1))


async def test_a_deadline_that_passed_is_settled_when_it_is_no_longer_told_of() -> None:
    runtime, remindful = await granted(), scheduler()
    await remind(runtime, remindful, date(2026, 7, 23), date(2026, 8, 13))
    assert [row.state for row in await rows(runtime)] == ["fired"]
    await remind(runtime, remindful, date(2026, 8, 14))
    assert [(row.state, row.settlement) for row in await rows(runtime)] == [("settled", "passed")]


async def test_the_assessments_day_moves_with_each_new_one_and_the_old_reminder_says_so() -> None:
    runtime, remindful = Behind(build(settings_for(25)), morning(date(2026, 2, 9))), scheduler()
    enrolled = ParticipantEnrolled(programme=Programme.INTRODUKTIONSJOBB, enrolled_on=date(2026, 2, 9))
    await runtime.happened(PARTICIPANT, CASE, enrolled)
    assert await remind(runtime, remindful, date(2026, 4, 25)) == [(date(2026, 4, 25), 14)]
    assessed = AssessmentRecorded(instrument="fem-domaner", instrument_version=1, assessed_on=date(2026, 4, 27))
    await runtime.happened(PARTICIPANT, CASE, assessed)
    assert await remind(runtime, remindful, date(2026, 4, 28), date(2026, 5, 9)) == []
    assert [(row.state, row.settlement) for row in await rows(runtime)] == [("settled", "moved")]
    assert await remind(runtime, remindful, date(2026, 7, 13)) == [(date(2026, 7, 13), 14)]


async def test_an_ended_placement_takes_its_decisions_and_later_months_with_it() -> None:
    runtime = await granted()
    ended = PlacementEnded(case_id=CASE, last_day_on=date(2025, 12, 31), outcome=Outcome.CANCELLED)
    await runtime.happened(PLACEMENT, PLACEMENT_ID, ended)
    assert await remind(runtime, scheduler(), *EVERY_DAY) == []


CASE_IS_IN_SUNDSVALL = CaseTransferred(
    from_agency="kommun", to_agency="kommun-sundsvall", transferred_on=date(2026, 3, 2)
)


async def test_a_revoked_decision_is_reminded_of_no_more_and_one_that_was_lifted_again_is() -> None:
    runtime, remindful = await granted(), scheduler()
    revoked = CompensationRevoked(
        case_id=CASE,
        placement_id=PLACEMENT_ID,
        decided_on=date(2026, 5, 4),
        prepared_by="af-1",
        attested_by="af-2",
        revoked_from=date(2026, 1, 1),
        ground="employer-not-eligible",
    )
    await runtime.happened(FUNDING, COMPENSATION, revoked)
    assert await remind(runtime, remindful, date(2026, 5, 31)) == []
    lifted = RevocationLifted(case_id=CASE, placement_id=PLACEMENT_ID, lifted_on=date(2026, 6, 15))
    await runtime.happened(FUNDING, COMPENSATION, lifted)
    assert await remind(runtime, remindful, date(2026, 6, 30)) == [(date(2026, 6, 30), 30)]


async def test_an_amended_decision_is_reminded_of_until_its_new_end() -> None:
    runtime = await granted()
    amended = CompensationAmended(
        case_id=CASE,
        placement_id=PLACEMENT_ID,
        decided_on=date(2026, 1, 20),
        prepared_by="af-1",
        attested_by="af-2",
        valid_from=date(2026, 2, 1),
        extent=Decimal("0.5"),
        ends_on=date(2026, 2, 28),
        rule_version="introduktionsjobb-2018-05-01",
    )
    await runtime.happened(FUNDING, COMPENSATION, amended)
    await remind(runtime, scheduler(), date(2026, 7, 6))
    assert {row.period for row in await rows(runtime)} == {"2026-01-01", "2026-02-01"}


async def test_follow_ups_are_reminded_of_6_and_12_months_after_the_exit_and_then_no_more() -> None:
    runtime, remindful = Behind(build(settings_for(25)), morning(date(2026, 2, 9))), scheduler()
    enrolled = ParticipantEnrolled(programme=Programme.INTRODUKTIONSJOBB, enrolled_on=date(2026, 2, 9))
    exited = ParticipantExited(
        exited_on=date(2026, 8, 31), six_months_on=date(2027, 2, 28), twelve_months_on=date(2027, 8, 31)
    )
    await runtime.happened(PARTICIPANT, CASE, enrolled, exited)
    assert await remind(runtime, remindful, date(2026, 11, 15)) == [], "no assessment after the exit"
    assert await remind(runtime, remindful, date(2027, 2, 14)) == [(date(2027, 2, 14), 14)]
    await runtime.happened(PARTICIPANT, CASE, FollowUpRecorded(moment=Moment.SIX_MONTHS, recorded_on=date(2027, 2, 15)))
    assert await remind(runtime, remindful, date(2027, 2, 28)) == []
    assert await remind(runtime, remindful, exited.twelve_months_on) == [(date(2027, 8, 31), 0)]
    counted = FollowUpCounted(moment=Moment.TWELVE_MONTHS, registration_year=2026, women=1, men=0)
    await runtime.happened(PARTICIPANT, CASE, counted)
    await remind(runtime, remindful, date(2027, 9, 1))
    assert [(row.period, row.settlement) for row in sorted(await rows(runtime), key=lambda row: str(row.due_on))] == [
        ("6-months", "closed"),
        ("12-months", "closed"),
    ]


async def test_a_case_that_is_paused_declined_or_opened_again_is_asked_for_no_assessment_of_before() -> None:
    enrolled = ParticipantEnrolled(programme=Programme.INTRODUKTIONSJOBB, enrolled_on=date(2026, 2, 9))
    due_on = date(2026, 5, 9)
    for event in (
        CasePaused(paused_on=date(2026, 4, 1)),
        CaseDeclined(declined_by="participant", declined_on=date(2026, 4, 1)),
        CaseReopened(reopened_on=date(2026, 4, 1)),
    ):
        runtime = Behind(build(settings_for(25)), morning(date(2026, 2, 9)))
        await runtime.happened(PARTICIPANT, CASE, enrolled, event)
        assert await remind(runtime, scheduler(), due_on) == []
    runtime = Behind(build(settings_for(25)), morning(date(2026, 2, 9)))
    resumed = CaseResumed(resumed_on=date(2026, 4, 20))
    await runtime.happened(PARTICIPANT, CASE, enrolled, CasePaused(paused_on=date(2026, 4, 1)), resumed)
    assert await remind(runtime, scheduler(), due_on) == [(due_on, 0)]


async def test_the_municipality_that_took_the_case_over_is_reminded_and_the_first_one_no_more() -> None:
    runtime = await granted()
    await runtime.happened(PARTICIPANT, CASE, CASE_IS_IN_SUNDSVALL)
    await remind(runtime, scheduler(), date(2026, 5, 31))
    assert [row.recipients for row in await rows(runtime)] == [("kommun-sundsvall",)]
    told = [row.recipient for row in await runtime.select(Notifications, limit=500) if row.due_on is not None]
    assert told == ["kommun-sundsvall"]


async def test_in_a_new_participation_the_municipality_that_refers_is_reminded() -> None:
    runtime = Behind(build(settings_for(25)), morning(date(2026, 2, 9)))
    exited = ParticipantExited(
        exited_on=date(2026, 4, 1), six_months_on=date(2026, 10, 1), twelve_months_on=date(2027, 4, 1)
    )
    reopened = CaseReopened(reopened_on=date(2026, 5, 4))
    again = ReferralRepeated(
        programme=Programme.INTRODUKTIONSJOBB,
        referred_by="kommun",
        agencies_needed=("af",),
        received_on=date(2026, 5, 4),
    )
    enrolled = ParticipantEnrolled(programme=Programme.INTRODUKTIONSJOBB, enrolled_on=date(2026, 5, 11))
    await runtime.happened(PARTICIPANT, CASE, CASE_IS_IN_SUNDSVALL, exited, again, reopened, enrolled)
    await remind(runtime, scheduler(), date(2026, 8, 11))
    assert [(row.kind, row.recipients) for row in await rows(runtime)] == [("assessment", ("kommun",))]


PLAN, VISIT, CALL = UUID(int=5), UUID(int=6), UUID(int=7)


def planned(activity: UUID, responsible: str, due_on: date, revision: int = 1) -> ActivityPlanned:
    return ActivityPlanned(
        case_id=CASE, revision=revision, activity_id=activity, responsible=responsible, due_on=due_on
    )


def written(revision: int) -> PlanWritten:
    return PlanWritten(case_id=CASE, revision=revision, written_on=date(2026, 2, 10), parties=("participant", "kommun"))


async def test_what_the_plan_says_is_reminded_of_whoever_does_it_or_else_the_municipality() -> None:
    runtime, remindful = Behind(build(settings_for(25)), morning(date(2026, 2, 10))), scheduler()
    plan = (written(1), planned(VISIT, "af", date(2026, 3, 2)), planned(CALL, "participant", date(2026, 3, 4)))
    await runtime.happened(PARTICIPANT, PLAN, *plan)
    assert await remind(runtime, remindful, date(2026, 2, 23)) == [(date(2026, 2, 23), 7)]
    assert [(row.kind, row.period, row.recipients) for row in await rows(runtime)] == [
        ("activity", str(VISIT), ("af",))
    ]
    done = ActivityDone(case_id=CASE, activity_id=VISIT, done_on=date(2026, 2, 26), days_late=0)
    await runtime.happened(PARTICIPANT, PLAN, done)
    days = [date(2026, 2, 26), date(2026, 3, 2), date(2026, 3, 4)]
    assert await remind(runtime, remindful, *days) == [(days[0], 7), (days[2], 0)]
    known = {row.period: (row.recipients, row.settlement) for row in await rows(runtime)}
    assert known == {str(VISIT): (("af",), "closed"), str(CALL): (("kommun",), None)}


async def test_an_activity_that_a_later_revision_leaves_out_moves_or_that_a_pause_holds_is_not_reminded_of() -> None:
    runtime, remindful = Behind(build(settings_for(25)), morning(date(2026, 2, 10))), scheduler()
    plan = (written(1), planned(VISIT, "af", date(2026, 3, 2)), planned(CALL, "kommun", date(2026, 3, 2)))
    await runtime.happened(PARTICIPANT, PLAN, *plan, written(2), planned(CALL, "kommun", date(2026, 4, 6), 2))
    assert await remind(runtime, remindful, date(2026, 3, 2)) == []
    await runtime.happened(PARTICIPANT, CASE, CasePaused(paused_on=date(2026, 3, 20)))
    assert await remind(runtime, remindful, date(2026, 4, 6)) == []
    await runtime.happened(PARTICIPANT, CASE, CaseResumed(resumed_on=date(2026, 4, 7)))
    assert await remind(runtime, remindful, date(2026, 4, 7)) == [(date(2026, 4, 7), 0)]
    await runtime.happened(PARTICIPANT, PLAN, PlanClosed(case_id=CASE, closed_on=date(2026, 4, 8), code="exit"))
    await remind(runtime, remindful, date(2026, 4, 8))
    assert [row.settlement for row in await rows(runtime)] == ["closed"]


async def test_after_a_pause_the_events_that_are_on_their_way_are_waited_for() -> None:
    runtime, remindful = await granted(), scheduler(patience_seconds=900.0)
    for waiting in (None, 3):
        runtime.waiting = waiting
        assert await remind(runtime, remindful, date(2026, 5, 31)) == []
    await runtime.happened(FUNDING, COMPENSATION, SUBMITTED)
    runtime.waiting = 0
    assert await remind(runtime, remindful, date(2026, 5, 31)) == []


async def test_the_wait_has_an_end() -> None:
    runtime, impatient = await granted(), scheduler(patience_seconds=0.0)
    runtime.waiting = 3
    assert await remind(runtime, impatient, date(2026, 5, 31)) == CLAIM_DAYS[:1]


async def test_a_reminder_goes_by_the_channels_that_the_agency_chose() -> None:
    chosen = Choices({"kommun": {"reminder": (Channel.MAIL, Channel.WEBHOOK)}})
    runtime = await granted()
    await remind(runtime, scheduler(choices=chosen), date(2026, 5, 31))
    queued = [one.event for one in runtime.written if isinstance(one.event, NotificationQueued) and one.event.due_on]
    assert [one.channel for one in queued] == [Channel.MAIL, Channel.WEBHOOK]
    fired = next(one for one in runtime.written if isinstance(one.event, ReminderFired))
    assert {one.about_event for one in queued} == {fired.envelope.id}


async def test_a_reminder_requires_the_event_that_its_deadline_rests_on() -> None:
    runtime = await granted()
    await remind(runtime, scheduler(), date(2026, 5, 31))
    fired = next(one for one in runtime.written if isinstance(one.event, ReminderFired))
    assert [(str(one.stream_id), one.version) for one in fired.envelope.requires] == [(str(COMPENSATION), 1)]
    assert fired.envelope.correlation_id == CASE


async def test_a_database_that_is_away_loses_no_reminder() -> None:
    runtime, remindful = await granted(), scheduler()
    runtime.away = True
    with pytest.raises(Transient):
        await remind(runtime, remindful, date(2026, 5, 31))
    runtime.away = False
    assert await remind(runtime, remindful, date(2026, 5, 31)) == CLAIM_DAYS[:1]
