"""The facts that deadlines follow from, and the reminders that were fired. Pure folds.

Each of the first three tables is about one stream family and has a row per stream. `look_from` and `look_until` bound
the days on which the scheduler must look at a row at all; they follow from the rules that the view was given.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.notify.reminders.deadlines import of_budget, of_case, of_compensation, of_plan
from samverkan.notify.reminders.facts import (
    OF_BUDGET,
    OF_CASE,
    OF_COMPENSATION,
    OF_PLACEMENT,
    OF_PLAN,
    BudgetFacts,
    CaseFacts,
    CompensationFacts,
    PlacementFacts,
    PlanFacts,
    budget,
    case,
    compensation,
    placement,
    plan,
)
from samverkan.notify.reminders.reminder import Deadline
from samverkan.notify.reminders.rules import Rules
from samverkan.schemas.event import Event
from samverkan.schemas.notification import ReminderFired, ReminderSettled


@dataclass(frozen=True)
class ReminderRow:
    """A deadline that was reminded of; `state` is fired or settled, `days_before` the latest that was fired."""

    reminder_id: UUID
    version: int = 0
    kind: str | None = None
    subject_id: UUID | None = None
    case_id: UUID | None = None
    period: str | None = None
    due_on: date | None = None
    days_before: int | None = None
    planned_on: date | None = None
    fired_on: date | None = None
    recipients: tuple[str, ...] = ()
    state: str | None = None
    settlement: str | None = None
    settled_on: date | None = None


class Reminders(View[ReminderRow]):
    """One row per deadline that was reminded of."""

    table: ClassVar = "reminder"
    row: ClassVar = ReminderRow
    events: ClassVar[tuple[type[Event], ...]] = (ReminderFired, ReminderSettled)

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: ReminderRow, recorded: Recorded) -> ReminderRow:
        row = replace(row, version=recorded.envelope.version)
        match recorded.event:
            case ReminderFired() as fired:
                return replace(
                    row,
                    kind=fired.kind.value,
                    subject_id=fired.subject_id,
                    case_id=fired.case_id,
                    period=fired.period,
                    due_on=fired.due_on,
                    days_before=fired.days_before,
                    planned_on=fired.planned_on,
                    fired_on=fired.fired_on,
                    recipients=fired.recipients,
                    state="fired",
                    settlement=None,
                    settled_on=None,
                )
            case ReminderSettled() as settled:
                return replace(row, state="settled", settlement=settled.settlement.value, settled_on=settled.settled_on)
            case _:
                return row


class CompensationWatch(View[CompensationFacts]):
    """What is known of each compensation that matters for deadlines."""

    table: ClassVar = "compensation_watch"
    row: ClassVar = CompensationFacts
    events: ClassVar = OF_COMPENSATION

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: CompensationFacts, recorded: Recorded) -> CompensationFacts:
        after = compensation(row, recorded)
        look_from, look_until = _bounds(of_compensation(after, None, self._rules), self._rules)
        return replace(after, look_from=look_from, look_until=look_until)


class PlacementWatch(View[PlacementFacts]):
    """When each placement ended."""

    table: ClassVar = "placement_watch"
    row: ClassVar = PlacementFacts
    events: ClassVar = OF_PLACEMENT

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: PlacementFacts, recorded: Recorded) -> PlacementFacts:
        return placement(row, recorded)


class CaseWatch(View[CaseFacts]):
    """What is known of each case that matters for deadlines."""

    table: ClassVar = "case_watch"
    row: ClassVar = CaseFacts
    events: ClassVar = OF_CASE

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: CaseFacts, recorded: Recorded) -> CaseFacts:
        after = case(row, recorded)
        look_from, look_until = _bounds(of_case(after, self._rules), self._rules)
        return replace(after, look_from=look_from, look_until=look_until)


class PlanWatch(View[PlanFacts]):
    """What is known of each plan that matters for deadlines."""

    table: ClassVar = "plan_watch"
    row: ClassVar = PlanFacts
    events: ClassVar = OF_PLAN

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: PlanFacts, recorded: Recorded) -> PlanFacts:
        after = plan(row, recorded)
        look_from, look_until = _bounds(of_plan(after, None, self._rules), self._rules)
        return replace(after, look_from=look_from, look_until=look_until)


class BudgetWatch(View[BudgetFacts]):
    """What is known of each Finsam budget that matters for deadlines."""

    table: ClassVar = "budget_watch"
    row: ClassVar = BudgetFacts
    events: ClassVar = OF_BUDGET

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: BudgetFacts, recorded: Recorded) -> BudgetFacts:
        after = budget(row, recorded)
        look_from, look_until = _bounds(of_budget(after, self._rules), self._rules)
        return replace(after, look_from=look_from, look_until=look_until)


def _bounds(deadlines: Iterable[Deadline], rules: Rules) -> tuple[date | None, date | None]:
    """The first day on which one of them is reminded of, and the last on which one may still be."""
    open_now = list(deadlines)
    if not open_now:
        return None, None
    first = min(one.due_on - timedelta(days=rules.of(one.kind).days_before[0]) for one in open_now)
    return first, max(one.due_on for one in open_now) + timedelta(days=rules.late.days)
