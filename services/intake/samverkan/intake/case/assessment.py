"""The shared assessment, taken with a versioned instrument. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from samverkan.backbone.errors import Refused
from samverkan.intake import instrument
from samverkan.intake.case.state import Case, Event
from samverkan.schemas.participant import AssessmentRecorded, AssessmentScores


@dataclass(frozen=True)
class RecordAssessment:
    """The shared assessment was taken."""

    instrument: str
    instrument_version: int
    assessed_on: date
    scores: Mapping[str, int]


def assess(command: RecordAssessment, case: Case) -> Sequence[Event]:
    """Refused: `instrument-unknown`, `assessment-answer-unknown`, `assessment-incomplete`, `assessment-outside-scale`,
    `assessed-that-day`."""
    used = instrument.find(command.instrument, command.instrument_version)
    if used is None:
        raise Refused("instrument-unknown")
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
        health=AssessmentScores(scores=dict(sorted(command.scores.items()))),
    )
    if recorded in case.assessments:
        return []
    if any(earlier.assessed_on == command.assessed_on for earlier in case.assessments):
        raise Refused("assessed-that-day")  # two different answers of one day would leave the gain undefined
    return [recorded]
