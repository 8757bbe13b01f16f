"""Example states and commands of a credit order: docs/states/ shows what each pair leads to."""

from datetime import date
from decimal import Decimal
from typing import Final

from samverkan.backbone.testing.machine import Machine
from samverkan.funding.credit_order.order import CREDIT_ORDER, CloseCreditOrder, OpenCreditOrder
from samverkan.schemas.credit_orders import CreditOrderClosed, CreditOrderOpened, OrderTotal

_CLAIM: Final = "22222222-2222-4222-8222-222222222222/2026-03/0"
_OTHER: Final = "44444444-4444-4444-8444-444444444444/2026-03/0"
_DAY: Final = date(2026, 5, 8)
_OPENED: Final = CreditOrderOpened(credit_by=date(2026, 5, 12), opened_on=_DAY, claims=(_CLAIM, _OTHER))
_CLOSED: Final = CreditOrderClosed(
    closed_on=_DAY, count=1, left_out=(_OTHER,), economy=OrderTotal(total=Decimal("21027.20"))
)

CREDIT_ORDER_MACHINE: Final = Machine(
    CREDIT_ORDER,
    states={"none": (), "open": (_OPENED,), "closed": (_OPENED, _CLOSED)},
    commands={
        "OpenCreditOrder": OpenCreditOrder(date(2026, 5, 12), _DAY, (_CLAIM, _OTHER)),
        "OpenCreditOrder of nothing": OpenCreditOrder(date(2026, 5, 12), _DAY, ()),
        "CloseCreditOrder": CloseCreditOrder(_DAY, (_OTHER,), Decimal("21027.20")),
        "CloseCreditOrder with another sum": CloseCreditOrder(_DAY, (), Decimal("42054.40")),
    },
)
