"""Orders and their lines as queries read them, and what employers saw arrive. Pure folds."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.funding.claim_view import claim_key
from samverkan.funding.credit_order.order import claim_name
from samverkan.schemas.credit_orders import ClaimOrdered, CreditOrderClosed, CreditOrderOpened, PaymentObserved


@dataclass(frozen=True)
class OrderRow:
    """`state` is open or closed; `claims` what was drawn up, `left_out` what said no. Kronor."""

    order_id: UUID
    version: int = 0
    state: str | None = None
    credit_by: date | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    claims: tuple[str, ...] | None = None
    count: int | None = None
    total: Decimal | None = None
    left_out: tuple[str, ...] | None = None


class CreditOrders(View[OrderRow]):
    """One row per order."""

    table: ClassVar = "credit_order"
    row: ClassVar = OrderRow
    events: ClassVar = (CreditOrderOpened, CreditOrderClosed)

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: OrderRow, recorded: Recorded) -> OrderRow:
        row = replace(row, version=recorded.envelope.version)
        match recorded.event:
            case CreditOrderOpened(credit_by=credit_by, opened_on=day, claims=claims):
                return replace(row, state="open", credit_by=credit_by, opened_on=day, claims=tuple(claims))
            case CreditOrderClosed(closed_on=day, count=count, left_out=left_out, economy=economy):
                total = None if economy is None else economy.total
                row = replace(row, state="closed", closed_on=day, count=count, total=total)
                return replace(row, left_out=tuple(left_out))
            case _:
                return row


@dataclass(frozen=True)
class LineRow:
    """A claim in its order, `<compensation>/<yyyy-mm>/<part>`: it has one, for ever. Kronor."""

    line: str
    order_id: UUID | None = None
    compensation_id: UUID | None = None
    work_month: date | None = None
    part: int | None = None
    way: str | None = None
    amount: Decimal | None = None


class OrderLines(View[LineRow]):
    """One row per credit that was ordered."""

    table: ClassVar = "credit_order_line"
    row: ClassVar = LineRow
    events: ClassVar = (ClaimOrdered,)

    def keys(self, recorded: Recorded) -> tuple[str, ...]:
        match recorded.event:
            case ClaimOrdered(work_month=month, part=part):
                return (claim_name(recorded.stream_id, month, part),)
            case _:
                return ()

    def fold(self, row: LineRow, recorded: Recorded) -> LineRow:
        match recorded.event:
            case ClaimOrdered() as ordered:
                return replace(
                    row,
                    order_id=ordered.order_id,
                    compensation_id=recorded.stream_id,
                    work_month=ordered.work_month,
                    part=ordered.part,
                    way=ordered.way.value,
                    amount=None if ordered.economy is None else ordered.economy.amount,
                )
            case _:
                return row


@dataclass(frozen=True)
class PaymentRow:
    """What was seen to arrive for a month, `<compensation>/<yyyy-mm>`: the sum of its lines, kronor."""

    month: str
    compensation_id: UUID | None = None
    work_month: date | None = None
    received: Decimal = Decimal(0)
    lines: int = 0
    last_booked_on: date | None = None


class PaymentsSeen(View[PaymentRow]):
    """One row per compensation and work month that a payment was seen for."""

    table: ClassVar = "payment_seen"
    row: ClassVar = PaymentRow
    events: ClassVar = (PaymentObserved,)

    def keys(self, recorded: Recorded) -> tuple[str, ...]:
        match recorded.event:
            case PaymentObserved(work_month=month):
                return (claim_key(recorded.stream_id, month),)
            case _:
                return ()

    def fold(self, row: PaymentRow, recorded: Recorded) -> PaymentRow:
        match recorded.event:
            case PaymentObserved() as seen:
                return replace(
                    row,
                    compensation_id=recorded.stream_id,
                    work_month=seen.work_month,
                    received=row.received + (Decimal(0) if seen.economy is None else seen.economy.amount),
                    lines=row.lines + 1,
                    last_booked_on=max(seen.booked_on, row.last_booked_on or seen.booked_on),
                )
            case _:
                return row
