"""Changes of running placements, and the receipts that employers have for what they reported. Pure folds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Final
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.placement import (
    PlacementChanged,
    PlacementChangeDropped,
    PlacementChangeProposed,
    PlacementChangeReported,
    PlacementExtended,
    PlacementExtensionAgreed,
)

_CHANGES: Final = (
    PlacementChangeProposed,
    PlacementChangeDropped,
    PlacementChanged,
    PlacementExtensionAgreed,
    PlacementExtended,
)


@dataclass(frozen=True)
class ChangeRow:
    """A change: `state` is proposed, agreed (the decision is awaited), in-force or dropped. Kronor per month.

    One that is still proposed when a later revision exists was replaced by that one.
    """

    change: str
    placement_id: UUID | None = None
    case_id: UUID | None = None
    revision: int = 0
    state: str = "proposed"
    kinds: tuple[str, ...] = ()
    applies_from: date | None = None
    ends_on: date | None = None
    extent: Decimal | None = None
    agreed_on: date | None = None
    supervisor: str | None = None
    tasks: tuple[str, ...] = ()
    gross_per_month: Decimal | None = None


class PlacementChanges(View[ChangeRow]):
    """One row per placement and revision."""

    table: ClassVar = "placement_change"
    row: ClassVar = ChangeRow
    events: ClassVar = _CHANGES

    def keys(self, recorded: Recorded) -> Collection[str]:
        """`<placement>/<revision>`, so that they sort as they came."""
        event = recorded.event
        assert isinstance(event, _CHANGES)
        return [f"{recorded.stream_id}/{event.revision:06}"]

    def fold(self, row: ChangeRow, recorded: Recorded) -> ChangeRow:
        """How far the change has come."""
        match recorded.event:
            case PlacementChangeProposed() as proposed:
                return _proposed(row, recorded.stream_id, proposed)
            case PlacementChangeDropped():
                return replace(row, state="dropped")
            case PlacementExtensionAgreed(agreed_on=day):
                return replace(row, state="agreed", agreed_on=day)
            case PlacementChanged(agreed_on=day):
                return replace(row, state="in-force", agreed_on=day)
            case PlacementExtended():
                return replace(row, state="in-force", agreed_on=row.agreed_on)
            case _:
                return row


@dataclass(frozen=True)
class ReportRow:
    """What was understood of an employer's report, and when it came. Why somebody is away is not kept here."""

    receipt_id: UUID
    placement_id: UUID | None = None
    case_id: UUID | None = None
    kind: str | None = None
    applies_from: date | None = None
    reported_on: date | None = None
    received_at: datetime | None = None
    extent: Decimal | None = None
    expected_until: date | None = None
    outcome: str | None = None


class ChangeReports(View[ReportRow]):
    """One row per receipt."""

    table: ClassVar = "change_report"
    row: ClassVar = ReportRow
    events: ClassVar = (PlacementChangeReported,)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The receipt."""
        event = recorded.event
        assert isinstance(event, PlacementChangeReported)
        return [event.receipt_id]

    def fold(self, row: ReportRow, recorded: Recorded) -> ReportRow:
        """Take over what was understood."""
        event = recorded.event
        assert isinstance(event, PlacementChangeReported)
        return replace(
            row,
            placement_id=recorded.stream_id,
            case_id=event.case_id,
            kind=event.kind.value,
            applies_from=event.applies_from,
            reported_on=event.reported_on,
            received_at=recorded.envelope.recorded_at,
            extent=event.extent,
            expected_until=event.expected_until,
            outcome=None if event.outcome is None else event.outcome.value,
        )


def _proposed(row: ChangeRow, placement_id: UUID, proposed: PlacementChangeProposed) -> ChangeRow:
    work, terms = proposed.employment, proposed.economy
    return replace(
        row,
        placement_id=placement_id,
        case_id=proposed.case_id,
        revision=proposed.revision,
        kinds=tuple(kind.value for kind in proposed.kinds),
        applies_from=proposed.applies_from,
        ends_on=proposed.ends_on,
        extent=proposed.extent,
        supervisor=None if work is None else work.supervisor,
        tasks=() if work is None else work.tasks,
        gross_per_month=None if terms is None else terms.gross_per_month,
    )
