"""A plan as its events left it: revisions, activities, signatures. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from samverkan.schemas.support import (
    ActivityDone,
    ActivityDropped,
    ActivityPlanned,
    HealthTexts,
    PlanAgreed,
    PlanClosed,
    PlanSigned,
    PlanWritten,
    SupportReactionRefused,
    WorkTexts,
)

Event = (
    PlanWritten
    | ActivityPlanned
    | ActivityDone
    | ActivityDropped
    | PlanSigned
    | PlanAgreed
    | PlanClosed
    | SupportReactionRefused
)


class State(StrEnum):
    """How far a plan has come. `changed`: an earlier revision holds while the current one waits for signatures."""

    NONE = "none"
    DRAFT = "draft"
    SIGNING = "signing"
    IN_FORCE = "in-force"
    CHANGED = "changed"
    CLOSED = "closed"


@dataclass(frozen=True)
class Words:
    """What people wrote: what concerns work and study, and what concerns health. Each lies in its compartment."""

    work: tuple[str, ...] = ()
    health: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.work or self.health)

    def sealed(self) -> tuple[WorkTexts | None, HealthTexts | None]:
        """The two compartments of an event; None for one that nothing was written in."""
        work = WorkTexts(texts=self.work) if self.work else None
        return work, HealthTexts(texts=self.health) if self.health else None


def words(event: PlanWritten | ActivityPlanned) -> Words:
    """What the event's compartments hold; nothing of one that cannot be read."""
    work, health = event.employment, event.health
    return Words(() if work is None else work.texts, () if health is None else health.texts)


@dataclass(frozen=True)
class Activity:
    """Who does what by when. `done` and `dropped` are None while it is open."""

    activity_id: UUID
    responsible: str
    due_on: date
    words: Words
    done: ActivityDone | None = None
    dropped: ActivityDropped | None = None

    @property
    def open(self) -> bool:
        """Neither done nor dropped."""
        return self.done is None and self.dropped is None


@dataclass(frozen=True)
class Plan:
    """What later decisions rest on. `written` is the current revision, `signatures` are of that revision only."""

    written: PlanWritten | None = None
    first_written_on: date | None = None
    activities: Mapping[UUID, Activity] = field(default_factory=dict)
    signatures: Mapping[str, PlanSigned] = field(default_factory=dict)
    agreed: PlanAgreed | None = None
    closed: PlanClosed | None = None

    @property
    def state(self) -> State:
        """Nothing, drafted, signed by some, in force; changed when that was so before the current revision."""
        if self.written is None:
            return State.NONE
        if self.closed is not None:
            return State.CLOSED
        if self.agreed is not None:
            return State.IN_FORCE if self.agreed.revision == self.written.revision else State.CHANGED
        return State.SIGNING if self.signatures else State.DRAFT


def evolve(plan: Plan, event: Event) -> Plan:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case PlanWritten():
            first = plan.first_written_on or event.written_on
            agreed = None if plan.closed is not None else plan.agreed  # written anew after its end: a plan begins
            return replace(plan, written=event, first_written_on=first, signatures={}, agreed=agreed, closed=None)
        case ActivityPlanned():
            activity = Activity(event.activity_id, event.responsible, event.due_on, words(event))
            return _with(plan, activity)
        case ActivityDone():
            known = plan.activities.get(event.activity_id)
            return plan if known is None else _with(plan, replace(known, done=event))
        case ActivityDropped():
            known = plan.activities.get(event.activity_id)
            return plan if known is None else _with(plan, replace(known, dropped=event))
        case PlanSigned():
            return replace(plan, signatures={**plan.signatures, event.party: event})
        case PlanAgreed():
            return replace(plan, agreed=event)
        case PlanClosed():
            return replace(plan, closed=event)
        case SupportReactionRefused():
            return plan
        case _:
            assert_never(event)


def _with(plan: Plan, activity: Activity) -> Plan:
    return replace(plan, activities={**plan.activities, activity.activity_id: activity})
