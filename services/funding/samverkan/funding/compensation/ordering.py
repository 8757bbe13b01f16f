"""Taking a claim into an order to Skatteverket, and payments that the employer saw. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from samverkan.backbone.calendar import first_of_month
from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.evolve import Event
from samverkan.funding.compensation.in_force import claimed, granted
from samverkan.funding.compensation.state import Compensation
from samverkan.schemas.credit_orders import ClaimNotOrdered, ClaimOrdered, PaymentObserved, PaymentWay
from samverkan.schemas.recovery import Kronor


@dataclass(frozen=True)
class OrderCredit:
    """The claim is taken into an order. `part`: how many credits the month has had."""

    order_id: UUID
    work_month: date
    part: int


@dataclass(frozen=True)
class ObservePayment:
    """The employer saw a payment for the month; `reference` is the line's own in its list."""

    work_month: date
    amount: Decimal
    booked_on: date
    reference: str


def order_credit(command: OrderCredit, compensation: Compensation) -> Sequence[Event]:
    """The answer to an order is given once, and no is an answer: a closed order never gets one more claim.

    No: as `claimed`; `claim-ordered` (in another order), `already-credited`, `nothing-to-order`, `correction-first`,
    `economy-unreadable`. Refused `not-applied`: there is nothing to ask.
    """
    if compensation.application is None:
        raise Refused("not-applied")
    month = first_of_month(command.work_month)
    known = compensation.claims.get(month)
    if known is not None and command.order_id in known.orders:
        return []
    try:
        amount = _orderable(command, compensation)
    except Refused as refused:
        return [ClaimNotOrdered(order_id=command.order_id, work_month=month, part=command.part, code=refused.code)]
    return [
        ClaimOrdered(
            order_id=command.order_id,
            work_month=month,
            part=command.part,
            way=PaymentWay.TAX_ACCOUNT if compensation.application.bank_ground is None else PaymentWay.BANK,
            economy=Kronor(amount=amount),
        )
    ]


def _orderable(command: OrderCredit, compensation: Compensation) -> Decimal:
    """What goes to the employer, kronor, above 0."""
    _, claim = claimed(compensation, command.work_month)
    if claim.credit is None:
        raise Refused("economy-unreadable")
    if claim.order_id is not None:
        raise Refused("claim-ordered")
    if claim.part != command.part or (claim.part and not claim.due):
        raise Refused("already-credited")
    if claim.needs_correction is not None:
        raise Refused("correction-first")  # what is known to be wrong is not paid out
    amount = claim.due - claim.withheld_in_all
    if amount <= 0:
        raise Refused("nothing-to-order")
    return amount


def observe(command: ObservePayment, compensation: Compensation) -> Sequence[Event]:
    """A payment for a month that nobody claimed here is seen all the same. Refused: `not-granted`,
    `work-month-outside-decision`, `reference-used`."""
    application, _ = granted(compensation)
    month = first_of_month(command.work_month)
    ends_on = compensation.ends_on
    assert ends_on is not None
    if not first_of_month(application.starts_on) <= month <= ends_on:
        raise Refused("work-month-outside-decision")
    for known_month, claim in compensation.claims.items():
        known = claim.observed.get(command.reference)
        if known is not None:
            if (known_month, known) == (month, (command.booked_on, command.amount)):
                return []
            raise Refused("reference-used")
    return [
        PaymentObserved(
            work_month=month,
            booked_on=command.booked_on,
            reference=command.reference,
            economy=Kronor(amount=command.amount),
        )
    ]
