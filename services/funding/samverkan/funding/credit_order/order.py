"""An order to Skatteverket: drawn up once with its claims, closed once when each of them has answered. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, assert_never
from uuid import UUID

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.schemas.catalogue import FUNDING
from samverkan.schemas.credit_orders import (
    CreditOrderClosed,
    CreditOrderOpened,
    CreditOrderReactionRefused,
    OrderTotal,
)

CLAIMS_MAX: Final = (
    5_000  # of one order: its event then has a quarter of a megabyte, the most that a record may be is one
)

Event = CreditOrderOpened | CreditOrderClosed | CreditOrderReactionRefused


class OrderState(StrEnum):
    """Open until each claim has said whether it is taken in."""

    NONE = "none"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class OpenCreditOrder:
    """Draw up an order of these claims, each `<compensation>/<yyyy-mm>/<part>`."""

    credit_by: date
    opened_on: date
    claims: tuple[str, ...]


@dataclass(frozen=True)
class CloseCreditOrder:
    """Each claim has answered: `left_out` said no, the others add up to `total` kronor."""

    closed_on: date
    left_out: tuple[str, ...]
    total: Decimal


Command = OpenCreditOrder | CloseCreditOrder


@dataclass(frozen=True)
class CreditOrder:
    """`opened` and `closed` are the events themselves: there is nothing else to know."""

    opened: CreditOrderOpened | None = None
    closed: CreditOrderClosed | None = None

    @property
    def state(self) -> OrderState:
        """Where the order stands."""
        if self.opened is None:
            return OrderState.NONE
        return OrderState.OPEN if self.closed is None else OrderState.CLOSED


def claim_name(compensation_id: UUID, work_month: date, part: int) -> str:
    """`<compensation>/<yyyy-mm>/<part>`."""
    return f"{compensation_id}/{work_month:%Y-%m}/{part}"


def parse_claim(name: str) -> tuple[UUID, date, int]:
    """The parts of a claim's name. ValueError: it is none."""
    compensation_id, month, part = name.split("/")
    return UUID(compensation_id), date.fromisoformat(f"{month}-01"), int(part)


def decide(command: Command, order: CreditOrder) -> Sequence[Event]:
    """Refused: `order-empty`, `order-too-large`, `order-exists`, `order-not-opened`, `order-closed-otherwise`."""
    match command:
        case OpenCreditOrder():
            return _open(command, order)
        case CloseCreditOrder():
            return _close(command, order)
        case _:
            assert_never(command)


def evolve(order: CreditOrder, event: Event) -> CreditOrder:
    """Fold one event."""
    match event:
        case CreditOrderOpened():
            return replace(order, opened=event)
        case CreditOrderClosed():
            return replace(order, closed=event)
        case CreditOrderReactionRefused():
            return order
        case _:
            assert_never(event)


def refusal(command: object, refused: Refused) -> CreditOrderReactionRefused:
    """The outcome of a reaction that was refused."""
    return CreditOrderReactionRefused(command=type(command).__name__, code=refused.code)


def _open(command: OpenCreditOrder, order: CreditOrder) -> Sequence[Event]:
    event = CreditOrderOpened(credit_by=command.credit_by, opened_on=command.opened_on, claims=command.claims)
    if order.opened is not None:
        if order.opened == event:
            return []
        raise Refused("order-exists")
    if not command.claims:
        raise Refused("order-empty")
    if len(command.claims) > CLAIMS_MAX:
        raise Refused("order-too-large", at_most=str(CLAIMS_MAX))
    return [event]


def _close(command: CloseCreditOrder, order: CreditOrder) -> Sequence[Event]:
    if order.opened is None:
        raise Refused("order-not-opened")
    left_out = tuple(sorted(command.left_out))
    event = CreditOrderClosed(
        closed_on=command.closed_on,
        count=len(order.opened.claims) - len(left_out),
        left_out=left_out,
        economy=OrderTotal(total=command.total),
    )
    if order.closed is not None:
        if (order.closed.count, order.closed.left_out, order.closed.economy) == (event.count, left_out, event.economy):
            return []  # another worker was first; the day is its own
        raise Refused("order-closed-otherwise")
    return [event]


CREDIT_ORDER: Final = Aggregate("credit_order", FUNDING.name, CreditOrder(), decide, evolve, refusal)
