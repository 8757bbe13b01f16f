"""One row per deadline that was reminded of in a shared case; all columns are owned by samverkan.notification."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.notification import ReminderFired, ReminderSettled


@dataclass(frozen=True)
class ReminderRow:
    """What is to be done by when: `state` is fired while it is, then settled, and `settlement` says why.

    `kind` and `period` are those of `ReminderFired`; `days_before` is the latest reminder's, `recipients` who was told.
    """

    reminder_id: UUID
    case_id: UUID | None = None
    kind: str | None = None
    subject_id: UUID | None = None
    period: str | None = None
    due_on: date | None = None
    days_before: int | None = None
    planned_on: date | None = None
    fired_on: date | None = None
    recipients: tuple[str, ...] = ()
    state: str | None = None
    settlement: str | None = None


class Reminders(View[ReminderRow]):
    """The deadlines that were reminded of."""

    table: ClassVar = "case_reminder"
    row: ClassVar = ReminderRow
    events: ClassVar = (ReminderFired, ReminderSettled)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per deadline."""
        return [recorded.stream_id]

    def fold(self, row: ReminderRow, recorded: Recorded) -> ReminderRow:
        """Take over what the event says."""
        match recorded.event:
            case ReminderFired() as fired:
                return replace(
                    row,
                    case_id=fired.case_id,
                    kind=fired.kind.value,
                    subject_id=fired.subject_id,
                    period=fired.period,
                    due_on=fired.due_on,
                    days_before=fired.days_before,
                    planned_on=fired.planned_on,
                    fired_on=fired.fired_on,
                    recipients=fired.recipients,
                    state="fired",
                    settlement=None,
                )
            case ReminderSettled(settlement=settlement):
                return replace(row, state="settled", settlement=settlement.value)
            case _:
                return row
