"""What becomes of a plan's activities, and the plan's end. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.intake.plan.state import Activity, Event, Plan, Words
from samverkan.schemas.support import ActivityDone, ActivityDropped, PlanClosed, PlanWritten

NO_WORDS: Final = Words()


class DropGround(StrEnum):
    """Why an activity is not carried out."""

    NO_LONGER_NEEDED = "no-longer-needed"
    PARTICIPANT_DECLINED = "participant-declined"
    NOT_POSSIBLE = "not-possible"
    REPLACED = "replaced"
    PLAN_CLOSED = "plan-closed"


class CloseGround(StrEnum):
    """How a plan ended."""

    GOALS_REACHED = "goals-reached"
    PARTICIPANT_LEFT = "participant-left"
    CASE_ENDED = "case-ended"
    NO_PROGRESS = "no-progress"


@dataclass(frozen=True)
class CompleteActivity:
    """It was carried out. `words` say what came of it, and why it was late if it was."""

    activity_id: UUID
    done_on: date
    today: date
    words: Words = NO_WORDS


@dataclass(frozen=True)
class DropActivity:
    """It will not be carried out."""

    activity_id: UUID
    dropped_on: date
    ground: DropGround
    today: date
    words: Words = NO_WORDS


@dataclass(frozen=True)
class ClosePlan:
    """The plan ends. Its open activities are dropped with it."""

    closed_on: date
    ground: CloseGround
    today: date


@dataclass(frozen=True)
class EndPlanWithCase:
    """The case is over, and its plan with it, if it has one that goes on."""

    ended_on: date


def complete(command: CompleteActivity, plan: Plan, written: PlanWritten) -> Sequence[Event]:
    """Refused: `activity-unknown`, `activity-settled`, `day-in-future`, `done-before-plan`, `late-without-reason`."""
    activity = _activity(command.activity_id, plan)
    if activity.done is not None and activity.done.done_on == command.done_on:
        return []
    _refuse_settled(activity)
    _refuse_impossible(command.done_on, command.today, plan)
    days_late = max(0, (command.done_on - activity.due_on).days)
    if days_late and not command.words:
        raise Refused("late-without-reason", due_on=activity.due_on.isoformat())
    work, health = command.words.sealed()
    return [
        ActivityDone(
            case_id=written.case_id,
            activity_id=activity.activity_id,
            done_on=command.done_on,
            days_late=days_late,
            employment=work,
            health=health,
        )
    ]


def drop(command: DropActivity, plan: Plan, written: PlanWritten) -> Sequence[Event]:
    """Refused: `activity-unknown`, `activity-settled`, `day-in-future`, `done-before-plan`."""
    activity = _activity(command.activity_id, plan)
    known = activity.dropped
    if known is not None and (known.dropped_on, known.code) == (command.dropped_on, command.ground):
        return []
    _refuse_settled(activity)
    _refuse_impossible(command.dropped_on, command.today, plan)
    return [_dropped(activity, command.dropped_on, command.ground, written, command.words)]


def close(command: ClosePlan, plan: Plan, written: PlanWritten) -> Sequence[Event]:
    """Refused: `plan-closed`, `day-in-future`, `closed-before-written`."""
    closed = PlanClosed(case_id=written.case_id, closed_on=command.closed_on, code=command.ground)
    if plan.closed is not None:
        if plan.closed == closed:
            return []
        raise Refused("plan-closed", closed_on=plan.closed.closed_on.isoformat())
    if command.closed_on > command.today:
        raise Refused("day-in-future")
    if command.closed_on < written.written_on:
        raise Refused("closed-before-written", written_on=written.written_on.isoformat())
    return _closed(closed, plan, written)


def end_with_case(command: EndPlanWithCase, plan: Plan) -> Sequence[Event]:
    """Never refused. A plan that was changed after the case's last day ends on the day of that change."""
    if plan.written is None or plan.closed is not None:
        return []
    ended_on = max(command.ended_on, plan.written.written_on)
    closed = PlanClosed(case_id=plan.written.case_id, closed_on=ended_on, code=CloseGround.CASE_ENDED)
    return _closed(closed, plan, plan.written)


def _closed(closed: PlanClosed, plan: Plan, written: PlanWritten) -> Sequence[Event]:
    undone = [one for one in plan.activities.values() if one.open]
    return [*(_dropped(one, closed.closed_on, DropGround.PLAN_CLOSED, written, NO_WORDS) for one in undone), closed]


def _activity(activity_id: UUID, plan: Plan) -> Activity:
    if activity_id not in plan.activities:
        raise Refused("activity-unknown")
    return plan.activities[activity_id]


def _refuse_settled(activity: Activity) -> None:
    if not activity.open:
        raise Refused("activity-settled")


def _refuse_impossible(day: date, today: date, plan: Plan) -> None:
    if day > today:
        raise Refused("day-in-future")
    if plan.first_written_on is not None and day < plan.first_written_on:
        raise Refused("done-before-plan", written_on=plan.first_written_on.isoformat())


def _dropped(activity: Activity, day: date, ground: DropGround, written: PlanWritten, words: Words) -> ActivityDropped:
    work, health = words.sealed()
    return ActivityDropped(
        case_id=written.case_id,
        activity_id=activity.activity_id,
        dropped_on=day,
        code=ground,
        employment=work,
        health=health,
    )
