"""One row per placement of a shared case; all columns are owned by samverkan.placement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.placement import (
    DecisionRecorded,
    PlacementAgreed,
    PlacementApproved,
    PlacementChanged,
    PlacementChangeDropped,
    PlacementChangeProposed,
    PlacementEndCorrected,
    PlacementEnded,
    PlacementExtended,
    PlacementProposed,
    PlacementStarted,
    Terms,
    UnionConsulted,
    Workplace,
)


@dataclass(frozen=True)
class CasePlacementRow:
    """A placement as it applies now. `gross_per_month` in kronor at the agreed extent."""

    placement_id: UUID
    case_id: UUID | None = None
    form: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    extent: Decimal | None = None
    parties: tuple[str, ...] = ()
    approved_by: tuple[str, ...] = ()
    union_opinion: str | None = None
    consulted_on: date | None = None
    agreed_on: date | None = None
    granted: bool | None = None
    decided_on: date | None = None
    started_on: date | None = None
    last_day_on: date | None = None
    outcome: str | None = None
    employer_number: str | None = None
    employer_name: str | None = None
    workplace: str | None = None
    supervisor: str | None = None
    tasks: tuple[str, ...] = ()
    gross_per_month: Decimal | None = None
    birth_year: int | None = None


class CasePlacements(View[CasePlacementRow]):
    """The placements of the shared cases."""

    table: ClassVar = "case_placement"
    row: ClassVar = CasePlacementRow
    events: ClassVar = (
        PlacementProposed,
        UnionConsulted,
        PlacementApproved,
        PlacementAgreed,
        DecisionRecorded,
        PlacementStarted,
        PlacementChangeProposed,
        PlacementChangeDropped,
        PlacementChanged,
        PlacementExtended,
        PlacementEnded,
        PlacementEndCorrected,
    )

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per placement."""
        return [recorded.stream_id]

    def fold(self, row: CasePlacementRow, recorded: Recorded) -> CasePlacementRow:
        """Take over what the event says."""
        match recorded.event:
            case PlacementProposed() as proposed:
                return _proposed(replace(row, case_id=recorded.envelope.correlation_id), proposed)
            case UnionConsulted() as consulted:
                return replace(row, union_opinion=consulted.opinion.value, consulted_on=consulted.consulted_on)
            case PlacementApproved(party=party):
                return replace(row, approved_by=(*row.approved_by, party))
            case PlacementAgreed(agreed_on=day):
                return replace(row, agreed_on=day)
            case DecisionRecorded(granted=granted, decided_on=day):
                return replace(row, granted=granted, decided_on=day)
            case PlacementStarted(starts_on=day):
                return replace(row, started_on=day)
            case PlacementChangeProposed() | PlacementChangeDropped():
                return replace(row, approved_by=())  # everyone is asked again, or nobody any more
            case PlacementChanged() | PlacementExtended() as changed:
                row = replace(row, ends_on=changed.ends_on, extent=changed.extent)
                return _applies(row, changed.employment, changed.economy)
            case (
                PlacementEnded(last_day_on=day, outcome=outcome)
                | PlacementEndCorrected(last_day_on=day, outcome=outcome)
            ):
                return replace(row, last_day_on=day, outcome=outcome.value)
            case _:
                return row


def _proposed(row: CasePlacementRow, proposed: PlacementProposed) -> CasePlacementRow:
    """A revision takes back the approvals, and what of opinion and decision does not fit it."""
    row = replace(
        row,
        form=proposed.form.value,
        starts_on=proposed.starts_on,
        ends_on=proposed.ends_on,
        extent=proposed.extent,
        parties=proposed.parties,
        approved_by=(),
        agreed_on=None,
    )
    if not proposed.keeps_consultation:
        row = replace(row, union_opinion=None, consulted_on=None)
    if not proposed.keeps_decision:
        row = replace(row, granted=None, decided_on=None)
    return _applies(row, proposed.employment, proposed.economy)


def _applies(row: CasePlacementRow, work: Workplace | None, terms: Terms | None) -> CasePlacementRow:
    """What is unreadable, or not said again, stays as it was."""
    if work is not None:
        row = replace(
            row,
            employer_number=work.employer_number,
            employer_name=work.employer_name,
            workplace=work.workplace,
            supervisor=work.supervisor,
            tasks=work.tasks,
        )
    if terms is not None:
        row = replace(row, gross_per_month=terms.gross_per_month, birth_year=terms.birth_year)
    return row
