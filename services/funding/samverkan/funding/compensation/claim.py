"""Claiming a work month and crediting it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from samverkan.backbone.errors import Refused
from samverkan.funding.amounts import Segment, claim_amounts
from samverkan.funding.calendar import add_months, first_of_month, last_of_month
from samverkan.funding.compensation.application import terms_of
from samverkan.funding.compensation.state import Application, Compensation, Event
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
    application, rule_version = _granted(compensation)
    month = first_of_month(command.work_month)
    known = compensation.claims.get(month)
    if known is not None:
        if (known.received_on, known.gross_paid) == (command.received_on, command.gross_paid):
            return []
        raise Refused("already-claimed")
    check_gross(command.gross_paid)
    if command.other_reduction:
        raise Refused("fee-reduction-unsupported")
    if command.received_on < month:
        raise Refused("claim-before-work-month")
    supported = _supported(command, application, month)
    submitted = ClaimSubmitted(
        case_id=application.case_id,
        work_month=month,
        received_on=command.received_on,
        supported_from=supported.first_on,
        supported_until=supported.last_on,
        economy=ClaimBasis(gross_paid=command.gross_paid),
    )
    amounts = _amounts(rules, application, rule_version, month, command.gross_paid, supported)
    last_day = last_day_to_claim(rules, month)
    if command.received_on > last_day:
        return [submitted, _forfeited(submitted, last_day, amounts)]
    return [
        submitted,
        ClaimCalculated(
            case_id=application.case_id,
            work_month=month,
            credit_by=credit_by(rules, command.received_on),
            rule_version=rule_version,
            economy=amounts,
        ),
    ]


def credit(command: CreditClaim, compensation: Compensation) -> Sequence[Event]:
    """Refused: `not-granted`, `not-claimed`, `claim-forfeited`, `already-credited`, `credited-before-claim`."""
    application, _ = _granted(compensation)
    month = first_of_month(command.work_month)
    claim = compensation.claims.get(month)
    if claim is None:
        raise Refused("not-claimed")
    if claim.forfeited:
        raise Refused("claim-forfeited")
    if claim.credited_on is not None:
        if claim.credited_on == command.credited_on:
            return []
        raise Refused("already-credited")
    if command.credited_on < claim.received_on:
        raise Refused("credited-before-claim", received_on=claim.received_on.isoformat())
    return [
        ClaimCredited(
            case_id=application.case_id,
            work_month=month,
            credited_on=command.credited_on,
            economy=None if claim.credit is None else CreditedAmount(credit=claim.credit),
        )
    ]


def _granted(compensation: Compensation) -> tuple[Application, str]:
    """What was applied for and the rule version that the decision fixed. Refused `not-granted`."""
    application, decision = compensation.application, compensation.decision
    if application is None or decision is None or decision.rule_version is None:
        raise Refused("not-granted")
    return application, decision.rule_version


def _supported(command: SubmitClaim, application: Application, month: date) -> Segment:
    """The days of the month that are decided and worked: from the start of both to the first end."""
    if command.started_on is None:
        raise Refused("placement-not-started")
    first = max(month, application.starts_on, command.started_on)
    last = min(last_of_month(month), application.ends_on, command.last_day_on or application.ends_on)
    if last < first:
        raise Refused("work-month-outside-decision")
    return Segment(application.extent, first, last)


def _amounts(
    rules: Rulebook, application: Application, rule_version: str, month: date, gross: Decimal, supported: Segment
) -> ClaimAmounts:
    terms = terms_of(application)
    rule = rules.subsidy_version(application.form, rule_version)
    contributions = rules.contributions(add_months(month, terms.pay_months_later), terms.birth_year)
    return claim_amounts(rule, contributions, month, gross, [supported], terms.facts)


def _forfeited(submitted: ClaimSubmitted, last_day: date, amounts: ClaimAmounts) -> ClaimForfeited:
    return ClaimForfeited(
        case_id=submitted.case_id,
        work_month=submitted.work_month,
        received_on=submitted.received_on,
        last_day_on=last_day,
        economy=CreditedAmount(credit=amounts.credit),
    )
