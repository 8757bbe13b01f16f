"""What funding does by itself: set-offs carried on, orders closed, decisions expired; once each."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from samverkan.backbone.command import Context
from samverkan.backbone.decider import Aggregate, Order
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.backbone.testing.unwired import unwired
from samverkan.funding.app import build
from samverkan.funding.compensation.compensation import compensation_id
from samverkan.funding.compensation.examples import APPLY, APPROVE, CHECK, EMPLOYER, MARCH, PLACEMENT
from samverkan.funding.compensation.set_off import ReserveSetOff, Source
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.compensation.table import (
    ANSWER,
    CLAIM,
    CORRECT,
    CORRECTED,
    CREDIT,
    ENDED,
    HALF,
    HEAR,
    RECOVER,
    RECOVERED,
)
from samverkan.funding.compensation_view import Compensations
from samverkan.funding.credit_order.order import CREDIT_ORDER, OpenCreditOrder, claim_name
from samverkan.funding.credit_order.views import CreditOrders
from samverkan.funding.errands import Errands
from samverkan.funding.set_off_view import SetOffRow, SetOffs
from samverkan.funding.settings import FundingSettings

A, B = compensation_id(PLACEMENT), UUID(int=2)
ORDER = UUID(int=3)


@pytest.fixture
def runtime() -> MemoryRuntime:
    return MemoryRuntime(build(unwired(FundingSettings)), datetime(2026, 6, 20, 8, 0, tzinfo=UTC))


@pytest.fixture
def compensation(runtime: MemoryRuntime) -> Aggregate[Compensation]:
    return next(one for one in runtime.service.aggregates if one.name == "compensation")


async def give(runtime: MemoryRuntime, aggregate: Aggregate[Compensation], stream: UUID, *commands: object) -> None:
    for number, command in enumerate(commands):
        context = Context(now=runtime.now(), command_id=UUID(int=1000 + number))
        await runtime.execute(Order(aggregate, stream, command), context)


async def test_a_set_off_is_carried_to_its_end_and_once(
    runtime: MemoryRuntime, compensation: Aggregate[Compensation]
) -> None:
    grant = (APPLY, CHECK, APPROVE, CLAIM)
    recovery = (CREDIT, ENDED, CORRECT, CORRECTED, HEAR, ANSWER, RECOVER, RECOVERED)
    await give(runtime, compensation, A, *grant, *recovery, ReserveSetOff(A, MARCH, Source(B, MARCH, EMPLOYER)))
    await give(runtime, compensation, B, *grant)
    errands = Errands(compensation)
    for _ in range(3):
        await errands.round(runtime)
    (row,) = await runtime.select(SetOffs)
    assert (row.state, row.withheld) == ("done", HALF)
    written = len(runtime.written)
    await errands.round(runtime)
    assert len(runtime.written) == written


async def test_set_offs_that_cannot_go_on_hold_up_no_other(
    runtime: MemoryRuntime, compensation: Aggregate[Compensation]
) -> None:
    grant = (APPLY, CHECK, APPROVE, CLAIM)
    recovery = (CREDIT, ENDED, CORRECT, CORRECTED, HEAR, ANSWER, RECOVER, RECOVERED)
    await give(runtime, compensation, A, *grant, *recovery, ReserveSetOff(A, MARCH, Source(B, MARCH, EMPLOYER)))
    await give(runtime, compensation, B, *grant)
    sealed = [SetOffRow(UUID(int=n), A, MARCH, B, MARCH, state="reserved") for n in range(1, 1001)]
    runtime.folding.rows["set_off"] |= {row.set_off_id: row for row in sealed}
    for _ in range(3):
        await Errands(compensation).round(runtime)
    assert [row.withheld for row in await runtime.select(SetOffs, state="done")] == [HALF]


async def test_an_errand_that_is_refused_in_every_round_is_logged_once(
    runtime: MemoryRuntime, compensation: Aggregate[Compensation]
) -> None:
    await give(runtime, compensation, A, APPLY)
    row = SetOffRow(UUID(int=1), A, MARCH, B, MARCH, reserved=HALF, withheld=HALF, state="withheld")
    runtime.folding.rows["set_off"] = {row.set_off_id: row}
    errands = Errands(compensation)
    with capture_logs() as logs:
        for _ in range(3):
            await errands.round(runtime)
    assert [(line["event"], line["code"]) for line in logs] == [("errand_refused", "not-granted")]


async def test_an_order_closes_when_each_claim_has_answered(
    runtime: MemoryRuntime, compensation: Aggregate[Compensation]
) -> None:
    await give(runtime, compensation, A, APPLY, CHECK, APPROVE, CLAIM)
    await give(runtime, compensation, B, APPLY, CHECK, APPROVE, CLAIM, CREDIT)
    claims = (claim_name(A, MARCH, 0), claim_name(B, MARCH, 0))
    context = Context(now=runtime.now(), command_id=UUID(int=1))
    opened = OpenCreditOrder(date(2026, 6, 12), date(2026, 6, 8), claims)
    await runtime.execute(Order(CREDIT_ORDER, ORDER, opened), context)
    errands = Errands(compensation)
    for _ in range(2):
        await errands.round(runtime)
    row = await runtime.get(CreditOrders, ORDER)
    assert row is not None
    assert (row.state, row.count, row.total, row.left_out) == ("closed", 1, Decimal("21027.20"), (claims[1],))


async def test_a_decision_expires_on_the_day_after_its_last(
    runtime: MemoryRuntime, compensation: Aggregate[Compensation]
) -> None:
    await give(runtime, compensation, A, APPLY, CHECK, APPROVE)
    errands = Errands(compensation)
    for day, state in (("2027-02-28", "granted"), ("2027-03-01", "expired")):
        runtime.clock = datetime.fromisoformat(f"{day}T08:00:00+00:00")
        await errands.round(runtime)
        row = await runtime.get(Compensations, A)
        assert row is not None
        assert row.state == state
