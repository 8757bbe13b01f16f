"""A deadline is reminded of once for each number of days before."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.backbone.testing.specification import specification
from samverkan.notify.reminders.reminder import (
    Deadline,
    FireReminder,
    Reminder,
    SettleReminder,
    decide,
    evolve,
    refusal,
)
from samverkan.schemas.notification import (
    DeadlineKind,
    NotificationReactionRefused,
    ReminderFired,
    ReminderSettled,
    Settlement,
)

given = specification(decide, evolve, Reminder())

COMPENSATION = UUID("33333333-3333-4333-8333-333333333333")
CASE = UUID("11111111-1111-4111-8111-111111111111")
DUE = date(2026, 7, 30)
DEADLINE = Deadline(DeadlineKind.CLAIM, COMPENSATION, CASE, "2026-01-01", DUE, ("kommun",))


def fire(days: int, planned: date, fired: date | None = None) -> FireReminder:
    return FireReminder(DEADLINE, days, planned, fired or planned)


def fired(days: int, planned: date, on: date | None = None) -> ReminderFired:
    return ReminderFired(
        kind=DeadlineKind.CLAIM,
        subject_id=COMPENSATION,
        case_id=CASE,
        period="2026-01-01",
        due_on=DUE,
        days_before=days,
        planned_on=planned,
        fired_on=on or planned,
        recipients=("kommun",),
    )


MAY_31, JUNE_30, JULY_23 = date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 23)
SETTLE = SettleReminder(Settlement.CLOSED, date(2026, 7, 24))
SETTLED = ReminderSettled(
    kind=DeadlineKind.CLAIM,
    subject_id=COMPENSATION,
    case_id=CASE,
    due_on=DUE,
    settlement=Settlement.CLOSED,
    settled_on=date(2026, 7, 24),
)


def test_each_number_of_days_before_is_fired_once() -> None:
    given().when(fire(60, MAY_31)).then(fired(60, MAY_31))
    given(fired(60, MAY_31)).when(fire(60, MAY_31)).then_nothing()
    given(fired(60, MAY_31)).when(fire(30, JUNE_30)).then(fired(30, JUNE_30))


def test_a_less_urgent_reminder_never_follows_a_more_urgent_one() -> None:
    given(fired(7, JULY_23)).when(fire(30, JUNE_30, JULY_23)).then_nothing()


def test_a_late_reminder_says_when_it_was_planned() -> None:
    given().when(fire(30, JUNE_30, date(2026, 7, 6))).then(fired(30, JUNE_30, date(2026, 7, 6)))


def test_a_reminder_before_its_day_is_refused() -> None:
    given().when(fire(30, JUNE_30, MAY_31)).then_refused("reminder-too-early")


def test_what_was_reminded_of_is_settled_once() -> None:
    given(fired(60, MAY_31)).when(SETTLE).then(SETTLED)
    given(fired(60, MAY_31), SETTLED).when(SETTLE).then_nothing()
    given().when(SETTLE).then_refused("reminder-not-fired")


def test_a_deadline_that_became_one_again_is_reminded_of_again_but_never_twice_alike() -> None:
    given(fired(60, MAY_31), SETTLED).when(fire(60, MAY_31)).then_nothing()
    given(fired(60, MAY_31), SETTLED).when(fire(7, JULY_23)).then(fired(7, JULY_23))
    given(fired(60, MAY_31), SETTLED, fired(7, JULY_23)).when(SETTLE).then(SETTLED)


def test_the_stream_is_the_deadlines_own() -> None:
    assert DEADLINE.reminder_id == replace(DEADLINE, recipients=("af",)).reminder_id
    moved, other_month = replace(DEADLINE, due_on=date(2026, 7, 31)), replace(DEADLINE, period="2026-02-01")
    decision = replace(DEADLINE, kind=DeadlineKind.DECISION)
    assert len({one.reminder_id for one in (DEADLINE, moved, other_month, decision)}) == 4


def test_a_refused_reaction_changes_nothing() -> None:
    refused = refusal(SETTLE, Refused("reminder-not-fired"))
    assert refused == NotificationReactionRefused(command="SettleReminder", code="reminder-not-fired")
    given(fired(60, MAY_31), refused).when(fire(60, MAY_31)).then_nothing()
