"""One measurement with a shared instrument: each agency answers its part, the last answer completes it. Pure.

A stream of its own, named by case, occasion and the day it is due: the same measurement opened twice is one. What it
came to is recorded on the case (case/assessment.py), where enrolment and the individual gain look for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final, assert_never
from uuid import UUID, uuid5

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.intake.case.agencies import known
from samverkan.intake.instrument import Instrument, find
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.support import (
    GivenAnswers,
    MeasuredScores,
    MeasurementAnswered,
    MeasurementCancelled,
    MeasurementCompleted,
    MeasurementOpened,
    SupportReactionRefused,
)

Event = MeasurementOpened | MeasurementAnswered | MeasurementCompleted | MeasurementCancelled | SupportReactionRefused


class Occasion(StrEnum):
    """When in the support it is taken (domain.md section 1): at start, every third month, at exit, or besides."""

    START = "start"
    QUARTERLY = "quarterly"
    EXIT = "exit"
    EXTRA = "extra"


class CancelGround(StrEnum):
    """Why a measurement is not made."""

    PARTICIPANT_DECLINED = "participant-declined"
    NOT_REACHED = "participant-not-reached"
    CASE_ENDED = "case-ended"
    OPENED_BY_MISTAKE = "opened-by-mistake"


class State(StrEnum):
    """How far a measurement has come."""

    NONE = "none"
    OPEN = "open"
    PARTLY_ANSWERED = "partly-answered"
    COMPLETE = "complete"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class OpenMeasurement:
    """A measurement is to be made with this version of an instrument."""

    case_id: UUID
    instrument: Instrument
    occasion: Occasion
    due_on: date


@dataclass(frozen=True)
class AnswerMeasurement:
    """An agency answers its part: question → step of the scale. Its later answer to a question replaces its earlier."""

    agency: str
    answers: Mapping[str, int]
    answered_on: date
    today: date


@dataclass(frozen=True)
class CancelMeasurement:
    """It will not be made."""

    ground: CancelGround
    cancelled_on: date


Command = OpenMeasurement | AnswerMeasurement | CancelMeasurement


@dataclass(frozen=True)
class Answer:
    """A step of the scale and who gave it."""

    step: int
    agency: str


@dataclass(frozen=True)
class Measurement:
    """What later decisions rest on. An answer whose key is gone is not among `answers`, and is asked for again."""

    opened: MeasurementOpened | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    answered: tuple[MeasurementAnswered, ...] = ()
    completed: MeasurementCompleted | None = None
    cancelled: MeasurementCancelled | None = None

    @property
    def state(self) -> State:
        """Open until the first answer, complete with the last."""
        if self.opened is None:
            return State.NONE
        if self.cancelled is not None:
            return State.CANCELLED
        if self.completed is not None:
            return State.COMPLETE
        return State.PARTLY_ANSWERED if self.answered else State.OPEN


def measurement_id(case_id: UUID, occasion: Occasion, due_on: date) -> UUID:
    """The stream of one measurement: derived, so that two who open it meet in it."""
    return uuid5(case_id, f"measurement/{occasion}/{due_on.isoformat()}")


def decide(command: Command, measurement: Measurement) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    if isinstance(command, OpenMeasurement):
        return _open(command, measurement)
    if measurement.opened is None:
        raise Refused("measurement-unknown")
    match command:
        case AnswerMeasurement():
            return _answer(command, measurement, measurement.opened)
        case CancelMeasurement():
            return _cancel(command, measurement, measurement.opened)
        case _:
            assert_never(command)


def evolve(measurement: Measurement, event: Event) -> Measurement:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case MeasurementOpened():
            return replace(measurement, opened=event)
        case MeasurementAnswered():
            given = {} if event.health is None else event.health.answers
            answers = {code: Answer(step, event.answered_by) for code, step in given.items()}
            return replace(
                measurement,
                answers={**measurement.answers, **answers},
                answered=(*measurement.answered, event),
            )
        case MeasurementCompleted():
            return replace(measurement, completed=event)
        case MeasurementCancelled():
            return replace(measurement, cancelled=event)
        case SupportReactionRefused():
            return measurement
        case _:
            assert_never(event)


def refusal(command: object, refused: Refused) -> SupportReactionRefused:
    """What is recorded when another service's event asks for something that the rules refuse."""
    return SupportReactionRefused(command=type(command).__name__, code=refused.code)


MEASUREMENT: Final = Aggregate("measurement", PARTICIPANT.name, Measurement(), decide, evolve, refusal)


def _open(command: OpenMeasurement, measurement: Measurement) -> Sequence[Event]:
    if not command.instrument.in_force(command.due_on):
        raise Refused("instrument-not-in-force")
    opened = MeasurementOpened(
        case_id=command.case_id,
        instrument=command.instrument.code,
        instrument_version=command.instrument.version,
        occasion=command.occasion,
        due_on=command.due_on,
    )
    if measurement.opened is None:
        return [opened]
    if measurement.cancelled is not None:
        raise Refused("measurement-cancelled", cancelled_on=measurement.cancelled.cancelled_on.isoformat())
    if measurement.opened != opened:
        raise Refused("measurement-with-another-instrument")
    return []


def _answer(command: AnswerMeasurement, measurement: Measurement, opened: MeasurementOpened) -> Sequence[Event]:
    used = find(opened.instrument, opened.instrument_version)
    if used is None:
        raise Refused("instrument-unknown")
    answered = MeasurementAnswered(
        case_id=opened.case_id,
        answered_by=command.agency,
        answered_on=command.answered_on,
        health=GivenAnswers(answers=dict(sorted(command.answers.items()))),
    )
    if answered in measurement.answered and _hold(command, measurement):
        return []
    if measurement.cancelled is not None:
        raise Refused("measurement-cancelled", cancelled_on=measurement.cancelled.cancelled_on.isoformat())
    if measurement.completed is not None:
        raise Refused("measurement-complete", assessed_on=measurement.completed.assessed_on.isoformat())
    if command.answered_on > command.today:
        raise Refused("day-in-future")
    _refuse_unless_asked(command, used)
    if any(given.agency != command.agency for code, given in measurement.answers.items() if code in command.answers):
        raise Refused("answered-by-another")  # the first to answer is asked; whoever knows better talks to them
    answers = {code: given.step for code, given in measurement.answers.items()} | dict(command.answers)
    if set(used.questions()) - answers.keys():
        return [answered]
    return [answered, _completed(opened, used, answers, (*measurement.answered, answered))]


def _hold(command: AnswerMeasurement, measurement: Measurement) -> bool:
    """Whether these answers are what holds now: the same again after another is a change back."""
    return all(
        code in measurement.answers and measurement.answers[code].step == step for code, step in command.answers.items()
    )


def _refuse_unless_asked(command: AnswerMeasurement, used: Instrument) -> None:
    if not command.answers:
        raise Refused("assessment-incomplete", domains=", ".join(used.questions()))
    if unknown := command.answers.keys() - set(used.questions()):
        raise Refused("assessment-answer-unknown", count=str(len(unknown)))
    if outside := used.outside_scale(command.answers):
        raise Refused("assessment-outside-scale", domains=", ".join(outside))
    asked = known(command.agency)
    mine = () if asked is None else used.questions(asked.role)
    if others := sorted(command.answers.keys() - set(mine)):
        raise Refused("question-of-another-agency", questions=", ".join(others))


def _completed(
    opened: MeasurementOpened,
    used: Instrument,
    answers: Mapping[str, int],
    answered: Sequence[MeasurementAnswered],
) -> MeasurementCompleted:
    return MeasurementCompleted(
        case_id=opened.case_id,
        instrument=opened.instrument,
        instrument_version=opened.instrument_version,
        occasion=opened.occasion,
        assessed_on=max(one.answered_on for one in answered),
        answered_by=tuple(sorted({one.answered_by for one in answered})),
        health=MeasuredScores(scores=dict(sorted(used.scores(answers).items()))),
    )


def _cancel(command: CancelMeasurement, measurement: Measurement, opened: MeasurementOpened) -> Sequence[Event]:
    if measurement.completed is not None:
        raise Refused("measurement-complete", assessed_on=measurement.completed.assessed_on.isoformat())
    cancelled = MeasurementCancelled(case_id=opened.case_id, cancelled_on=command.cancelled_on, code=command.ground)
    if measurement.cancelled is None:
        return [cancelled]
    if measurement.cancelled == cancelled:
        return []
    raise Refused("measurement-cancelled", cancelled_on=measurement.cancelled.cancelled_on.isoformat())
