"""Claiming a work month and crediting it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from samverkan.backbone.calendar import first_of_month
from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.claim_state import Claim
from samverkan.funding.compensation.evolve import Event
from samverkan.funding.compensation.in_force import claimed, granted
from samverkan.funding.compensation.segments import amounts, supported
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.deadlines import credit_by, last_day_to_claim
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.terms import check_gross
from samverkan.schemas.funding import (
    ClaimAmounts,
    ClaimBasis,
    ClaimCalculated,
    ClaimCredited,
    ClaimForfeited,
    ClaimSubmitted,
    CreditedAmount,
)


@dataclass(frozen=True)
class SubmitClaim:
    """The underlag of a work month arrived: `received_on` is the day on which the employer filed its AGI.

    `started_on` and `last_day_on` are what placement has told of the employment so far; None: not known to us.
    `other_reduction`: the AGI shows a reduction of employer contributions that we do not compute.
    """

    work_month: date
    gross_paid: Decimal
    received_on: date
    started_on: date | None
    last_day_on: date | None = None
    other_reduction: bool = False


@dataclass(frozen=True)
class CreditClaim:
    """Skatteverket credited the tax account."""

    work_month: date
    credited_on: date


def submit(rules: Rulebook, command: SubmitClaim, compensation: Compensation) -> Sequence[Event]:
    """Compute the month, or forfeit it when the underlag came after the last day.

    Refused: `not-granted`, `already-claimed`, `placement-not-started`, `work-month-outside-decision`,
    `claim-before-work-month`, `gross-invalid`, `fee-reduction-unsupported`, `economy-unreadable`,
    `rule-not-verified`, `rule-version-unknown`, `no-rule-in-force`.
    """
    application, rule_version = granted(compensation)
    month = first_of_month(command.work_month)
    known = compensation.claims.get(month)
    if known is not None and known.submitted:
        if (known.received_on, known.gross_paid) == (command.received_on, command.gross_paid):
            return []
        raise Refused("already-claimed")
    check_gross(command.gross_paid)
    if command.other_reduction:
        raise Refused("fee-reduction-unsupported")
    if command.received_on < month:
        raise Refused("claim-before-work-month")
    if command.started_on is None:
        raise Refused("placement-not-started")
    segments = supported(compensation, month, command.started_on, command.last_day_on)
    if not segments:
        raise Refused("work-month-outside-decision")
    submitted = ClaimSubmitted(
        case_id=application.case_id,
        work_month=month,
        received_on=command.received_on,
        supported_from=segments[0].first_on,
        supported_until=segments[-1].last_on,
        economy=ClaimBasis(gross_paid=command.gross_paid),
    )
    computed = amounts(rules, compensation, month, command.gross_paid, segments)
    last_day = last_day_to_claim(rules, month)
    if command.received_on > last_day:
        return [submitted, _forfeited(submitted, last_day, computed)]
    return [
        submitted,
        ClaimCalculated(
            case_id=application.case_id,
            work_month=month,
            credit_by=credit_by(rules, command.received_on),
            rule_version=rule_version,
            economy=computed,
        ),
    ]


def credit(command: CreditClaim, compensation: Compensation) -> Sequence[Event]:
    """What was withheld for a recovery of the employer is credited to nobody.

    Refused: `not-granted`, `not-claimed`, `claim-forfeited`, `already-credited`, `credited-before-claim`, and
    `credited-that-day`: a correction left a supplement on the day of a credit, and one credit a day can be told apart.
    """
    application, _ = granted(compensation)
    month, claim = claimed(compensation, command.work_month)
    assert claim.received_on is not None
    if claim.part and not claim.due:
        if claim.credited_on == command.credited_on:
            return []
        raise Refused("already-credited")
    if claim.credited_on == command.credited_on:
        raise Refused("credited-that-day", credited_on=command.credited_on.isoformat())  # again, or the supplement?
    if command.credited_on < claim.received_on:
        raise Refused("credited-before-claim", received_on=claim.received_on.isoformat())
    return [
        ClaimCredited(
            case_id=application.case_id,
            work_month=month,
            credited_on=command.credited_on,
            economy=_credited(claim),
        )
    ]


def _credited(claim: Claim) -> CreditedAmount | None:
    if claim.credit is None:
        return None
    withheld = claim.withheld_in_all
    return CreditedAmount(credit=claim.due - withheld, withheld=withheld or None)


def _forfeited(submitted: ClaimSubmitted, last_day: date, amounts: ClaimAmounts) -> ClaimForfeited:
    return ClaimForfeited(
        case_id=submitted.case_id,
        work_month=submitted.work_month,
        received_on=submitted.received_on,
        last_day_on=last_day,
        economy=CreditedAmount(credit=amounts.credit),
    )
