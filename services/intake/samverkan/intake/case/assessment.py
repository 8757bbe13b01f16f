"""The shared assessment, taken with a versioned instrument. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.intake import instrument
from samverkan.intake.case.by import ByCaseworker
from samverkan.intake.case.guards import OPEN, refuse_unless
from samverkan.intake.case.state import Case, Event
from samverkan.schemas.participant import AssessmentRecorded, AssessmentScores


@dataclass(frozen=True)
class RecordAssessment(ByCaseworker):
    """The shared assessment was taken. `measurement_id`: several agencies answered it, and these are their scores."""

    instrument: str
    instrument_version: int
    assessed_on: date
    scores: Mapping[str, int]
    occasion: str | None = None
    measurement_id: UUID | None = None
    answered_by: tuple[str, ...] = ()


def assess(command: RecordAssessment, case: Case) -> Sequence[Event]:
    """Refused: `instrument-unknown`, `instrument-not-in-force`, `assessment-answer-unknown`, `assessment-incomplete`,
    `assessment-outside-scale`, `assessed-that-day`."""
    used = instrument.find(command.instrument, command.instrument_version)
    if used is None:
        raise Refused("instrument-unknown")
    if not used.in_force(command.assessed_on):
        raise Refused("instrument-not-in-force")
    if unknown := used.unknown(command.scores):
        raise Refused("assessment-answer-unknown", count=str(len(unknown)))
    if unanswered := used.unanswered(command.scores):
        raise Refused("assessment-incomplete", domains=", ".join(unanswered))
    if outside := used.outside_scale(command.scores):
        raise Refused("assessment-outside-scale", domains=", ".join(outside))
    recorded = AssessmentRecorded(
        instrument=command.instrument,
        instrument_version=command.instrument_version,
        assessed_on=command.assessed_on,
        occasion=command.occasion,
        measurement_id=command.measurement_id,
        answered_by=command.answered_by or None,
        comparable_with=tuple(f"{one.version}/{code}" for one in used.comparable for code in one.domains) or None,
        health=AssessmentScores(scores=dict(sorted(command.scores.items()))),
    )
    if recorded in case.assessments:
        return []
    refuse_unless(case, OPEN)
    if any(earlier.assessed_on == command.assessed_on for earlier in case.assessments):
        raise Refused("assessed-that-day")  # two different answers of one day would leave the gain undefined
    return [recorded]
