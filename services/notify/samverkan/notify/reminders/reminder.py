"""A reminder: one deadline, told of at most once for each number of days before, until it is settled. Pure.

What is scheduled is never written down: it follows from the facts as they stand (deadlines.py), so it moves and ends
by itself when they change. What was fired is a fact of its own, and that is what stands here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, assert_never
from uuid import UUID, uuid5

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.schemas.catalogue import NOTIFICATION as TOPIC
from samverkan.schemas.notification import (
    DeadlineKind,
    NotificationReactionRefused,
    ReminderFired,
    ReminderSettled,
    Settlement,
)

Event = ReminderFired | ReminderSettled | NotificationReactionRefused


@dataclass(frozen=True)
class Deadline:
    """A day by which something is to be done. `period` tells several of one subject and kind apart."""

    kind: DeadlineKind
    subject_id: UUID
    case_id: UUID | None
    period: str
    due_on: date
    recipients: tuple[str, ...]

    @property
    def reminder_id(self) -> UUID:
        """The stream of its reminders: derived, so that two replicas that find it due mean the same one."""
        return uuid5(self.subject_id, f"{self.kind.value}/{self.period}/{self.due_on}")


@dataclass(frozen=True)
class FireReminder:
    """Tell the deadline's recipients, so many days before it, that it is near; planned for `planned_on`."""

    deadline: Deadline
    days_before: int
    planned_on: date
    fired_on: date


@dataclass(frozen=True)
class SettleReminder:
    """The deadline is one no more."""

    settlement: Settlement
    settled_on: date


Command = FireReminder | SettleReminder


@dataclass(frozen=True)
class Reminder:
    """The fewest days before that were fired, and whether it is settled."""

    fired: ReminderFired | None = None
    settled: bool = False

    @property
    def state(self) -> Literal["not-fired", "fired", "settled"]:
        """Settled until a more urgent reminder is fired again: a met deadline may become one again."""
        if self.fired is None:
            return "not-fired"
        return "settled" if self.settled else "fired"


def decide(command: Command, reminder: Reminder) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    match command:
        case FireReminder():
            return _fire(command, reminder)
        case SettleReminder():
            return _settle(command, reminder)
        case _:
            assert_never(command)


def evolve(reminder: Reminder, event: Event) -> Reminder:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case ReminderFired():
            return Reminder(fired=event)
        case ReminderSettled():
            return replace(reminder, settled=True)
        case NotificationReactionRefused():
            return reminder
        case _:
            assert_never(event)


def refusal(command: object, refused: Refused) -> NotificationReactionRefused:
    """The outcome of a reaction that the rules refused."""
    return NotificationReactionRefused(command=type(command).__name__, code=refused.code)


def _fire(command: FireReminder, reminder: Reminder) -> Sequence[Event]:
    if reminder.fired is not None and reminder.fired.days_before <= command.days_before:
        return []  # this one or a more urgent one: another replica was first
    if command.fired_on < command.planned_on:
        raise Refused("reminder-too-early", planned_on=str(command.planned_on))
    deadline = command.deadline
    return [
        ReminderFired(
            kind=deadline.kind,
            subject_id=deadline.subject_id,
            case_id=deadline.case_id,
            period=deadline.period,
            due_on=deadline.due_on,
            days_before=command.days_before,
            planned_on=command.planned_on,
            fired_on=command.fired_on,
            recipients=deadline.recipients,
        )
    ]


def _settle(command: SettleReminder, reminder: Reminder) -> Sequence[Event]:
    fired = reminder.fired
    if fired is None:
        raise Refused("reminder-not-fired")
    if reminder.settled:
        return []
    return [
        ReminderSettled(
            kind=fired.kind,
            subject_id=fired.subject_id,
            case_id=fired.case_id,
            due_on=fired.due_on,
            settlement=command.settlement,
            settled_on=command.settled_on,
        )
    ]


REMINDER: Final = Aggregate("reminder", TOPIC.name, Reminder(), decide, evolve, refusal)
