"""One row per benefit of a participant; all columns are owned by samverkan.funding."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.benefit import BenefitApplied, BenefitDecided


@dataclass(frozen=True)
class BenefitRow:
    """When the person was entitled, when AF decided, and what the time between cost. Amounts in kronor."""

    benefit_id: UUID
    case_id: UUID | None = None
    kind: str | None = None
    entitled_from: date | None = None
    entitled_until: date | None = None
    benefit_decided_on: date | None = None
    benefit_applied_on: date | None = None
    paid_from: date | None = None
    days_paid: int | None = None
    days_lost: int | None = None
    paid: Decimal | None = None
    lost: Decimal | None = None


class Benefits(View[BenefitRow]):
    """The benefits of the shared cases."""

    table: ClassVar = "case_benefit"
    row: ClassVar = BenefitRow
    events: ClassVar = (BenefitDecided, BenefitApplied)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per benefit."""
        return [recorded.stream_id]

    def fold(self, row: BenefitRow, recorded: Recorded) -> BenefitRow:
        """Take over what the event says."""
        match recorded.event:
            case BenefitDecided() as decided:
                return replace(
                    row,
                    case_id=recorded.envelope.correlation_id,
                    kind=decided.kind.value,
                    entitled_from=decided.entitled_from,
                    entitled_until=decided.entitled_until,
                    benefit_decided_on=decided.decided_on,
                )
            case BenefitApplied() as applied:
                row = replace(
                    row,
                    benefit_applied_on=applied.applied_on,
                    paid_from=applied.paid_from,
                    days_paid=applied.days_paid,
                    days_lost=applied.days_lost,
                )
                amounts = applied.economy
                return row if amounts is None else replace(row, paid=amounts.paid, lost=amounts.lost)
            case _:
                return row
