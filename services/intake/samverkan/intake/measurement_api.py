"""Instruments, measurements and the individual gain over HTTP. A command becomes a call of one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StrictInt

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.body import Body, Code, Day
from samverkan.backbone.http.call import Accepted, Command, CommandCall, Page, Query
from samverkan.intake.bodies import by
from samverkan.intake.case.assessment import RecordAssessment
from samverkan.intake.case.by import By
from samverkan.intake.case.case import CASE
from samverkan.intake.gain import DomainGain, Taken, gains
from samverkan.intake.instrument import Instrument, find, instruments, newest
from samverkan.intake.measurement import (
    MEASUREMENT,
    AnswerMeasurement,
    CancelGround,
    CancelMeasurement,
    Occasion,
    OpenMeasurement,
    measurement_id,
)
from samverkan.intake.measurement_view import MeasurementRow, Measurements, NextMeasurementRow, NextMeasurements
from samverkan.intake.open_case import REPORTED, open_case
from samverkan.intake.views import Cases

ANSWERS_MAX: Final = 200

router = APIRouter(tags=["measurements"])


class OpeningBody(Body):
    """A measurement to be made. Without a version, the newest in force on the day it is due."""

    occasion: Occasion
    due_on: Day
    instrument: Code = "five-domains"
    instrument_version: Annotated[StrictInt, Field(ge=1, le=1000)] | None = None


class AnswersBody(Body):
    """The answers of the calling agency: question → step of the scale."""

    answered_on: Day
    answers: Annotated[
        dict[Code, Annotated[StrictInt, Field(ge=0, le=100)]], Field(min_length=1, max_length=ANSWERS_MAX)
    ]


class CancellationBody(Body):
    """The measurement will not be made."""

    ground: CancelGround
    cancelled_on: Day


class RecordingBody(Body):
    """Nothing is asked: the measurement says it all."""


@dataclass(frozen=True)
class CaseGain:
    """The change over time of one case, and when it is measured next. `overdue_days` is 0 until the day has passed."""

    case_id: UUID
    gains: Sequence[DomainGain]
    next_due_on: date | None
    overdue_days: int


@dataclass(frozen=True)
class DueMeasurement:
    """A case whose next measurement is due: `quarterly` or `exit`. Nothing of who it is."""

    case_id: UUID
    occasion: str | None
    due_on: date
    latest_on: date | None
    overdue_days: int


@router.get("/instruments")
async def list_instruments(call: Query) -> list[Instrument]:  # noqa: ARG001  a query as every other
    """Every released version: what is asked, by whom it is answered, how it is counted."""
    return list(instruments())


@router.post("/cases/{case_id}/measurements")
async def open_measurement(case_id: UUID, body: OpeningBody, call: Command) -> Accepted:
    """Open a measurement, so that each agency answers its part. Opened twice, it is one."""
    await open_case(call, case_id)
    version = body.instrument_version
    used = newest(body.instrument, body.due_on) if version is None else find(body.instrument, version)
    if used is None:
        raise Refused("instrument-unknown")
    command = OpenMeasurement(case_id, used, body.occasion, body.due_on)
    stream_id = measurement_id(case_id, body.occasion, body.due_on)
    return await call.execute(MEASUREMENT, stream_id, command, correlation_id=case_id, create=True)


@router.post("/measurements/{measurement_id}/answers")
async def answer(measurement_id: UUID, body: AnswersBody, call: Command) -> Accepted:
    """Answer the questions that the caller's role may answer; the last answer completes the measurement."""
    await open_case(call, await _case_id(call, measurement_id))
    command = AnswerMeasurement(call.agency, dict(body.answers), body.answered_on, call.today)
    return await call.execute(MEASUREMENT, measurement_id, command)


@router.post("/measurements/{measurement_id}/cancellation")
async def cancel(measurement_id: UUID, body: CancellationBody, call: Command) -> Accepted:
    """Say that the measurement will not be made, and why."""
    await open_case(call, await _case_id(call, measurement_id), REPORTED)
    return await call.execute(MEASUREMENT, measurement_id, CancelMeasurement(body.ground, body.cancelled_on))


@router.post("/measurements/{measurement_id}/assessment")
async def record(measurement_id: UUID, body: RecordingBody, call: Command) -> Accepted:  # noqa: ARG001
    """Record a complete measurement as the case's shared assessment."""
    row = await call.queries.get(Measurements, measurement_id)
    if row is None:
        raise Refused("measurement-unknown")
    return await call.execute(CASE, _case_of(row), _recording(row, by(call)))


@router.get("/measurements")
async def measurements(
    call: Query, page: Page, case_id: UUID | None = None, state: Code | None = None
) -> list[MeasurementRow]:
    """The measurements by ascending id, of one case or in one state if it is given."""
    equal = {"case_id": case_id, "state": state}
    return list(await call.many(Measurements, page, **{name: value for name, value in equal.items() if value}))


@router.get("/measurements/due")
async def due(call: Query, page: Page, until: Day | None = None) -> list[DueMeasurement]:
    """The cases whose next measurement is due until that day (today), by ascending id of the case."""
    rows = await call.many(NextMeasurements, page, between={"due_on": (None, until or call.today)})
    return [
        DueMeasurement(row.case_id, row.next_occasion, row.due_on, row.latest_on, _overdue(row, call.today))
        for row in rows
        if row.due_on is not None
    ]


@router.get("/measurements/{measurement_id}")
async def measurement(measurement_id: UUID, call: Query) -> MeasurementRow:
    """One measurement with its answers."""
    return await call.one(Measurements, measurement_id)


@router.get("/cases/{case_id}/gain")
async def gain(case_id: UUID, call: Query) -> CaseGain:
    """The change in each domain of life since the first comparable assessment."""
    row = await call.queries.get(Cases, case_id)
    if row is None:
        raise Refused("case-unknown")
    taken = []
    for one in row.assessments:
        used = find(one["instrument"], one["instrument_version"])
        if used is not None:
            taken.append(Taken(used, date.fromisoformat(one["assessed_on"]), one["scores"], one.get("occasion")))
    upcoming = await call.queries.get(NextMeasurements, case_id)
    due_on = None if upcoming is None else upcoming.due_on
    overdue = 0 if upcoming is None else _overdue(upcoming, call.today)
    return CaseGain(case_id, gains(taken), due_on, overdue)


async def _case_id(call: CommandCall, measurement_id: UUID) -> UUID | None:
    row = await call.queries.get(Measurements, measurement_id)
    return None if row is None else row.case_id


def _case_of(row: MeasurementRow) -> UUID:
    if row.case_id is None or row.assessed_on is None or row.scores is None:
        raise Refused("measurement-incomplete", questions=", ".join(row.waiting_for))
    return row.case_id


def _recording(row: MeasurementRow, given_by: By) -> RecordAssessment:
    assert row.instrument is not None and row.instrument_version is not None and row.assessed_on is not None
    return RecordAssessment(
        row.instrument,
        row.instrument_version,
        row.assessed_on,
        row.scores or {},
        occasion=row.occasion,
        measurement_id=row.measurement_id,
        answered_by=row.answered_by,
        by=given_by,
    )


def _overdue(row: NextMeasurementRow, today: date) -> int:
    return 0 if row.due_on is None else max(0, (today - row.due_on).days)
