"""One row per compensation and one per claimed work month; all columns are owned by samverkan.funding."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.funding import (
    ClaimCalculated,
    ClaimCredited,
    ClaimForfeited,
    ClaimSubmitted,
    CompensationApplied,
    CompensationApproved,
    CompensationChecked,
    CompensationRefused,
)


@dataclass(frozen=True)
class CompensationRow:
    """An application and its decision. Amounts in kronor; those of the decision replace those applied for."""

    compensation_id: UUID
    case_id: UUID | None = None
    placement_id: UUID | None = None
    form: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    extent: Decimal | None = None
    applied_on: date | None = None
    checked_on: date | None = None
    granted: bool | None = None
    decided_on: date | None = None
    refusal_code: str | None = None
    rule_version: str | None = None
    rule_source: str | None = None
    gross_per_month: Decimal | None = None
    cost_per_month: Decimal | None = None
    credit_per_month: Decimal | None = None
    own_cost_per_month: Decimal | None = None
    credit_in_all: Decimal | None = None


class Compensations(View[CompensationRow]):
    """The compensations of the shared cases."""

    table: ClassVar = "case_compensation"
    row: ClassVar = CompensationRow
    events: ClassVar = (CompensationApplied, CompensationChecked, CompensationApproved, CompensationRefused)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per compensation."""
        return [recorded.stream_id]

    def fold(self, row: CompensationRow, recorded: Recorded) -> CompensationRow:
        """Take over what the event says."""
        match recorded.event:
            case CompensationApplied() as applied:
                row = replace(
                    row,
                    case_id=recorded.envelope.correlation_id,
                    placement_id=applied.placement_id,
                    form=applied.form.value,
                    starts_on=applied.starts_on,
                    ends_on=applied.ends_on,
                    extent=applied.extent,
                    applied_on=applied.applied_on,
                )
                basis = applied.economy
                return row if basis is None else replace(row, gross_per_month=basis.gross_per_month)
            case CompensationChecked(checked_on=day):
                return replace(row, checked_on=day)
            case CompensationApproved() as approved:
                return _approved(row, approved)
            case CompensationRefused(decided_on=day, code=code):
                return replace(row, granted=False, decided_on=day, refusal_code=code)
            case _:
                return row


def _approved(row: CompensationRow, approved: CompensationApproved) -> CompensationRow:
    row = replace(
        row,
        granted=True,
        decided_on=approved.decided_on,
        starts_on=approved.starts_on,
        ends_on=approved.ends_on,
        extent=approved.extent,
        rule_version=approved.rule_version,
        rule_source=approved.rule_source,
    )
    if (amounts := approved.economy) is not None:
        row = replace(
            row,
            gross_per_month=amounts.gross_per_month,
            cost_per_month=amounts.cost_per_month,
            credit_per_month=amounts.credit_per_month,
            own_cost_per_month=amounts.own_cost_per_month,
            credit_in_all=amounts.credit_in_all,
        )
    return row


@dataclass(frozen=True)
class ClaimRow:
    """One work month of one compensation; the key is `<compensation id>/<first day of the month>`. Kronor."""

    claim: str
    compensation_id: UUID | None = None
    case_id: UUID | None = None
    work_month: date | None = None
    received_on: date | None = None
    credit_by: date | None = None
    rule_version: str | None = None
    credited_on: date | None = None
    forfeited_on: date | None = None
    last_day_on: date | None = None
    gross_paid: Decimal | None = None
    cost: Decimal | None = None
    credit: Decimal | None = None
    own_cost: Decimal | None = None
    credited: Decimal | None = None
    forfeited: Decimal | None = None


class Claims(View[ClaimRow]):
    """The claims of the shared cases, month by month."""

    table: ClassVar = "case_claim"
    row: ClassVar = ClaimRow
    events: ClassVar = (ClaimSubmitted, ClaimCalculated, ClaimForfeited, ClaimCredited)

    def keys(self, recorded: Recorded) -> Collection[str]:
        """One row per compensation and work month."""
        match recorded.event:
            case (
                ClaimSubmitted(work_month=month)
                | ClaimCalculated(work_month=month)
                | ClaimForfeited(work_month=month)
                | ClaimCredited(work_month=month)
            ):
                return [f"{recorded.stream_id}/{month.isoformat()}"]
            case _:
                return []

    def fold(self, row: ClaimRow, recorded: Recorded) -> ClaimRow:
        """Take over what the event says."""
        match recorded.event:
            case ClaimSubmitted(work_month=month, received_on=day, economy=basis):
                row = _of(row, recorded, month, day)
                return row if basis is None else replace(row, gross_paid=basis.gross_paid)
            case ClaimCalculated() as calculated:
                row = replace(row, credit_by=calculated.credit_by, rule_version=calculated.rule_version)
                if (amounts := calculated.economy) is not None:
                    row = replace(row, cost=amounts.cost, credit=amounts.credit, own_cost=amounts.own_cost)
                return row
            case ClaimForfeited(work_month=month, received_on=day, last_day_on=last_day, economy=amount):
                row = replace(_of(row, recorded, month, day), forfeited_on=day, last_day_on=last_day)
                return row if amount is None else replace(row, forfeited=amount.credit)
            case ClaimCredited(credited_on=day, economy=amount):
                row = replace(row, credited_on=day)
                if amount is None:
                    return row
                # A corrected month may be credited again: what the first credit lacked.
                return replace(row, credited=amount.credit + (row.credited or Decimal(0)))
            case _:
                return row


def _of(row: ClaimRow, recorded: Recorded, work_month: date, received_on: date) -> ClaimRow:
    """A claim begins with its underlag, in time or too late."""
    return replace(
        row,
        compensation_id=recorded.stream_id,
        case_id=recorded.envelope.correlation_id,
        work_month=work_month,
        received_on=received_on,
    )
