"""Presence of a case and each deviation from it; all columns are owned by samverkan.participant."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.support import (
    AttendedWeek,
    DeviationReported,
    DeviationWithdrawn,
    PresenceEnded,
    PresenceOpened,
    PresenceScheduled,
    ScheduledWeek,
    WeekCorrected,
    WeekReported,
)


@dataclass(frozen=True)
class CasePresenceRow:
    """One presence: the period, the days of the week that may be read, and how its weeks were reported."""

    presence_id: UUID
    case_id: UUID | None = None
    placement_id: UUID | None = None
    activity: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    told: str | None = None
    weeks_reported: int = 0
    weeks_late: int = 0
    weeks_corrected: int = 0
    latest_week: date | None = None
    weekdays: tuple[int, ...] = ()


class CasePresences(View[CasePresenceRow]):
    """The presences of the shared cases."""

    table: ClassVar = "case_presence"
    row: ClassVar = CasePresenceRow
    events: ClassVar = (PresenceOpened, PresenceScheduled, WeekReported, WeekCorrected, PresenceEnded)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per presence."""
        return [recorded.stream_id]

    def fold(self, row: CasePresenceRow, recorded: Recorded) -> CasePresenceRow:
        """Take over what the event says."""
        match recorded.event:
            case PresenceOpened() as opened:
                return replace(
                    row,
                    case_id=opened.case_id,
                    placement_id=opened.placement_id,
                    activity=opened.activity,
                    starts_on=opened.starts_on,
                    ends_on=opened.ends_on,
                    told=opened.told,
                    weekdays=_weekdays(opened.employment),
                )
            case PresenceScheduled(employment=scheduled):
                return replace(row, weekdays=_weekdays(scheduled))
            case WeekReported() as reported:
                return replace(
                    row,
                    weeks_reported=row.weeks_reported + 1,
                    weeks_late=row.weeks_late + (reported.reported_on > reported.due_on),
                    latest_week=max(reported.week, row.latest_week or reported.week),
                )
            case WeekCorrected():
                return replace(row, weeks_corrected=row.weeks_corrected + 1)
            case PresenceEnded(ends_on=day):
                return replace(row, ends_on=day)
            case _:
                return row


@dataclass(frozen=True)
class AttendedDayRow:
    """One day, its key the presence and the day. `attended` is the share of a reported week's day, None before it.

    `reported_on`: when its deviation was told first; `withdrawn_on`: when it was taken back.
    """

    day_key: str
    case_id: UUID | None = None
    presence_id: UUID | None = None
    day: date | None = None
    told: str | None = None
    reported_on: date | None = None
    withdrawn_on: date | None = None
    attended: Decimal | None = None
    absent: Decimal | None = None
    code: str | None = None


class AttendedDays(View[AttendedDayRow]):
    """Every day of which something was told: that somebody was absent, or the reported week's word."""

    table: ClassVar = "case_attended_day"
    row: ClassVar = AttendedDayRow
    events: ClassVar = (DeviationReported, DeviationWithdrawn, WeekReported, WeekCorrected)

    def keys(self, recorded: Recorded) -> Collection[str]:
        """The days that the event is about; of a week that cannot be read, none."""
        match recorded.event:
            case DeviationReported(day=day) | DeviationWithdrawn(day=day):
                return [_key(recorded, day)]
            case WeekReported(employment=AttendedWeek(days=days)) | WeekCorrected(employment=AttendedWeek(days=days)):
                return [_key(recorded, one.day) for one in days]
            case _:
                return []

    def fold(self, row: AttendedDayRow, recorded: Recorded) -> AttendedDayRow:
        """Take over what the event says of this day."""
        match recorded.event:
            case DeviationReported() as told:
                return replace(
                    row,
                    case_id=told.case_id,
                    presence_id=recorded.stream_id,
                    day=told.day,
                    told=told.told,
                    reported_on=told.reported_on if row.withdrawn_on or not row.reported_on else row.reported_on,
                    withdrawn_on=None,
                    absent=None if told.economy is None else told.economy.absent,
                    code=None if told.health is None else told.health.code,
                )
            case DeviationWithdrawn(withdrawn_on=day):
                return replace(row, withdrawn_on=day, absent=None, code=None)
            case WeekReported() | WeekCorrected() as week if week.employment is not None:
                said = next(one for one in week.employment.days if _key(recorded, one.day) == row.day_key)
                row = replace(row, case_id=week.case_id, presence_id=recorded.stream_id, day=said.day)
                return replace(row, attended=1 - said.absent)
            case _:
                return row


def _key(recorded: Recorded, day: date) -> str:
    return f"{recorded.stream_id}/{day.isoformat()}"


def _weekdays(scheduled: ScheduledWeek | None) -> tuple[int, ...]:
    return () if scheduled is None else scheduled.weekdays
