"""What the golden samples tell of a compensation after its first credit: one event of each type, no story."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

from samverkan.schemas import credit_orders, decisions, funding, recovery
from samverkan.schemas.event import Event

_MARCH, _APRIL = date(2026, 3, 1), date(2026, 4, 1)
_PREPARER, _ATTESTER = "handlaggare-0007", "handlaggare-0008"
_HALF = Decimal("10513.60")
_RULE = "introduktionsjobb/2026-01-01"


def decision_life(case_id: UUID, placement_id: UUID) -> Iterator[Event]:
    """Received, amended, revoked, reviewed, appealed, expired."""
    employer = decisions.Party.EMPLOYER
    decided = {"case_id": case_id, "placement_id": placement_id}
    two = {"prepared_by": _PREPARER, "attested_by": _ATTESTER, "decided_on": date(2026, 8, 20)}
    yield decisions.DecisionReceived(receiver=employer, received_on=date(2026, 2, 23), review_by=date(2026, 3, 16))
    change = {"valid_from": date(2026, 9, 1), "extent": Decimal("0.75"), "ends_on": date(2027, 2, 28)}
    pay = decisions.Pay(gross_per_month=Decimal("18000.00"))
    yield decisions.AmendmentNeeded.model_validate({**change, "economy": pay})
    yield decisions.AmendmentPrepared.model_validate(
        {**change, "prepared_by": _PREPARER, "prepared_on": date(2026, 8, 19), "economy": pay}
    )
    amounts = funding.DecidedAmounts(
        gross_per_month=Decimal("18000.00"),
        birth_year=1988,
        cost_per_month=Decimal("23655.60"),
        credit_per_month=Decimal("15770.40"),
        own_cost_per_month=Decimal("7885.20"),
        credit_in_all=Decimal("220785.60"),
    )
    yield decisions.CompensationAmended.model_validate(
        {**decided, **two, **change, "rule_version": _RULE, "economy": amounts}
    )
    yield decisions.RevocationPrepared(
        prepared_by=_PREPARER,
        prepared_on=date(2026, 10, 1),
        revoked_from=date(2026, 10, 1),
        ground="conditions-not-met",
    )
    yield decisions.CompensationRevoked.model_validate(
        {**decided, **two, "revoked_from": date(2026, 10, 1), "ground": "conditions-not-met"}
    )
    yield decisions.ReviewRequested(requested_by=employer, requested_on=date(2026, 10, 12))
    yield decisions.ReviewDecided(
        reviewed_by="handlaggare-0009", decided_on=date(2026, 10, 20), outcome=decisions.ReviewOutcome.UPHELD
    )
    yield decisions.DecisionAppealed(appealed_by=employer, appealed_on=date(2026, 11, 2))
    yield decisions.AppealJudged(judged_on=date(2027, 1, 18), outcome=decisions.AppealOutcome.GRANTED)
    yield decisions.RevocationLifted.model_validate({**decided, "lifted_on": date(2027, 1, 18)})
    yield decisions.CompensationExpired.model_validate({**decided, "ended_on": date(2027, 2, 28)})


def recoveries(case_id: UUID, other: UUID, set_off: UUID) -> Iterator[Event]:
    """A month too much, heard, asked back, set off, repaid, waived; a month reopened; a notice."""
    kronor = recovery.Kronor(amount=_HALF)
    prepared = {"prepared_by": _PREPARER, "prepared_on": date(2026, 6, 1)}
    decided = {"case_id": case_id, "decided_on": date(2026, 6, 2), "prepared_by": _PREPARER, "attested_by": _ATTESTER}
    month = {"work_month": _MARCH}
    yield recovery.EmploymentEndNoted(last_day_on=date(2026, 3, 16))
    cause = recovery.CorrectionCause.EMPLOYMENT_ENDED
    yield recovery.CorrectionNeeded(work_month=_MARCH, cause=cause)
    yield recovery.CorrectionPrepared.model_validate(
        {
            **month,
            **prepared,
            "cause": cause,
            "started_on": date(2026, 3, 2),
            "last_day_on": date(2026, 3, 16),
            "economy": funding.ClaimBasis(gross_paid=Decimal("12000.00")),
        }
    )
    line = funding.ClaimLine(
        name="credit",
        explanation_sv="80 % × (10 000,00 + 31,42 % av 10 000,00)",
        explanation_en="80 % × (10 000.00 + 31.42 % of 10 000.00)",
        amount=_HALF,
    )
    corrected = recovery.CorrectedAmounts(
        gross_paid=Decimal("12000.00"),
        cost=Decimal("15770.40"),
        credit=_HALF,
        own_cost=Decimal("5256.80"),
        difference=Decimal("-10513.60"),
        recovery_cancelled=Decimal("0.00"),
        lines=(line,),
    )
    yield recovery.ClaimCorrected.model_validate(
        {
            **month,
            **decided,
            "cause": cause,
            "rule_version": _RULE,
            "credit_by": date(2026, 7, 13),
            "supported_from": date(2026, 3, 2),
            "supported_until": date(2026, 3, 16),
            "economy": corrected,
        }
    )
    yield recovery.HearingOpened(work_month=_MARCH, sent_on=date(2026, 6, 3), answer_by=date(2026, 6, 17))
    yield recovery.HearingAnswered(work_month=_MARCH, answered_on=date(2026, 6, 10), agrees=True)
    fault = recovery.Fault.CAUSED
    yield recovery.RecoveryPrepared.model_validate({**month, **prepared, "fault": fault})
    yield recovery.RecoveryDecided.model_validate(
        {**month, **decided, "fault": fault, "rule_version": _RULE, "economy": kronor}
    )
    asked = {**month, "set_off_id": set_off, "from_compensation": other, "from_month": _APRIL}
    kept = {"set_off_id": set_off, "work_month": _APRIL, "recovery_of": other, "recovery_month": _MARCH}
    done = recovery.SetOff(amount=_HALF)
    yield recovery.SetOffReserved.model_validate({**asked, "economy": kronor})
    yield recovery.CreditWithheld.model_validate({**kept, "economy": kronor})
    yield recovery.WithholdingDeclined.model_validate({**kept, "code": "already-credited"})
    yield recovery.RecoverySetOff.model_validate({**asked, "case_id": case_id, "economy": done})
    yield recovery.SetOffReleased(set_off_id=set_off, work_month=_MARCH, code="already-credited", economy=kronor)
    part = recovery.Instalment(due_on=date(2026, 7, 31), principal=_HALF, interest=Decimal("33.28"))
    yield recovery.InstalmentsAgreed(
        work_month=_MARCH,
        agreed_on=date(2026, 7, 1),
        rate=Decimal("0.0385"),
        rate_source="SFS 2018:42 §37; Riksgälden 2026-07-01",
        economy=recovery.Schedule(instalments=(part,)),
    )
    yield recovery.RepaymentReceived(
        work_month=_MARCH,
        paid_on=date(2026, 7, 31),
        reference="bg-0001",
        economy=recovery.Repaid(principal=Decimal("5000.00"), interest=Decimal("33.28")),
    )
    reason = decisions.Reason(reason="Arbetsgivaren kunde inte känna till felet.")
    yield recovery.WaiverPrepared.model_validate({**month, **prepared, "ground": "no-fault", "economy": reason})
    waived = recovery.Waived(amount=Decimal("5513.60"), of_recovery=Decimal("5513.60"))
    yield recovery.RecoveryWaived.model_validate({**month, **decided, "ground": "no-fault", "economy": waived})
    yield recovery.WrongPaymentNoticePrepared(
        recipient="fk", ground="employment-ended", noticed_on=date(2026, 6, 4), prepared_by=_PREPARER, work_month=_MARCH
    )
    reopened = {"work_month": _APRIL, "ground": "late-decision"}
    yield recovery.ReopeningPrepared.model_validate({**reopened, **prepared, "economy": reason})
    yield recovery.ClaimReopened.model_validate({**reopened, **decided})


def payments(compensation_id: UUID, order_id: UUID) -> Iterator[tuple[str, Event]]:
    """An order to Skatteverket and what the employer saw, each with its stream."""
    claim = f"{compensation_id}/2026-04/0"
    opened, kronor = date(2026, 5, 8), recovery.Kronor(amount=Decimal("21027.20"))
    order = credit_orders.CreditOrderOpened(credit_by=date(2026, 5, 12), opened_on=opened, claims=(claim,))
    yield "credit-order", order
    yield (
        "compensation",
        credit_orders.ClaimOrdered(order_id=order_id, work_month=_APRIL, part=0, economy=kronor),
    )
    yield (
        "compensation",
        credit_orders.ClaimNotOrdered(order_id=order_id, work_month=_MARCH, part=1, code="correction-first"),
    )
    yield (
        "credit-order",
        credit_orders.CreditOrderReactionRefused(command="CloseCreditOrder", code="order-not-opened"),
    )
    total = credit_orders.OrderTotal(total=Decimal("21027.20"))
    yield "credit-order", credit_orders.CreditOrderClosed(closed_on=opened, count=1, economy=total)
    yield (
        "compensation",
        credit_orders.PaymentObserved(
            work_month=_APRIL, booked_on=date(2026, 5, 12), reference="rad-1", economy=kronor
        ),
    )
