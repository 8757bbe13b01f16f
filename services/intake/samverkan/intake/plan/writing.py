"""Writing a plan and changing it: each change is a revision of its own, which everyone signs anew. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid5

from samverkan.backbone.errors import Refused
from samverkan.intake.plan.state import Activity, Event, Plan, Words, words
from samverkan.schemas.catalogue import AGENCIES, Role
from samverkan.schemas.support import ActivityPlanned, PlanWritten

PARTICIPANT: Final = "participant"
# A coordination association may not decide about individuals (SFS 2003:1210 §7), and never sees a plan.
POSSIBLE_PARTIES: Final = frozenset(
    {PARTICIPANT, *(known.code for known in AGENCIES if known.role is not Role.COORDINATION_ASSOCIATION)}
)


@dataclass(frozen=True)
class PlannedActivity:
    """Who does what by when. `activity_id` names one of an earlier revision, None is a new one.

    A new one that says the same as an open one of the current revision is that one.
    """

    responsible: str
    due_on: date
    words: Words
    activity_id: UUID | None = None


@dataclass(frozen=True)
class WritePlan:
    """The plan as it shall be from now on, the whole of it. What is done or dropped need not stand there."""

    case_id: UUID
    goals: Words
    activities: tuple[PlannedActivity, ...]
    parties: tuple[str, ...]
    written_on: date
    today: date


def write(command: WritePlan, plan: Plan) -> Sequence[Event]:
    """A new revision; nothing when it says what the current one says.

    Refused: `day-in-future`, `plan-without-goal`, `plan-without-activity`, `plan-party-missing`, `plan-party-unknown`,
    `plan-responsible-not-party`, `activity-unknown`, `activity-twice`, `activity-settled`, `activity-left-out`,
    `activity-due-before-plan`, `plan-written-before-last`.
    """
    if command.written_on > command.today:
        raise Refused("day-in-future")
    parties = _parties(command)
    if not command.goals:
        raise Refused("plan-without-goal")
    revision = 1 if plan.written is None else plan.written.revision + 1
    meant = _named(command, plan, revision)
    if not meant:
        raise Refused("plan-without-activity")
    if left_out := [one for one in plan.activities.values() if one.open and one.activity_id not in meant]:
        raise Refused("activity-left-out", count=str(len(left_out)))
    if _says_the_same(command, plan, parties, meant):
        return []
    if plan.written is not None and command.written_on < plan.written.written_on:
        raise Refused("plan-written-before-last", written_on=plan.written.written_on.isoformat())
    _refuse_wrong_days(command, plan, meant)
    work, health = command.goals.sealed()
    written = PlanWritten(
        case_id=command.case_id,
        revision=revision,
        written_on=command.written_on,
        parties=parties,
        employment=work,
        health=health,
    )
    return [written, *(_planned(command.case_id, revision, one) for one in meant.values() if one.open)]


def _parties(command: WritePlan) -> tuple[str, ...]:
    parties = tuple(sorted(set(command.parties)))
    if set(parties) - POSSIBLE_PARTIES:
        raise Refused("plan-party-unknown")
    if PARTICIPANT not in parties or len(parties) == 1:
        raise Refused("plan-party-missing")
    if {one.responsible for one in command.activities} - set(parties):
        raise Refused("plan-responsible-not-party")
    return parties


def _named(command: WritePlan, plan: Plan, revision: int) -> dict[UUID, Activity]:
    """Each activity of the command under its id, settled ones as they are."""
    named: dict[UUID, Activity] = {}
    told = {one.activity_id for one in command.activities if one.activity_id is not None}
    for number, one in enumerate(command.activities, 1):
        known = _known(one, plan, taken={*named, *told})
        activity_id = uuid5(command.case_id, f"activity/{revision}/{number}") if known is None else known.activity_id
        if activity_id in named:
            raise Refused("activity-twice")
        meant = Activity(activity_id, one.responsible, one.due_on, one.words)
        if known is not None and not known.open:
            if (known.responsible, known.due_on, known.words) != (one.responsible, one.due_on, one.words):
                raise Refused("activity-settled")
            meant = known
        named[activity_id] = meant
    return named


def _known(one: PlannedActivity, plan: Plan, taken: set[UUID]) -> Activity | None:
    if one.activity_id is not None:
        if one.activity_id not in plan.activities:
            raise Refused("activity-unknown")
        return plan.activities[one.activity_id]
    for known in plan.activities.values():
        same = (known.responsible, known.due_on, known.words) == (one.responsible, one.due_on, one.words)
        if same and known.open and known.activity_id not in taken:
            return known
    return None


def _says_the_same(command: WritePlan, plan: Plan, parties: tuple[str, ...], meant: dict[UUID, Activity]) -> bool:
    if plan.written is None or plan.closed is not None:
        return False
    known = {one.activity_id: one for one in plan.activities.values() if one.open}
    return (plan.written.parties, words(plan.written)) == (parties, command.goals) and {
        activity_id: one for activity_id, one in meant.items() if one.open
    } == known


def _refuse_wrong_days(command: WritePlan, plan: Plan, meant: dict[UUID, Activity]) -> None:
    """An activity may be late already; one whose day is new or moved lies ahead."""
    for activity_id, one in meant.items():
        known = plan.activities.get(activity_id)
        if (known is None or known.due_on != one.due_on) and one.due_on < command.written_on:
            raise Refused("activity-due-before-plan", due_on=one.due_on.isoformat())


def _planned(case_id: UUID, revision: int, one: Activity) -> ActivityPlanned:
    work, health = one.words.sealed()
    return ActivityPlanned(
        case_id=case_id,
        revision=revision,
        activity_id=one.activity_id,
        responsible=one.responsible,
        due_on=one.due_on,
        employment=work,
        health=health,
    )
