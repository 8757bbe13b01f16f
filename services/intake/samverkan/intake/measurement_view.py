"""Measurements and when the next one is due. Pure folds of intake's own events."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.intake.instrument import find
from samverkan.intake.measurement import Occasion
from samverkan.schemas.course import CasePaused, CaseReopened, CaseResumed, ClosingBegun, ParticipantExited
from samverkan.schemas.participant import AssessmentRecorded, ParticipantEnrolled
from samverkan.schemas.support import (
    MeasurementAnswered,
    MeasurementCancelled,
    MeasurementCompleted,
    MeasurementOpened,
)


@dataclass(frozen=True)
class MeasurementRow:
    """A measurement. `answers`: question → its step and who answered; `waiting_for`: the questions without an answer.

    `recorded_on`: the day on which the case's assessment was taken from it.
    """

    measurement_id: UUID
    version: int = 0
    case_id: UUID | None = None
    state: str = "unknown"
    instrument: str | None = None
    instrument_version: int | None = None
    occasion: str | None = None
    due_on: date | None = None
    waiting_for: tuple[str, ...] = ()
    answered_by: tuple[str, ...] = ()
    assessed_on: date | None = None
    cancelled_on: date | None = None
    cancel_code: str | None = None
    recorded_on: date | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, int] | None = None


class Measurements(View[MeasurementRow]):
    """Every measurement that was opened."""

    table: ClassVar = "measurement"
    row: ClassVar = MeasurementRow
    events: ClassVar = (
        *(MeasurementOpened, MeasurementAnswered, MeasurementCompleted, MeasurementCancelled),
        AssessmentRecorded,
    )

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per measurement; an assessment that was taken at once belongs to none."""
        if isinstance(recorded.event, AssessmentRecorded):
            return [] if recorded.event.measurement_id is None else [recorded.event.measurement_id]
        return [recorded.stream_id]

    def fold(self, row: MeasurementRow, recorded: Recorded) -> MeasurementRow:
        """Take over what the event says."""
        if isinstance(recorded.event, AssessmentRecorded):
            return replace(row, recorded_on=recorded.event.assessed_on)
        row = replace(row, version=recorded.envelope.version)
        match recorded.event:
            case MeasurementOpened() as opened:
                used = find(opened.instrument, opened.instrument_version)
                return replace(
                    row,
                    case_id=opened.case_id,
                    state="open",
                    instrument=opened.instrument,
                    instrument_version=opened.instrument_version,
                    occasion=opened.occasion,
                    due_on=opened.due_on,
                    waiting_for=() if used is None else used.questions(),
                )
            case MeasurementAnswered() as answered:
                given = {} if answered.health is None else answered.health.answers
                told = {code: {"step": step, "agency": answered.answered_by} for code, step in given.items()}
                return replace(
                    row,
                    state="partly-answered",
                    answered_by=tuple(sorted({*row.answered_by, answered.answered_by})),
                    answers={**row.answers, **told},
                    waiting_for=tuple(code for code in row.waiting_for if code not in given),
                )
            case MeasurementCompleted() as completed:
                scores = None if completed.health is None else dict(completed.health.scores)
                return replace(row, state="complete", assessed_on=completed.assessed_on, scores=scores)
            case MeasurementCancelled() as cancelled:
                return replace(row, state="cancelled", cancelled_on=cancelled.cancelled_on, cancel_code=cancelled.code)
            case _:
                return row


@dataclass(frozen=True)
class NextMeasurementRow:
    """When a case's next measurement is due: some months after the latest one, as its instrument says; while the exit
    is prepared, on its day. None while the case is paused, before enrolment and after the exit.

    `occasion` is that of the latest one, `next_occasion` that of the one due. `closing_on`: when the exit is planned.
    """

    case_id: UUID
    enrolled_on: date | None = None
    latest_on: date | None = None
    instrument: str | None = None
    instrument_version: int | None = None
    occasion: str | None = None
    due_on: date | None = None
    next_occasion: str | None = None
    paused: bool = False
    closing_since: date | None = None
    closing_on: date | None = None


class NextMeasurements(View[NextMeasurementRow]):
    """One row per case that was enrolled or assessed. Nothing of who it is."""

    table: ClassVar = "next_measurement"
    row: ClassVar = NextMeasurementRow
    events: ClassVar = (
        *(ParticipantEnrolled, AssessmentRecorded),
        *(CasePaused, CaseResumed, ClosingBegun, ParticipantExited, CaseReopened),
    )

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per case."""
        return [recorded.stream_id]

    def fold(self, row: NextMeasurementRow, recorded: Recorded) -> NextMeasurementRow:
        """Take over what the event says of when the participant is measured."""
        match recorded.event:
            case ParticipantEnrolled(enrolled_on=day):
                row = replace(row, enrolled_on=min(day, row.enrolled_on or day))
            case AssessmentRecorded() as assessed if row.latest_on is None or assessed.assessed_on >= row.latest_on:
                row = replace(
                    row,
                    latest_on=assessed.assessed_on,
                    instrument=assessed.instrument,
                    instrument_version=assessed.instrument_version,
                    occasion=assessed.occasion,
                )
            case CasePaused():
                row = replace(row, paused=True)
            case CaseResumed():
                row = replace(row, paused=False, closing_since=None, closing_on=None)
            case ClosingBegun(begun_on=begun_on, planned_on=planned_on):
                row = replace(row, paused=False, closing_since=begun_on, closing_on=planned_on)
            case ParticipantExited():
                row = replace(row, enrolled_on=None)
            case CaseReopened():
                row = NextMeasurementRow(row.case_id)  # consented to, measured and enrolled anew
            case _:
                return row
        return _with_due(row)


def _with_due(row: NextMeasurementRow) -> NextMeasurementRow:
    """Before enrolment nothing is due: the first measurement is a condition of it."""
    none = replace(row, due_on=None, next_occasion=None)
    if row.enrolled_on is None or row.latest_on is None or row.paused or row.occasion == Occasion.EXIT:
        return none
    if row.closing_since is not None:
        taken = row.latest_on >= row.closing_since
        return none if taken else replace(row, due_on=row.closing_on, next_occasion=Occasion.EXIT.value)
    used = find(row.instrument or "", row.instrument_version or 0)
    if used is None:
        return none
    return replace(row, due_on=used.next_on(row.latest_on), next_occasion=Occasion.QUARTERLY.value)
