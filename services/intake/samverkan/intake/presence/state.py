"""Presence as its events left it: the period, the days expected, what was reported. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, assert_never

from samverkan.schemas.support import (
    AbsenceReasons,
    AttendedWeek,
    DeviationReported,
    DeviationWithdrawn,
    PresenceEnded,
    PresenceOpened,
    PresenceScheduled,
    SupportReactionRefused,
    WeekCorrected,
    WeekReported,
)

Event = (
    PresenceOpened
    | PresenceScheduled
    | WeekReported
    | WeekCorrected
    | DeviationReported
    | DeviationWithdrawn
    | PresenceEnded
    | SupportReactionRefused
)

WORKING_WEEK: Final = (1, 2, 3, 4, 5)
WEEK: Final = timedelta(days=7)


class State(StrEnum):
    """Whether presence is reported. After the end, days before it may still be reported and corrected."""

    NONE = "none"
    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True)
class Day:
    """One expected day: the share that was missed, 0 when the participant was there, and why."""

    absent: Decimal = Decimal(0)
    reason: str | None = None


@dataclass(frozen=True)
class Schedule:
    """The days of the week, 1 (Monday) to 7, on which the participant is expected from a day on."""

    from_on: date
    weekdays: tuple[int, ...]


@dataclass(frozen=True)
class Presence:
    """What later decisions rest on. `weeks` and `deviations` hold what was said last; a withdrawn one is gone."""

    opened: PresenceOpened | None = None
    schedules: tuple[Schedule, ...] = ()
    weeks: Mapping[date, Mapping[date, Day]] = field(default_factory=dict)
    deviations: Mapping[date, Day] = field(default_factory=dict)
    ended: PresenceEnded | None = None

    @property
    def state(self) -> State:
        """Nothing, open, ended."""
        if self.opened is None:
            return State.NONE
        return State.OPEN if self.ended is None else State.ENDED

    def expected(self, day: date) -> bool:
        """Whether the participant is expected on that day."""
        if self.opened is None:
            return False
        ends_on = self.opened.ends_on if self.ended is None else self.ended.ends_on
        return expected(day, self.schedules, self.opened.starts_on, ends_on)

    def expected_days(self, week: date) -> tuple[date, ...]:
        """The expected days of the week that begins on that Monday."""
        days = (week + timedelta(days=number) for number in range(7))
        return tuple(day for day in days if self.expected(day))

    def reported_days(self) -> Iterator[date]:
        """Every day that something was said of."""
        yield from self.deviations
        for days in self.weeks.values():
            yield from days


def expected(day: date, schedules: Sequence[Schedule], starts_on: date, ends_on: date | None) -> bool:
    """Whether somebody with these schedules, in their order, is expected on that day of the period."""
    if day < starts_on or (ends_on is not None and day > ends_on):
        return False
    in_force = [one for one in schedules if one.from_on <= day]
    return bool(in_force) and day.isoweekday() in in_force[-1].weekdays


def monday_of(day: date) -> date:
    """The Monday of the week of that day."""
    return day - timedelta(days=day.weekday())


def due_on(week: date) -> date:
    """The last day to report a week in time: the Monday after it."""
    return week + WEEK


def evolve(presence: Presence, event: Event) -> Presence:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case PresenceOpened():
            weekdays = WORKING_WEEK if event.employment is None else event.employment.weekdays
            return replace(presence, opened=event, schedules=(Schedule(event.starts_on, weekdays),))
        case PresenceScheduled():
            weekdays = WORKING_WEEK if event.employment is None else event.employment.weekdays
            earlier = tuple(one for one in presence.schedules if one.from_on < event.from_on)
            return replace(presence, schedules=(*earlier, Schedule(event.from_on, weekdays)))
        case WeekReported() | WeekCorrected():
            return replace(presence, weeks={**presence.weeks, event.week: days_of(event.employment, event.health)})
        case DeviationReported():
            absent = Decimal(1) if event.economy is None else event.economy.absent
            day = Day(absent, None if event.health is None else event.health.code)
            return replace(presence, deviations={**presence.deviations, event.day: day})
        case DeviationWithdrawn():
            kept = {day: said for day, said in presence.deviations.items() if day != event.day}
            return replace(presence, deviations=kept)
        case PresenceEnded():
            return replace(presence, ended=event)
        case SupportReactionRefused():
            return presence
        case _:
            assert_never(event)


def days_of(attended: AttendedWeek | None, why: AbsenceReasons | None) -> dict[date, Day]:
    """The days of a week as far as they can be read: without the week none, without the reasons no reason."""
    codes = {} if why is None else {one.day: one.code for one in why.days}
    return {} if attended is None else {one.day: Day(one.absent, codes.get(one.day)) for one in attended.days}
