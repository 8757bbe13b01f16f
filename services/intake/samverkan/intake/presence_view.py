"""Presence: what was reported of each week and day. A pure fold of intake's own events."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.intake.presence.state import (
    WEEK,
    WORKING_WEEK,
    Day,
    Schedule,
    days_of,
    due_on,
    expected,
    monday_of,
)
from samverkan.schemas.participant import PlacementNoted
from samverkan.schemas.support import (
    AbsenceReasons,
    AttendedWeek,
    DeviationReported,
    DeviationWithdrawn,
    PresenceEnded,
    PresenceOpened,
    PresenceScheduled,
    WeekCorrected,
    WeekReported,
)

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class PresenceRow:
    """One presence. `next_week` is the first week that nobody has reported, `next_due_on` the last day to do it.

    `weeks`: what holds of each, and what was said before it was corrected; `deviations`: each as it was told.
    """

    presence_id: UUID
    version: int = 0
    case_id: UUID | None = None
    placement_id: UUID | None = None
    activity: str | None = None
    state: str = "unknown"
    starts_on: date | None = None
    ends_on: date | None = None
    told: str | None = None
    next_week: date | None = None
    next_due_on: date | None = None
    schedules: tuple[Entry, ...] = ()
    weeks: tuple[Entry, ...] = ()
    deviations: tuple[Entry, ...] = ()


class Presences(View[PresenceRow]):
    """Every presence that was opened."""

    table: ClassVar = "presence"
    row: ClassVar = PresenceRow
    events: ClassVar = (
        *(PresenceOpened, PresenceScheduled, WeekReported, WeekCorrected),
        *(DeviationReported, DeviationWithdrawn, PresenceEnded),
    )

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per presence."""
        return [recorded.stream_id]

    def fold(self, row: PresenceRow, recorded: Recorded) -> PresenceRow:
        """Take over what the event says."""
        return _with_next(_folded(replace(row, version=recorded.envelope.version), recorded))


@dataclass(frozen=True)
class NotedPlacementRow:
    """A placement that has started, and whose it is."""

    placement_id: UUID
    case_id: UUID | None = None
    started_on: date | None = None
    ended_on: date | None = None


class NotedPlacements(View[NotedPlacementRow]):
    """The placements that the cases have noted."""

    table: ClassVar = "noted_placement"
    row: ClassVar = NotedPlacementRow
    events: ClassVar = (PlacementNoted,)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per placement."""
        assert isinstance(recorded.event, PlacementNoted)
        return [recorded.event.placement_id]

    def fold(self, row: NotedPlacementRow, recorded: Recorded) -> NotedPlacementRow:
        """Take over what the event says."""
        match recorded.event:
            case PlacementNoted(state="started", noted_on=day):
                return replace(row, case_id=recorded.stream_id, started_on=day)
            case PlacementNoted(state="ended" | "end-corrected", noted_on=day):
                return replace(row, case_id=recorded.stream_id, ended_on=day)
            case _:
                return row


def reported_days(row: PresenceRow) -> dict[date, Day]:
    """What holds of every reported day: of a week that is reported, the week; of others, their deviations."""
    days: dict[date, Day] = {}
    for told in row.deviations:
        if told["withdrawn_on"] is None:
            days[date.fromisoformat(told["day"])] = Day(Decimal(told["absent"] or 1), told["code"])
    for week in row.weeks:
        for one in week["days"]:
            days[date.fromisoformat(one["day"])] = Day(Decimal(one["absent"]), one["code"])
    return days


def _folded(row: PresenceRow, recorded: Recorded) -> PresenceRow:
    match recorded.event:
        case PresenceOpened() as opened:
            weekdays = WORKING_WEEK if opened.employment is None else opened.employment.weekdays
            return replace(
                row,
                case_id=opened.case_id,
                placement_id=opened.placement_id,
                activity=opened.activity,
                state="open",
                starts_on=opened.starts_on,
                ends_on=opened.ends_on,
                told=opened.told,
                schedules=({"from_on": opened.starts_on.isoformat(), "weekdays": list(weekdays)},),
            )
        case PresenceScheduled(from_on=day, employment=scheduled):
            weekdays = WORKING_WEEK if scheduled is None else scheduled.weekdays
            earlier = tuple(one for one in row.schedules if one["from_on"] < day.isoformat())
            return replace(row, schedules=(*earlier, {"from_on": day.isoformat(), "weekdays": list(weekdays)}))
        case WeekReported() as reported:
            entry = {
                "week": reported.week.isoformat(),
                "reported_on": reported.reported_on.isoformat(),
                "due_on": reported.due_on.isoformat(),
                "late": reported.reported_on > reported.due_on,
                "days": _days(reported.employment, reported.health),
                "before": [],
            }
            return replace(row, weeks=tuple(sorted((*row.weeks, entry), key=lambda one: one["week"])))
        case WeekCorrected() as corrected:
            return replace(row, weeks=tuple(_corrected(one, corrected) for one in row.weeks))
        case DeviationReported() as told:
            entry = {
                "day": told.day.isoformat(),
                "reported_on": told.reported_on.isoformat(),
                "same_day": told.reported_on == told.day,
                "absent": None if told.economy is None else str(told.economy.absent),
                "code": None if told.health is None else told.health.code,
                "withdrawn_on": None,
            }
            replaced = _withdrawn(row.deviations, told.day, told.reported_on)  # what was said before of that day
            return replace(row, deviations=(*replaced, entry))
        case DeviationWithdrawn(day=day, withdrawn_on=withdrawn_on):
            return replace(row, deviations=_withdrawn(row.deviations, day, withdrawn_on))
        case PresenceEnded(ends_on=day):
            return replace(row, state="ended", ends_on=day)
        case _:
            return row


def _with_next(row: PresenceRow) -> PresenceRow:
    """The first week with an expected day that nobody has reported."""
    assert row.starts_on is not None
    reported = {one["week"] for one in row.weeks}
    schedules = [Schedule(date.fromisoformat(one["from_on"]), tuple(one["weekdays"])) for one in row.schedules]
    week = monday_of(row.starts_on)
    while week.isoformat() in reported or not any(
        expected(week + timedelta(days=number), schedules, row.starts_on, row.ends_on) for number in range(7)
    ):
        week += WEEK
        if row.ends_on is not None and week > row.ends_on:
            return replace(row, next_week=None, next_due_on=None)
    return replace(row, next_week=week, next_due_on=due_on(week))


def _corrected(one: Entry, corrected: WeekCorrected) -> Entry:
    if one["week"] != corrected.week.isoformat():
        return one
    before = {
        "days": one["days"],
        "until": corrected.corrected_on.isoformat(),
        "code": corrected.code,
    }
    return {**one, "days": _days(corrected.employment, corrected.health), "before": [*one["before"], before]}


def _withdrawn(deviations: tuple[Entry, ...], day: date, on: date) -> tuple[Entry, ...]:
    return tuple(
        {**one, "withdrawn_on": on.isoformat()}
        if one["day"] == day.isoformat() and one["withdrawn_on"] is None
        else one
        for one in deviations
    )


def _days(attended: AttendedWeek | None, why: AbsenceReasons | None) -> list[dict[str, Any]]:
    return [
        {"day": day.isoformat(), "absent": str(said.absent), "code": said.reason}
        for day, said in days_of(attended, why).items()
    ]
