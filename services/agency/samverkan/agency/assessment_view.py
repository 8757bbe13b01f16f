"""One row per shared assessment of a case; all columns are owned by samverkan.participant."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.participant import AssessmentRecorded


@dataclass(frozen=True)
class AssessmentRow:
    """An assessment, its key the case and the day. `comparable_with`: `<version>/<domain>` of earlier versions."""

    assessment: str
    case_id: UUID | None = None
    assessed_on: date | None = None
    instrument: str | None = None
    instrument_version: int | None = None
    occasion: str | None = None
    answered_by: tuple[str, ...] = ()
    comparable_with: tuple[str, ...] = ()
    scores: Mapping[str, int] | None = None


class Assessments(View[AssessmentRow]):
    """Every assessment of the shared cases."""

    table: ClassVar = "case_assessment"
    row: ClassVar = AssessmentRow
    events: ClassVar = (AssessmentRecorded,)

    def keys(self, recorded: Recorded) -> Collection[str]:
        """One row per case and day: a case has one assessment a day."""
        assert isinstance(recorded.event, AssessmentRecorded)
        return [f"{recorded.stream_id}/{recorded.event.assessed_on.isoformat()}"]

    def fold(self, row: AssessmentRow, recorded: Recorded) -> AssessmentRow:
        """Take over what the event says."""
        event = recorded.event
        assert isinstance(event, AssessmentRecorded)
        return replace(
            row,
            case_id=recorded.stream_id,
            assessed_on=event.assessed_on,
            instrument=event.instrument,
            instrument_version=event.instrument_version,
            occasion=event.occasion,
            answered_by=event.answered_by or (),
            comparable_with=event.comparable_with or (),
            scores=None if event.health is None else dict(event.health.scores),
        )


def gains(rows: Collection[AssessmentRow]) -> dict[str, int]:
    """Domain → the latest score minus the first one that may be compared with it; a domain without two is left out.

    Scores of one version of an instrument compare; of an earlier version only where the latest assessment says so.
    """
    read = sorted((row for row in rows if row.scores is not None), key=lambda row: row.assessed_on or date.min)
    if not read:
        return {}
    latest = read[-1]
    changes = {}
    for domain, score in (latest.scores or {}).items():
        earlier = [row.scores[domain] for row in read[:-1] if row.scores and _comparable(row, latest, domain)]
        if earlier:
            changes[domain] = score - earlier[0]
    return changes


def _comparable(earlier: AssessmentRow, latest: AssessmentRow, domain: str) -> bool:
    if earlier.instrument != latest.instrument or domain not in (earlier.scores or {}):
        return False
    same = earlier.instrument_version == latest.instrument_version
    return same or f"{earlier.instrument_version}/{domain}" in latest.comparable_with
