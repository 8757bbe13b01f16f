"""Money in and out: what members pay of their shares, and payments out of commitments, which two persons make. Pure.

A voucher is a number in the förbund's accounts: one voucher is one payment, however often it is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.funding.budget import ledger
from samverkan.funding.budget.committing import made, within_commitment
from samverkan.funding.budget.guards import member_of, not_before, payable, running, two_persons
from samverkan.funding.budget.state import NOTHING, Budget, Event
from samverkan.schemas.budget import ContributionReceived, PaymentMade, PaymentPrepared


@dataclass(frozen=True)
class ReceiveContribution:
    """A member paid of its share."""

    voucher: str
    member: str
    amount: Decimal
    received_on: date


@dataclass(frozen=True)
class PreparePayment:
    """A payment out of a commitment is prepared."""

    voucher: str
    commitment_id: UUID
    amount: Decimal
    prepared_by: str
    prepared_on: date


@dataclass(frozen=True)
class AttestPayment:
    """Another person attests it, and it is paid."""

    voucher: str
    attested_by: str
    paid_on: date


def receive(command: ReceiveContribution, budget: Budget) -> Sequence[Event]:
    """Refused: those of `running`, `not-a-member`, `amount-invalid`, `voucher-used`, `contribution-beyond-share`."""
    running(budget, command.received_on)
    member_of(budget, command.member)
    event = ContributionReceived(
        voucher=command.voucher,
        member=command.member,
        amount=command.amount,
        received_on=command.received_on,
        posted=ledger.contribution(command.member, command.amount),
    )
    if budget.contributions.get(command.voucher) == event:
        return []
    payable(command.amount)
    _free(budget, command.voucher)
    paid = sum((one.amount for one in budget.contributions.values() if one.member == command.member), NOTHING)
    if paid + command.amount > budget.shares[command.member]:
        raise Refused("contribution-beyond-share", share=str(budget.shares[command.member]), paid=str(paid))
    return [event]


def prepare_payment(command: PreparePayment, budget: Budget) -> Sequence[Event]:
    """Refused: those of `running`, `commitment-unknown`, `commitment-not-made`, `amount-invalid`, `voucher-used`,
    `beyond-commitment`."""
    running(budget, command.prepared_on)
    event = PaymentPrepared(
        voucher=command.voucher,
        commitment_id=command.commitment_id,
        amount=command.amount,
        prepared_by=command.prepared_by,
        prepared_on=command.prepared_on,
    )
    known = budget.payments.get(command.voucher)
    if known is not None and known.prepared == event:
        return []
    commitment = made(budget, command.commitment_id)
    payable(command.amount)
    _free(budget, command.voucher)
    within_commitment(commitment, command.amount)
    return [event]


def attest_payment(command: AttestPayment, budget: Budget) -> Sequence[Event]:
    """Refused: those of `running`, `payment-not-prepared`, `already-paid`, `same-person-prepares-and-attests`,
    `attested-before-preparation`, and `beyond-commitment` for what has been paid or given back meanwhile."""
    running(budget, command.paid_on)
    payment = budget.payments.get(command.voucher)
    if payment is None:
        raise Refused("payment-not-prepared")
    if payment.made is not None:
        if (payment.made.attested_by, payment.made.paid_on) == (command.attested_by, command.paid_on):
            return []
        raise Refused("already-paid")
    prepared = payment.prepared
    two_persons(prepared.prepared_by, command.attested_by)
    not_before(command.paid_on, prepared.prepared_on)
    commitment = made(budget, prepared.commitment_id)
    within_commitment(commitment, prepared.amount)
    return [
        PaymentMade(
            voucher=command.voucher,
            commitment_id=prepared.commitment_id,
            insats_id=commitment.prepared.insats_id,
            amount=prepared.amount,
            prepared_by=prepared.prepared_by,
            attested_by=command.attested_by,
            paid_on=command.paid_on,
            posted=ledger.payment(prepared.commitment_id, prepared.amount),
        )
    ]


def _free(budget: Budget, voucher: str) -> None:
    if voucher in budget.contributions or voucher in budget.payments:
        raise Refused("voucher-used", voucher=voucher)
