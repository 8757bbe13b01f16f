"""What funding's queries read: placements that may be applied for, compensations, and claims by month. Pure folds."""

import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.schemas.catalogue import FUNDING
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
from samverkan.schemas.paper import but_papers
from samverkan.schemas.placement import PlacementAgreed, PlacementEnded, PlacementProposed, PlacementStarted


@dataclass(frozen=True)
class PlacementRow:
    """A placement as placement has told of it; `agreed_on` is None while its parties still have to agree.

    `version` is the placement stream's at the last event that mattered here, and `requires` what that event required:
    what an application or a claim rests on.
    """

    placement_id: UUID
    version: int | None = None
    requires: str = ""
    case_id: UUID | None = None
    form: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    extent: Decimal | None = None
    gross_per_month: Decimal | None = None
    birth_year: int | None = None
    agreed_on: date | None = None
    started_on: date | None = None
    last_day_on: date | None = None


class AgreedPlacements(View[PlacementRow]):
    """Foreign facts: every column is placement's."""

    table: ClassVar = "agreed_placement"
    row: ClassVar = PlacementRow
    events: ClassVar = (PlacementProposed, PlacementAgreed, PlacementStarted, PlacementEnded)

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: PlacementRow, recorded: Recorded) -> PlacementRow:
        requires = " ".join(str(requirement) for requirement in recorded.envelope.requires)
        row = replace(row, version=recorded.envelope.version, requires=requires)
        match recorded.event:
            case PlacementProposed():
                return replace(row, agreed_on=None)  # a change after an approval asks everyone again
            case PlacementAgreed() as agreed:
                return _agreed(row, agreed)
            case PlacementStarted(starts_on=day):
                return replace(row, started_on=day)
            case PlacementEnded(last_day_on=day):
                return replace(row, last_day_on=day)
            case _:
                return row


@dataclass(frozen=True)
class CompensationRow:
    """A compensation: `state` is applied, checked, granted or refused. Kronor; `credited` is what has been credited."""

    compensation_id: UUID
    version: int = 0
    case_id: UUID | None = None
    placement_id: UUID | None = None
    form: str | None = None
    state: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    extent: Decimal | None = None
    pay_months_later: int | None = None
    applied_on: date | None = None
    prepared_by: str | None = None
    checked_on: date | None = None
    decided_on: date | None = None
    attested_by: str | None = None
    refusal_code: str | None = None
    rule_version: str | None = None
    rule_source: str | None = None
    gross_per_month: Decimal | None = None
    birth_year: int | None = None
    cost_per_month: Decimal | None = None
    credit_per_month: Decimal | None = None
    own_cost_per_month: Decimal | None = None
    credit_in_all: Decimal | None = None
    credited: Decimal = Decimal(0)


class Compensations(View[CompensationRow]):
    """One row per compensation; every column is funding's own."""

    table: ClassVar = "compensation"
    row: ClassVar = CompensationRow
    events: ClassVar = tuple(event for event in but_papers(FUNDING.events) if event.about_case)

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: CompensationRow, recorded: Recorded) -> CompensationRow:
        row = replace(row, version=recorded.envelope.version)
        match recorded.event:
            case CompensationApplied() as applied:
                return _applied(row, applied)
            case CompensationChecked(prepared_by=prepared_by, checked_on=day):
                return replace(row, state="checked", prepared_by=prepared_by, checked_on=day)
            case CompensationApproved() as approved:
                return _approved(row, approved)
            case CompensationRefused() as refused:
                return replace(
                    row,
                    state="refused",
                    decided_on=refused.decided_on,
                    attested_by=refused.attested_by,
                    refusal_code=refused.code,
                )
            case ClaimCredited(economy=economy) if economy is not None:
                return replace(row, credited=row.credited + economy.credit)
            case _:
                return row


@dataclass(frozen=True)
class ClaimRow:
    """A claimed month: `state` is submitted, calculated, forfeited or credited.

    `credit` is what the month gives, of a forfeited one what it would have given. `lines` is the explanation as JSON.
    """

    claim: str
    compensation_id: UUID | None = None
    case_id: UUID | None = None
    work_month: date | None = None
    state: str | None = None
    received_on: date | None = None
    supported_from: date | None = None
    supported_until: date | None = None
    credit_by: date | None = None
    credited_on: date | None = None
    gross_paid: Decimal | None = None
    cost: Decimal | None = None
    credit: Decimal | None = None
    own_cost: Decimal | None = None
    lines: str | None = None


class Claims(View[ClaimRow]):
    """One row per compensation and work month."""

    table: ClassVar = "claim"
    row: ClassVar = ClaimRow
    events: ClassVar = (ClaimSubmitted, ClaimCalculated, ClaimForfeited, ClaimCredited)

    def keys(self, recorded: Recorded) -> tuple[str, ...]:
        match recorded.event:
            case ClaimSubmitted() | ClaimCalculated() | ClaimForfeited() | ClaimCredited() as event:
                return (claim_key(recorded.stream_id, event.work_month),)
            case _:
                return ()

    def fold(self, row: ClaimRow, recorded: Recorded) -> ClaimRow:
        match recorded.event:
            case ClaimSubmitted() as submitted:
                return _submitted(row, recorded.stream_id, submitted)
            case ClaimCalculated() as calculated:
                return _calculated(row, calculated)
            case ClaimForfeited(economy=economy):
                return replace(row, state="forfeited", credit=None if economy is None else economy.credit)
            case ClaimCredited(credited_on=day):
                return replace(row, state="credited", credited_on=day)
            case _:
                return row


def claim_key(compensation_id: UUID, work_month: date) -> str:
    """`<compensation>/<yyyy-mm>`."""
    return f"{compensation_id}/{work_month:%Y-%m}"


def _agreed(row: PlacementRow, agreed: PlacementAgreed) -> PlacementRow:
    economy = agreed.economy
    return replace(
        row,
        case_id=agreed.case_id,
        form=agreed.form.value,
        starts_on=agreed.starts_on,
        ends_on=agreed.ends_on,
        extent=agreed.extent,
        gross_per_month=None if economy is None else economy.gross_per_month,
        birth_year=None if economy is None else economy.birth_year,
        agreed_on=agreed.agreed_on,
    )


def _applied(row: CompensationRow, applied: CompensationApplied) -> CompensationRow:
    economy = applied.economy
    return replace(
        row,
        state="applied",
        case_id=applied.case_id,
        placement_id=applied.placement_id,
        form=applied.form.value,
        starts_on=applied.starts_on,
        ends_on=applied.ends_on,
        extent=applied.extent,
        pay_months_later=applied.pay_months_later,
        applied_on=applied.applied_on,
        gross_per_month=None if economy is None else economy.gross_per_month,
        birth_year=None if economy is None else economy.birth_year,
    )


def _approved(row: CompensationRow, approved: CompensationApproved) -> CompensationRow:
    row = replace(
        row,
        state="granted",
        decided_on=approved.decided_on,
        attested_by=approved.attested_by,
        rule_version=approved.rule_version,
        rule_source=approved.rule_source,
    )
    economy = approved.economy
    if economy is None:
        return row
    return replace(
        row,
        cost_per_month=economy.cost_per_month,
        credit_per_month=economy.credit_per_month,
        own_cost_per_month=economy.own_cost_per_month,
        credit_in_all=economy.credit_in_all,
    )


def _submitted(row: ClaimRow, compensation_id: UUID, submitted: ClaimSubmitted) -> ClaimRow:
    return replace(
        row,
        compensation_id=compensation_id,
        case_id=submitted.case_id,
        work_month=submitted.work_month,
        state="submitted",
        received_on=submitted.received_on,
        supported_from=submitted.supported_from,
        supported_until=submitted.supported_until,
        gross_paid=None if submitted.economy is None else submitted.economy.gross_paid,
    )


def _calculated(row: ClaimRow, calculated: ClaimCalculated) -> ClaimRow:
    row = replace(row, state="calculated", credit_by=calculated.credit_by)
    amounts = calculated.economy
    if amounts is None:
        return row
    lines = [line.model_dump(mode="json") for line in amounts.lines]
    return replace(
        row,
        cost=amounts.cost,
        credit=amounts.credit,
        own_cost=amounts.own_cost,
        lines=json.dumps(lines, ensure_ascii=False),
    )
