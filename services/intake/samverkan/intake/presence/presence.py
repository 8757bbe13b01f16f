"""Presence at a placement or an activity: every command and where it is decided. Pure: dates arrive in commands."""

from collections.abc import Sequence
from datetime import date
from typing import Final, assert_never
from uuid import UUID, uuid5

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.intake.presence.period import (
    Activity,
    ChangeSchedule,
    EndPresence,
    NotePlacementEnded,
    OpenPresence,
    change_schedule,
    end,
    note_placement_ended,
    open_presence,
)
from samverkan.intake.presence.reporting import (
    CorrectWeek,
    ReportDeviation,
    ReportWeek,
    correct_week,
    report_deviation,
    report_week,
)
from samverkan.intake.presence.state import Event, Presence, evolve
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.support import SupportReactionRefused

Command = OpenPresence | ChangeSchedule | ReportDeviation | ReportWeek | CorrectWeek | EndPresence | NotePlacementEnded


def presence_id(case_id: UUID, placement_id: UUID | None, activity: Activity, starts_on: date) -> UUID:
    """The stream of one placement's presence, or of one activity that begins on that day."""
    at = f"{activity}/{starts_on.isoformat()}" if placement_id is None else str(placement_id)
    return uuid5(case_id, f"presence/{at}")


def presence_of_placement(case_id: UUID, placement_id: UUID) -> UUID:
    """The stream of a placement's presence."""
    return presence_id(case_id, placement_id, Activity.EMPLOYMENT, date.min)


def decide(command: Command, presence: Presence) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    if isinstance(command, OpenPresence):
        return open_presence(command, presence)
    if isinstance(command, NotePlacementEnded):
        return note_placement_ended(command, presence)
    if presence.opened is None:
        raise Refused("presence-unknown")
    match command:
        case ChangeSchedule():
            return change_schedule(command, presence, presence.opened)
        case ReportDeviation():
            return report_deviation(command, presence, presence.opened)
        case ReportWeek():
            return report_week(command, presence, presence.opened)
        case CorrectWeek():
            return correct_week(command, presence, presence.opened)
        case EndPresence():
            return end(command, presence, presence.opened)
        case _:
            assert_never(command)


def refusal(command: object, refused: Refused) -> SupportReactionRefused:
    """What is recorded when another service's event asks for something that the rules refuse."""
    return SupportReactionRefused(command=type(command).__name__, code=refused.code)


PRESENCE: Final = Aggregate("presence", PARTICIPANT.name, Presence(), decide, evolve, refusal)
