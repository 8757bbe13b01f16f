"""What happened to a placement between proposal and end: one row per placement, owned by samverkan.placement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.placement import (
    CertificateIssued,
    PlacementCancelled,
    PlacementChanged,
    PlacementChangeDropped,
    PlacementChangeProposed,
    PlacementChangeReported,
    PlacementEndCorrected,
    PlacementExtended,
    PlacementExtensionAgreed,
    PlacementInterrupted,
    PlacementProposed,
    PlacementResumed,
    UnionAsked,
)


@dataclass(frozen=True)
class CourseRow:
    """`step` is the place in the chain of placements. `waiting` is a change that is not in force yet, and `changes`
    are those that are: from when, what, until when, how much. `absence_cause` is of the health compartment."""

    placement_id: UUID
    case_id: UUID | None = None
    revision: int = 0
    follows: UUID | None = None
    step: int = 1
    asked_on: date | None = None
    reply_by: date | None = None
    cancelled_on: date | None = None
    interrupted_from: date | None = None
    expected_until: date | None = None
    resumed_on: date | None = None
    absence_cause: str | None = None
    waiting: dict[str, Any] | None = None
    changes: Sequence[dict[str, Any]] = ()
    reports: int = 0
    latest_reported_on: date | None = None
    certificate_on: date | None = None


class PlacementCourses(View[CourseRow]):
    """The course of each placement of a shared case."""

    table: ClassVar = "case_placement_course"
    row: ClassVar = CourseRow
    events: ClassVar = (
        PlacementProposed,
        UnionAsked,
        PlacementCancelled,
        PlacementInterrupted,
        PlacementResumed,
        PlacementChangeProposed,
        PlacementChangeDropped,
        PlacementExtensionAgreed,
        PlacementChanged,
        PlacementExtended,
        PlacementChangeReported,
        CertificateIssued,
        PlacementEndCorrected,
    )

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per placement."""
        return [recorded.stream_id]

    def fold(self, row: CourseRow, recorded: Recorded) -> CourseRow:
        """Take over what the event says."""
        row = replace(row, case_id=recorded.envelope.correlation_id)
        match recorded.event:
            case PlacementProposed() as proposed:
                row = replace(row, revision=proposed.revision or 1, follows=proposed.follows, step=proposed.step or 1)
                return row if proposed.keeps_consultation else replace(row, asked_on=None, reply_by=None)
            case UnionAsked(asked_on=day, reply_by=reply_by):
                return replace(row, asked_on=day, reply_by=reply_by)
            case PlacementCancelled(cancelled_on=day):
                return replace(row, cancelled_on=day)
            case PlacementInterrupted() as away:
                return _away(row, away)
            case PlacementResumed(resumed_on=day):
                return replace(row, resumed_on=day)
            case PlacementChangeReported(reported_on=day):
                latest = max(day, row.latest_reported_on or day)
                return replace(row, reports=row.reports + 1, latest_reported_on=latest)
            case CertificateIssued(issued_on=day):
                return replace(row, certificate_on=day)
            case PlacementEndCorrected(last_day_on=day, was_last_day_on=was):
                return row if day == was else replace(row, certificate_on=None)
            case _:
                return _changed(row, recorded)


def _changed(row: CourseRow, recorded: Recorded) -> CourseRow:
    match recorded.event:
        case PlacementChangeProposed() as change:
            waiting = {**_told(change), "kinds": [kind.value for kind in change.kinds], "state": "proposed"}
            return replace(row, revision=change.revision, waiting=waiting)
        case PlacementExtensionAgreed() as change:
            return replace(row, waiting={**_told(change), "kinds": ["extended"], "state": "agreed"})
        case PlacementChangeDropped():
            return replace(row, waiting=None)
        case PlacementChanged() as change:
            told = {**_told(change), "kinds": [kind.value for kind in change.kinds]}
            return replace(row, waiting=None, changes=(*row.changes, told))
        case PlacementExtended() as change:
            return replace(row, waiting=None, changes=(*row.changes, {**_told(change), "kinds": ["extended"]}))
        case _:
            return row


def _told(
    change: PlacementChangeProposed | PlacementChanged | PlacementExtensionAgreed | PlacementExtended,
) -> dict[str, Any]:
    return {
        "revision": change.revision,
        "applies_from": change.applies_from.isoformat(),
        "ends_on": change.ends_on.isoformat(),
        "extent": str(change.extent),
    }


def _away(row: CourseRow, away: PlacementInterrupted) -> CourseRow:
    return replace(
        row,
        interrupted_from=away.interrupted_from,
        expected_until=away.expected_until,
        resumed_on=None,
        absence_cause=None if away.health is None else away.health.cause.value,
    )
