"""What each placement was expected to cost when it was applied for. Pure folds; every column is funding's own."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.funding import CompensationApplied


@dataclass(frozen=True)
class EstimateRow:
    """Kronor over the whole period, under the rules of the day of application; all null when it is sealed to us."""

    compensation_id: UUID
    version: int = 0
    case_id: UUID | None = None
    applied_on: date | None = None
    rule_version: str | None = None
    cost_in_all: Decimal | None = None
    credit_in_all: Decimal | None = None
    own_cost_in_all: Decimal | None = None
    overhead_per_month: Decimal | None = None


class Estimates(View[EstimateRow]):
    """One row per application."""

    table: ClassVar = "estimate"
    row: ClassVar = EstimateRow
    events: ClassVar = (CompensationApplied,)

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: EstimateRow, recorded: Recorded) -> EstimateRow:
        match recorded.event:
            case CompensationApplied(case_id=case_id, applied_on=day, economy=basis):
                row = replace(row, version=recorded.envelope.version, case_id=case_id, applied_on=day)
                if basis is None or basis.estimate is None:
                    return row
                return replace(
                    row, **{name: getattr(basis.estimate, name) for name in type(basis.estimate).model_fields}
                )
            case _:
                return row
