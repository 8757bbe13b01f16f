"""Claimed months as queries read them: what each gives, was paid, and what is owed. Pure folds."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.funding.compensation.claim_state import ZERO, Standing, claim_state, due, excess
from samverkan.funding.compensation.evolve_claim import ClaimEvent
from samverkan.schemas.credit_orders import ClaimOrdered, PaymentObserved
from samverkan.schemas.funding import (
    ClaimCalculated,
    ClaimCredited,
    ClaimForfeited,
    ClaimLine,
    ClaimSubmitted,
)
from samverkan.schemas.recovery import (
    ClaimCorrected,
    ClaimReopened,
    CorrectionNeeded,
    CreditWithheld,
    HearingAnswered,
    HearingOpened,
    InstalmentsAgreed,
    Kronor,
    RecoveryDecided,
    RecoverySetOff,
    RecoveryWaived,
    RepaymentReceived,
    SetOffReleased,
    SetOffReserved,
)


@dataclass(frozen=True)
class ClaimRow:
    """A month: `state` is that of ClaimState. Kronor.

    `credit` is what the month gives, of a forfeited one what it would have given; `due` is still to be credited, what
    is `withheld` of it included; `excess` was paid too much. `paid` is what has been credited, what was `kept` of it
    for recoveries included. `lines` is the explanation as JSON.
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
    part: int = 0
    order_id: UUID | None = None
    paid: Decimal = ZERO
    due: Decimal = ZERO
    withheld: Decimal = ZERO
    kept: Decimal = ZERO
    excess: Decimal = ZERO
    recovered: Decimal = ZERO
    waived: Decimal = ZERO
    reserved: Decimal = ZERO
    needs_correction: str | None = None
    corrected_on: date | None = None
    hearing_answer_by: date | None = None
    hearing_answered_on: date | None = None
    recovery_on: date | None = None
    instalments_rate: Decimal | None = None
    set_off: bool = False
    forfeited: bool = False
    calculated: bool = False


class Claims(View[ClaimRow]):
    """One row per compensation and work month."""

    table: ClassVar = "claim"
    row: ClassVar = ClaimRow
    events: ClassVar = (
        *(ClaimSubmitted, ClaimCalculated, ClaimForfeited, ClaimOrdered, ClaimCredited, ClaimReopened),
        *(CorrectionNeeded, ClaimCorrected, HearingOpened, HearingAnswered, RecoveryDecided, RecoveryWaived),
        *(SetOffReserved, CreditWithheld, RecoverySetOff, SetOffReleased, InstalmentsAgreed, RepaymentReceived),
    )

    def keys(self, recorded: Recorded) -> tuple[str, ...]:
        event = recorded.event
        if isinstance(event, ClaimEvent) and not isinstance(event, PaymentObserved):
            return (claim_key(recorded.stream_id, event.work_month),)
        return ()

    def fold(self, row: ClaimRow, recorded: Recorded) -> ClaimRow:
        event = recorded.event
        if not isinstance(event, ClaimEvent):
            return row
        return _standing(_after(row, recorded.stream_id, event))


def claim_key(compensation_id: UUID, work_month: date) -> str:
    """`<compensation>/<yyyy-mm>`."""
    return f"{compensation_id}/{work_month:%Y-%m}"


def _after(row: ClaimRow, compensation_id: UUID, event: ClaimEvent) -> ClaimRow:
    match event:
        case ClaimSubmitted():
            return _submitted(row, compensation_id, event)
        case ClaimCalculated(credit_by=day, economy=amounts):
            row = replace(row, calculated=True, credit_by=day)
            if amounts is None:
                return row
            row = replace(row, cost=amounts.cost, credit=amounts.credit, own_cost=amounts.own_cost)
            return replace(row, lines=_json(amounts.lines))
        case ClaimForfeited(economy=economy):
            return replace(row, forfeited=True, credit=None if economy is None else economy.credit)
        case ClaimReopened():
            return replace(row, forfeited=False)
        case ClaimOrdered(order_id=order):
            return replace(row, order_id=order)
        case ClaimCredited(credited_on=day, economy=economy):
            credit, kept = (ZERO, ZERO) if economy is None else (economy.credit, economy.withheld or ZERO)
            row = replace(row, credited_on=day, part=row.part + 1, paid=row.paid + credit + kept)
            return replace(row, order_id=None, withheld=ZERO, kept=row.kept + kept)
        case _:
            return _wrong(row, event)


def _wrong(row: ClaimRow, event: ClaimEvent) -> ClaimRow:
    match event:
        case CorrectionNeeded(cause=cause):
            return replace(row, needs_correction=cause.value)
        case ClaimCorrected():
            return _corrected(row, event)
        case HearingOpened(answer_by=day):
            return replace(row, hearing_answer_by=day)
        case HearingAnswered(answered_on=day):
            return replace(row, hearing_answered_on=day)
        case RecoveryDecided(decided_on=day):
            return replace(row, recovery_on=day)
        case RecoveryWaived(economy=economy):
            waived = ZERO if economy is None else economy.amount
            return replace(row, waived=row.waived + waived, instalments_rate=None)
        case SetOffReserved(economy=economy):
            return replace(row, reserved=row.reserved + _amount(economy))
        case SetOffReleased(economy=economy):
            return replace(row, reserved=row.reserved - _amount(economy))
        case CreditWithheld(economy=economy):
            return replace(row, withheld=row.withheld + _amount(economy))
        case RecoverySetOff(economy=economy):
            if economy is None:
                return replace(row, set_off=True)
            reserved = row.reserved - economy.amount - (economy.released or ZERO)
            return replace(row, set_off=True, recovered=row.recovered + economy.amount, reserved=reserved)
        case InstalmentsAgreed(rate=rate):
            return replace(row, instalments_rate=rate)
        case RepaymentReceived(economy=economy):
            return replace(row, recovered=row.recovered + (ZERO if economy is None else economy.principal))
        case _:
            return row


def _submitted(row: ClaimRow, compensation_id: UUID, submitted: ClaimSubmitted) -> ClaimRow:
    return replace(
        row,
        compensation_id=compensation_id,
        case_id=submitted.case_id,
        work_month=submitted.work_month,
        received_on=submitted.received_on,
        supported_from=submitted.supported_from,
        supported_until=submitted.supported_until,
        gross_paid=None if submitted.economy is None else submitted.economy.gross_paid,
    )


def _corrected(row: ClaimRow, corrected: ClaimCorrected) -> ClaimRow:
    row = replace(
        row,
        corrected_on=corrected.decided_on,
        credit_by=corrected.credit_by,
        supported_from=corrected.supported_from,
        supported_until=corrected.supported_until,
        needs_correction=None,
        hearing_answer_by=None,
        hearing_answered_on=None,
        recovery_on=None,
        instalments_rate=None,
    )
    amounts = corrected.economy
    if amounts is None:
        return row
    return replace(
        row,
        gross_paid=amounts.gross_paid,
        cost=amounts.cost,
        credit=amounts.credit,
        own_cost=amounts.own_cost,
        waived=row.waived - (amounts.waiver_cancelled or ZERO),
        lines=_json(amounts.lines),
    )


def _standing(row: ClaimRow) -> ClaimRow:
    """The columns that follow from the others."""
    too_much = excess(row.credit, row.paid, row.recovered, row.waived) if row.part else ZERO
    standing = Standing(
        submitted=row.received_on is not None,
        forfeited=row.forfeited,
        calculated=row.calculated,
        ordered=row.order_id is not None,
        credited=row.part > 0,
        corrected=row.corrected_on is not None,
        in_recovery=row.recovery_on is not None,
        set_off=row.set_off or row.reserved > 0,
        in_instalments=row.instalments_rate is not None,
        waived=bool(row.waived) and not too_much,
    )
    left = due(row.credit, row.paid, row.recovered) if row.calculated else ZERO
    return replace(row, state=claim_state(standing).value, due=left, excess=too_much)


def _amount(economy: Kronor | None) -> Decimal:
    return ZERO if economy is None else economy.amount


def _json(lines: Sequence[ClaimLine]) -> str:
    return json.dumps([line.model_dump(mode="json") for line in lines], ensure_ascii=False)
