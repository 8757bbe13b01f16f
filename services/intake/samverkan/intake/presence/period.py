"""When and where presence is reported: opening, the days of the week, the end. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.intake.presence.state import Event, Presence, Schedule
from samverkan.schemas.catalogue import AGENCIES, Role
from samverkan.schemas.support import PresenceEnded, PresenceOpened, PresenceScheduled, ScheduledWeek


class Activity(StrEnum):
    """What the participant is present at."""

    ARBETSPRAKTIK = "arbetspraktik"
    ARBETSTRANING = "arbetstraning"
    MUNICIPAL = "municipal-activity"
    EMPLOYMENT = "employment"


# AF follows who takes part in its programmes; FK who has sickness benefit while taking part.
MAY_BE_TOLD: Final = frozenset(
    known.code for known in AGENCIES if known.role in {Role.EMPLOYMENT_SERVICE, Role.INSURANCE}
)


@dataclass(frozen=True)
class OpenPresence:
    """Presence is reported from this day, on these days of the week, 1 (Monday) to 7. `told`: whom deviations reach."""

    case_id: UUID
    activity: Activity
    starts_on: date
    told: str
    weekdays: tuple[int, ...]
    placement_id: UUID | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class ChangeSchedule:
    """From that Monday on other days of the week."""

    from_on: date
    weekdays: tuple[int, ...]


@dataclass(frozen=True)
class EndPresence:
    """The last day on which presence is reported. Given again, another day replaces it."""

    ends_on: date


@dataclass(frozen=True)
class NotePlacementEnded:
    """The placement ended. Leads to nothing when nobody reports presence of it, or no longer does.

    `not_on`: the last day that had been told wrongly; presence that ended on it goes on with the placement.
    """

    last_day_on: date
    not_on: date | None = None


def open_presence(command: OpenPresence, presence: Presence) -> Sequence[Event]:
    """Refused: `presence-placement-missing`, `deviation-to-wrong-agency`, `weekdays-wrong`, `presence-ends-too-early`,
    `presence-already-open`."""
    if command.placement_id is None and command.activity is not Activity.MUNICIPAL:
        raise Refused("presence-placement-missing")
    if command.told not in MAY_BE_TOLD:
        raise Refused("deviation-to-wrong-agency")
    if command.ends_on is not None and command.ends_on < command.starts_on:
        raise Refused("presence-ends-too-early", starts_on=command.starts_on.isoformat())
    opened = PresenceOpened(
        case_id=command.case_id,
        placement_id=command.placement_id,
        activity=command.activity,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        told=command.told,
        employment=ScheduledWeek(weekdays=_weekdays(command.weekdays)),
    )
    if presence.opened is None:
        return [opened]
    if presence.opened == opened:
        return []
    raise Refused("presence-already-open", starts_on=presence.opened.starts_on.isoformat())


def change_schedule(command: ChangeSchedule, presence: Presence, opened: PresenceOpened) -> Sequence[Event]:
    """Refused: `weekdays-wrong`, `week-not-monday`, `presence-ended`, `presence-not-begun`, `days-reported-after`."""
    weekdays = _weekdays(command.weekdays)
    if command.from_on.weekday():
        raise Refused("week-not-monday")
    if presence.schedules[-1] == Schedule(command.from_on, weekdays):
        return []
    if presence.ended is not None:
        raise Refused("presence-ended", ends_on=presence.ended.ends_on.isoformat())
    if command.from_on < opened.starts_on:
        raise Refused("presence-not-begun", starts_on=opened.starts_on.isoformat())
    if any(day >= command.from_on for day in presence.reported_days()):
        raise Refused("days-reported-after", day=command.from_on.isoformat())
    return [
        PresenceScheduled(
            case_id=opened.case_id,
            placement_id=opened.placement_id,
            from_on=command.from_on,
            employment=ScheduledWeek(weekdays=weekdays),
        )
    ]


def end(command: EndPresence, presence: Presence, opened: PresenceOpened) -> Sequence[Event]:
    """Refused: `presence-ends-too-early`, `days-reported-after`."""
    if presence.ended is not None and presence.ended.ends_on == command.ends_on:
        return []
    if command.ends_on < opened.starts_on:
        raise Refused("presence-ends-too-early", starts_on=opened.starts_on.isoformat())
    if any(day > command.ends_on for day in presence.reported_days()):
        raise Refused("days-reported-after", day=command.ends_on.isoformat())
    return [PresenceEnded(case_id=opened.case_id, placement_id=opened.placement_id, ends_on=command.ends_on)]


def note_placement_ended(command: NotePlacementEnded, presence: Presence) -> Sequence[Event]:
    """Refused: `days-reported-after`: somebody reported the participant present after the placement's end."""
    if presence.opened is None:
        return []
    ended_with_it = presence.ended is not None and presence.ended.ends_on == command.not_on
    if presence.ended is not None and presence.ended.ends_on <= command.last_day_on and not ended_with_it:
        return []
    return end(EndPresence(command.last_day_on), presence, presence.opened)


def _weekdays(told: tuple[int, ...]) -> tuple[int, ...]:
    weekdays = tuple(sorted(set(told)))
    if not weekdays or not set(weekdays) <= set(range(1, 8)):
        raise Refused("weekdays-wrong")
    return weekdays
