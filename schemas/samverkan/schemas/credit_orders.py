"""Orders to Skatteverket and what was seen to arrive (topic samverkan.funding)."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.schemas.event import Compartment, Effective, Event, Many, Open, Sealed
from samverkan.schemas.recovery import Kronor
from samverkan.schemas.wire_enum import WireEnum


class PaymentWay(WireEnum):
    """How the employer is paid: a credit of its tax account, or by bank who cannot have one."""

    TAX_ACCOUNT = "tax-account"
    BANK = "bank"
    UNKNOWN = "unknown"


class OrderTotal(Sealed):
    """What an order adds up to, kronor."""

    compartment: ClassVar = Compartment.ECONOMY
    total: Decimal


class CreditOrderOpened(Event):
    """An order was drawn up of claims that are to be credited by `credit_by`; each still has to be taken into it.

    A claim is named `<compensation>/<yyyy-mm>/<part>`; `part` counts the credits of a month: 0, then supplements.
    """

    about_case: ClassVar = False
    legal_basis: ClassVar = "SFS 1999:591"
    credit_by: Open[date]
    opened_on: Effective[date]
    claims: Open[Many[str]]


class ClaimOrdered(Event):
    """The claim was taken into an order; it is in no other one."""

    legal_basis: ClassVar = "SFS 1999:591"
    order_id: Open[UUID]
    work_month: Open[date]
    part: Open[int]
    way: Open[PaymentWay] = PaymentWay.TAX_ACCOUNT
    economy: Kronor | None = None


class ClaimNotOrdered(Event):
    """The claim is not taken into that order, ever: `code` says why. Another order may ask again."""

    legal_basis: ClassVar = "SFS 1999:591"
    order_id: Open[UUID]
    work_month: Open[date]
    part: Open[int]
    code: Open[str]


class CreditOrderReactionRefused(Event):
    """What another service's event asked of the order was refused: an outcome, not a failure."""

    about_case: ClassVar = False
    legal_basis: ClassVar = "SFS 1999:591"
    command: Open[str]
    code: Open[str]


class CreditOrderClosed(Event):
    """The order is complete: `count` claims could be taken in, `left_out` could not. It never changes again."""

    about_case: ClassVar = False
    legal_basis: ClassVar = "SFS 1999:591"
    closed_on: Effective[date]
    count: Open[int]
    left_out: Open[Many[str]] = ()
    economy: OrderTotal | None = None


class PaymentObserved(Event):
    """The employer saw a payment for a month on its tax account or in AF's payment list.

    `reference` is the line's own, unique within the compensation: the same list again changes nothing.
    """

    legal_basis: ClassVar = "SFS 2018:42"
    work_month: Open[date]
    booked_on: Effective[date]
    reference: Open[str]
    economy: Kronor | None = None
