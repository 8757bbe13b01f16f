"""Folding the events of claimed months. Pure."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final, assert_never

from samverkan.funding.compensation.claim_state import ZERO, Claim, Hearing, Plan, Reservation
from samverkan.funding.compensation.state import Compensation, Prepared
from samverkan.schemas.credit_orders import ClaimNotOrdered, ClaimOrdered, PaymentObserved
from samverkan.schemas.funding import ClaimCalculated, ClaimCredited, ClaimForfeited, ClaimSubmitted
from samverkan.schemas.recovery import (
    ClaimCorrected,
    ClaimReopened,
    CorrectionNeeded,
    CorrectionPrepared,
    CreditWithheld,
    HearingAnswered,
    HearingOpened,
    InstalmentsAgreed,
    Kronor,
    RecoveryDecided,
    RecoveryPrepared,
    RecoverySetOff,
    RecoveryWaived,
    ReopeningPrepared,
    RepaymentReceived,
    SetOffReleased,
    SetOffReserved,
    WaiverPrepared,
    WithholdingDeclined,
)

PreparedEvent = CorrectionPrepared | RecoveryPrepared | WaiverPrepared | ReopeningPrepared
AttestedEvent = ClaimCorrected | RecoveryDecided | RecoveryWaived | ClaimReopened
PlainEvent = (
    ClaimSubmitted
    | ClaimCalculated
    | ClaimForfeited
    | ClaimOrdered
    | ClaimNotOrdered
    | ClaimCredited
    | CorrectionNeeded
    | HearingOpened
    | HearingAnswered
    | SetOffReserved
    | CreditWithheld
    | WithholdingDeclined
    | RecoverySetOff
    | SetOffReleased
    | InstalmentsAgreed
    | RepaymentReceived
    | PaymentObserved
)
ClaimEvent = PlainEvent | PreparedEvent | AttestedEvent

_MATTERS: Final = {
    CorrectionPrepared: "correction",
    ClaimCorrected: "correction",
    RecoveryPrepared: "recovery",
    RecoveryDecided: "recovery",
    WaiverPrepared: "waiver",
    RecoveryWaived: "waiver",
    ReopeningPrepared: "reopening",
    ClaimReopened: "reopening",
}


def matter_of(subject: str, month: date) -> str:
    """The name of what two persons decide about a month: `recovery/2026-03`."""
    return f"{subject}/{month:%Y-%m}"


def evolve_claim(compensation: Compensation, event: ClaimEvent) -> Compensation:
    """Fold one event."""
    match event:
        case CorrectionPrepared() | RecoveryPrepared() | WaiverPrepared() | ReopeningPrepared():
            matter = matter_of(_MATTERS[type(event)], event.work_month)
            return compensation.with_prepared(matter, Prepared(event.prepared_by, event.prepared_on, event))
        case ClaimCorrected() | RecoveryDecided() | RecoveryWaived() | ClaimReopened():
            matter = matter_of(_MATTERS[type(event)], event.work_month)
            compensation = compensation.with_attested(matter, event.attested_by, event.decided_on)
            return _with(compensation, event.work_month, _after(_claim(compensation, event.work_month), event))
        case ClaimSubmitted():
            return _with(compensation, event.work_month, _submitted(_claim(compensation, event.work_month), event))
        case _:
            return _with(compensation, event.work_month, _then(_claim(compensation, event.work_month), event))


def _after(claim: Claim, event: AttestedEvent) -> Claim:
    match event:
        case ClaimCorrected():
            return _corrected(claim, event)
        case RecoveryDecided(decided_on=day):
            return replace(claim, recovery_on=day)
        case RecoveryWaived(economy=economy):
            return replace(claim, waived=claim.waived + (ZERO if economy is None else economy.amount), plan=None)
        case ClaimReopened():
            return replace(claim, forfeited=False)
        case _:
            assert_never(event)


def _then(claim: Claim, event: PlainEvent) -> Claim:
    match event:
        case ClaimSubmitted():
            return _submitted(claim, event)
        case ClaimCalculated(economy=economy, credit_by=day):
            credit = None if economy is None else economy.credit
            return replace(claim, calculated=True, credit=credit, credit_by=day)
        case ClaimForfeited():
            return replace(claim, forfeited=True)
        case ClaimOrdered(order_id=order, economy=economy):
            return replace(claim, order_id=order, ordered=_amount(economy), orders=claim.orders | {order})
        case ClaimNotOrdered(order_id=order):
            return replace(claim, orders=claim.orders | {order})
        case ClaimCredited():
            return _credited(claim, event)
        case CorrectionNeeded(cause=cause):
            return replace(claim, needs_correction=cause)
        case HearingOpened(sent_on=sent_on, answer_by=answer_by):
            return replace(claim, hearing=Hearing(sent_on, answer_by))
        case HearingAnswered(answered_on=day, agrees=agrees):
            hearing = claim.hearing and replace(claim.hearing, answered_on=day, agrees=agrees)
            return replace(claim, hearing=hearing)
        case SetOffReserved(set_off_id=one, from_compensation=other, from_month=month, economy=economy):
            return replace(claim, reserved={**claim.reserved, one: Reservation(other, month, _amount(economy))})
        case CreditWithheld(set_off_id=one, economy=economy):
            withheld = {**claim.withheld, one: _amount(economy)}
            return replace(claim, withheld=withheld, answered=claim.answered | {one})
        case WithholdingDeclined(set_off_id=one):
            return replace(claim, answered=claim.answered | {one})
        case RecoverySetOff(set_off_id=one, from_compensation=other, from_month=month, economy=economy):
            return replace(
                claim,
                reserved={key: value for key, value in claim.reserved.items() if key != one},
                set_off_from=claim.set_off_from | {(other, month)},
                recovered=claim.recovered + (ZERO if economy is None else economy.amount),
            )
        case SetOffReleased(set_off_id=one):
            kept = {key: value for key, value in claim.reserved.items() if key != one}
            return replace(claim, reserved=kept, released=claim.released + 1)
        case InstalmentsAgreed(agreed_on=day, rate=rate, economy=economy):
            return replace(claim, plan=Plan(day, rate, () if economy is None else economy.instalments))
        case RepaymentReceived():
            return _repaid(claim, event)
        case PaymentObserved(reference=reference, booked_on=day, economy=economy):
            amount = None if economy is None else economy.amount
            return replace(claim, observed={**claim.observed, reference: (day, amount)})
        case _:
            assert_never(event)


def _submitted(claim: Claim, event: ClaimSubmitted) -> Claim:
    return replace(
        claim,
        received_on=event.received_on,
        gross_paid=None if event.economy is None else event.economy.gross_paid,
        supported_from=event.supported_from,
        supported_until=event.supported_until,
        submitted=True,
    )


def _credited(claim: Claim, event: ClaimCredited) -> Claim:
    economy = event.economy
    paid = ZERO if economy is None else economy.credit + (economy.withheld or ZERO)
    return replace(
        claim,
        credited_on=event.credited_on,
        part=claim.part + 1,
        paid=claim.paid + paid,
        withheld={},
        order_id=None,
        ordered=None,
    )


def _corrected(claim: Claim, event: ClaimCorrected) -> Claim:
    economy = event.economy
    return replace(
        claim,
        gross_paid=None if economy is None else economy.gross_paid,
        credit=None if economy is None else economy.credit,
        waived=claim.waived - (ZERO if economy is None else economy.waiver_cancelled or ZERO),
        credit_by=event.credit_by,
        supported_from=event.supported_from,
        supported_until=event.supported_until,
        needs_correction=None,
        corrected=True,
        hearing=None,
        recovery_on=None,
        plan=None,
    )


def _repaid(claim: Claim, event: RepaymentReceived) -> Claim:
    repaid = event.economy
    principal, interest = (ZERO, ZERO) if repaid is None else (repaid.principal, repaid.interest)
    plan = claim.plan and replace(claim.plan, interest_paid=claim.plan.interest_paid + interest)
    return replace(
        claim,
        recovered=claim.recovered + principal,
        plan=plan,
        repayments={**claim.repayments, event.reference: (event.paid_on, principal + interest)},
    )


def _amount(economy: Kronor | None) -> Decimal:
    return ZERO if economy is None else economy.amount


def _claim(compensation: Compensation, month: date) -> Claim:
    return compensation.claims.get(month) or Claim()


def _with(compensation: Compensation, month: date, claim: Claim) -> Compensation:
    return replace(compensation, claims={**compensation.claims, month: claim})
