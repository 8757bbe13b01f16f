"""Repaying a recovery: at once, or in instalments with the state lending rate and two points. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Final

from samverkan.backbone.calendar import months_later
from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.claim_state import ZERO, Claim
from samverkan.funding.compensation.evolve import Event
from samverkan.funding.compensation.in_force import claimed
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.conditions.conditions import Conditions
from samverkan.funding.money import to_ore
from samverkan.schemas.recovery import Instalment, InstalmentsAgreed, Repaid, RepaymentReceived, Schedule

MOST_INSTALMENTS: Final = 60  # five years of months: longer is a waiver in disguise
_DAYS_OF_A_YEAR: Final = 365


@dataclass(frozen=True)
class AgreeInstalments:
    """The recovery is repaid in `count` monthly parts from `first_due_on`.

    `lending_rate`: the published state lending rate, needed when it does not ship (Conditions.instalment_rate).
    """

    work_month: date
    agreed_on: date
    first_due_on: date
    count: int
    lending_rate: Decimal | None = None


@dataclass(frozen=True)
class RecordRepayment:
    """The employer paid `amount` kronor; `reference` is the payment's own."""

    work_month: date
    amount: Decimal
    paid_on: date
    reference: str


def agree(conditions: Conditions, command: AgreeInstalments, compensation: Compensation) -> Sequence[Event]:
    """Refused: as `claimed`; `not-in-recovery`, `nothing-owed`, `set-off-under-way`, `already-in-instalments`,
    `instalments-invalid`, `lending-rate-missing`, `lending-rate-differs`."""
    month, claim = claimed(compensation, command.work_month)
    if claim.recovery_on is None:
        raise Refused("not-in-recovery")
    if not (1 <= command.count <= MOST_INSTALMENTS and command.first_due_on > command.agreed_on):
        raise Refused("instalments-invalid")
    rate, source = conditions.instalment_rate(command.agreed_on, command.lending_rate)
    if claim.plan is not None:
        known = claim.plan
        if (known.agreed_on, known.rate, len(known.instalments), known.instalments[0].due_on) == (
            command.agreed_on,
            rate,
            command.count,
            command.first_due_on,
        ):
            return []
        raise Refused("already-in-instalments")
    if claim.reserved:
        raise Refused("set-off-under-way")
    if not claim.owed:
        raise Refused("nothing-owed")
    return [
        InstalmentsAgreed(
            work_month=month,
            agreed_on=command.agreed_on,
            rate=rate,
            rate_source=source,
            economy=Schedule(
                instalments=schedule(claim.owed, rate, command, conditions.pay_by(claim.recovery_on)),
            ),
        )
    ]


def schedule(owed: Decimal, rate: Decimal, command: AgreeInstalments, pay_by: date) -> tuple[Instalment, ...]:
    """Equal parts rounded down to the öre, the last takes the rest; interest by days on what is left until then.

    No interest for the time before `pay_by`, when the recovery should have been paid (SFS 2018:42 §36).
    """
    each = Decimal(floor(Fraction(owed) * 100 / command.count)).scaleb(-2)
    parts, left, since = [], owed, max(command.agreed_on, pay_by)
    for number in range(command.count):
        due_on = months_later(command.first_due_on, number)
        principal = left if number == command.count - 1 else each
        days = max((due_on - since).days, 0)
        interest = to_ore(Fraction(left) * Fraction(max(rate, ZERO)) * days / _DAYS_OF_A_YEAR)
        parts.append(Instalment(due_on=due_on, principal=principal, interest=interest))
        left, since = left - principal, max(since, due_on)
    return tuple(parts)


def repay(command: RecordRepayment, compensation: Compensation) -> Sequence[Event]:
    """Interest that has fallen due is paid first. Refused: as `claimed`; `not-in-recovery`, `amount-invalid`,
    `reference-used`, `repayment-exceeds-debt`."""
    month, claim = claimed(compensation, command.work_month)
    known = claim.repayments.get(command.reference)
    if known is not None:
        if known == (command.paid_on, command.amount):
            return []
        raise Refused("reference-used")
    if claim.recovery_on is None:
        raise Refused("not-in-recovery")
    if not 0 < command.amount == round(command.amount, 2):
        raise Refused("amount-invalid")
    interest = min(command.amount, _interest_due(claim, command.paid_on))
    principal = command.amount - interest
    if principal > claim.free:
        raise Refused("repayment-exceeds-debt", left=str(claim.free + interest))
    return [
        RepaymentReceived(
            work_month=month,
            paid_on=command.paid_on,
            reference=command.reference,
            economy=Repaid(principal=principal, interest=interest),
        )
    ]


def _interest_due(claim: Claim, day: date) -> Decimal:
    """Interest of every instalment up to the first one that is not due before the day, less what has been paid.

    A payment in time comes on or before its due day, so the instalment that it is for counts.
    """
    if claim.plan is None:
        return ZERO
    passed = sum(part.due_on < day for part in claim.plan.instalments)
    reached = sum((part.interest for part in claim.plan.instalments[: passed + 1]), ZERO)
    return max(ZERO, reached - claim.plan.interest_paid)
