"""What funding does by itself, round after round: carries on set-offs and orders, and ends what has expired.

Every step is a command that may be repeated: it does not matter how many replicas take the same round, nor where one
was killed. What is refused or unreadable stays as it is and is tried again.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid5

import structlog

from samverkan.backbone.clock import stockholm_date
from samverkan.backbone.command import Context
from samverkan.backbone.decider import Aggregate, Order
from samverkan.backbone.errors import Refused, Transient
from samverkan.backbone.runtime import Runtime
from samverkan.funding.compensation.ordering import OrderCredit
from samverkan.funding.compensation.revocation import ExpireCompensation
from samverkan.funding.compensation.set_off import CompleteSetOff, ReleaseSetOff, WithholdCredit
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.compensation_view import Compensations
from samverkan.funding.credit_order.order import CREDIT_ORDER, CloseCreditOrder, parse_claim
from samverkan.funding.credit_order.views import CreditOrders, OrderLines, OrderRow
from samverkan.funding.reading import every
from samverkan.funding.set_off_view import SetOffRow, SetOffs

ROUND_SECONDS: Final = 0.5
_ERRANDS: Final = UUID("0f0c7f0c-32a8-5d0a-9a53-9c1f5d2f2e11")

log = structlog.stdlib.get_logger(__name__)


@dataclass
class Errands:
    """The rounds of one process. `expired_until` is the last day on which it looked for what has expired; `refused`
    are the errands that the log has been told of: each comes again with every round."""

    compensation: Aggregate[Compensation]
    expired_until: date | None = field(default=None)
    refused: set[UUID] = field(default_factory=set)

    async def run(self, runtime: Runtime) -> None:
        """Round after round until cancelled; a transient failure waits for the next one."""
        while True:
            try:
                await self.round(runtime)
            except Transient as transient:
                log.warning("errands_wait", reason=transient.code)
            await asyncio.sleep(ROUND_SECONDS)

    async def round(self, runtime: Runtime) -> None:
        """Everything that waits now, one step each."""
        for state in ("reserved", "withheld", "declined"):
            async for row in every(runtime.queries, SetOffs, state=state):
                await self._set_off(runtime, row)
        async for order in every(runtime.queries, CreditOrders, state="open"):
            await self._order(runtime, order)
        today = stockholm_date(runtime.now())
        if self.expired_until != today:
            await self._expire(runtime, today)
            self.expired_until = today

    async def _set_off(self, runtime: Runtime, row: SetOffRow) -> None:
        assert row.compensation_id is not None and row.work_month is not None
        assert row.from_compensation is not None and row.from_month is not None
        if row.state == "declined":
            release = ReleaseSetOff(row.set_off_id, row.work_month, row.declined_code or "declined")
            await self._give(runtime, row.compensation_id, release, row.set_off_id)
        elif row.state == "withheld" and row.withheld is not None:
            done = CompleteSetOff(row.set_off_id, row.work_month, row.withheld)
            await self._give(runtime, row.compensation_id, done, row.set_off_id)
        elif row.state == "reserved" and row.reserved is not None:
            withhold = WithholdCredit(
                row.set_off_id,
                row.from_month,
                row.compensation_id,
                row.work_month,
                row.reserved,
                stockholm_date(runtime.now()),
            )
            await self._give(runtime, row.from_compensation, withhold, row.set_off_id)

    async def _order(self, runtime: Runtime, order: OrderRow) -> None:
        """Ask every claim, then close: each has answered, and its answer is final."""
        taken = await _taken(runtime, order)
        for name in order.claims or ():
            if name not in taken:
                compensation_id, month, part = parse_claim(name)
                await self._give(
                    runtime, compensation_id, OrderCredit(order.order_id, month, part), uuid5(order.order_id, name)
                )
        taken = await _taken(runtime, order)
        left_out = tuple(name for name in order.claims or () if name not in taken)
        close = CloseCreditOrder(stockholm_date(runtime.now()), left_out, sum(taken.values(), Decimal(0)))
        await self._give(runtime, order.order_id, close, order.order_id, CREDIT_ORDER)

    async def _expire(self, runtime: Runtime, today: date) -> None:
        over = {"ends_on": (None, today - timedelta(days=1))}
        for state in ("granted", "amended"):
            async for row in every(runtime.queries, Compensations, state=state, between=over):
                await self._give(runtime, row.compensation_id, ExpireCompensation(today), row.compensation_id)

    async def _give(
        self, runtime: Runtime, stream: UUID, command: object, errand: UUID, aggregate: Aggregate[Any] | None = None
    ) -> None:
        name = type(command).__name__
        context = Context(now=runtime.now(), command_id=uuid5(_ERRANDS, f"{errand}/{name}"))
        try:
            await runtime.commands.execute(Order(aggregate or self.compensation, stream, command), context)
        except Refused as refused:
            if context.command_id in self.refused:
                return
            self.refused.add(context.command_id)
            log.warning("errand_refused", command=name, code=refused.code, stream_id=str(stream))


async def _taken(runtime: Runtime, order: OrderRow) -> dict[str, Decimal]:
    """The claims that said yes to this order, and what goes to the employer for each."""
    lines = every(runtime.queries, OrderLines, order_id=order.order_id)
    return {line.line: line.amount async for line in lines if line.amount is not None}
