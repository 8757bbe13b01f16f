"""HTTP of the money: the ledger, orders to Skatteverket, expected against received, ends and the employer's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi import Query as QueryParameter
from fastapi.responses import PlainTextResponse

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.backbone.http.call import Accepted, Command, Page, Query, QueryCall
from samverkan.funding.acting import found, placement_of
from samverkan.funding.claim_view import ClaimRow, Claims
from samverkan.funding.compensation.ordering import ObservePayment
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.compensation_view import CompensationRow, Compensations
from samverkan.funding.credit_order.file import order_file
from samverkan.funding.credit_order.order import CLAIMS_MAX, CREDIT_ORDER, OpenCreditOrder, claim_name
from samverkan.funding.credit_order.views import CreditOrders, OrderLines, OrderRow, PaymentsSeen
from samverkan.funding.ledger import balances
from samverkan.funding.ledger_view import Entries, EntryRow
from samverkan.funding.life_messages import OrderBody, SeenBody
from samverkan.funding.overview import (
    ExpectedMonth,
    Expiring,
    NextPeriod,
    SupportStanding,
    ending_months,
    expected_months,
    expiring,
    next_period,
    standing,
)
from samverkan.funding.reading import every
from samverkan.funding.rules.rulebook import Rulebook

EmployerNumber = Annotated[
    str, Path(pattern=r"^[0-9]{2}[2-9][0-9]{3}-?[0-9]{4}$", description="Organisation number, never a personnummer.")
]
Within = Annotated[int, QueryParameter(ge=0, le=366, description="Days ahead.")]
_ORDERABLE: Final = ("calculated", "corrected", "waived")  # a month that was waived may be corrected upwards later


@dataclass(frozen=True)
class LedgerAnswer:
    """What traces each amount: the decision's rule version, the entries with their events, and balances that sum to
    `total`, which is 0."""

    compensation_id: UUID
    employer_number: str | None
    decided_on: date | None
    rule_version: str | None
    entries: list[EntryRow]
    balances: dict[str, Decimal]
    total: Decimal


@dataclass(frozen=True)
class EmployerLedger:
    """The balances of all compensations of one employer; `total` is 0."""

    employer_number: str
    compensations: dict[UUID, dict[str, Decimal]]
    balances: dict[str, Decimal]
    total: Decimal


def money_router(compensation: Aggregate[Compensation], rules: Rulebook) -> APIRouter:
    """Every endpoint about money that has been decided."""
    router = APIRouter()
    _add_ledger(router)
    _add_orders(router)
    _add_received(router, compensation, rules)
    _add_ahead(router, rules)
    return router


def _add_ledger(router: APIRouter) -> None:
    @router.get("/compensations/{compensation_id}/ledger")
    async def ledger(compensation_id: UUID, call: Query) -> LedgerAnswer:
        """Double entry: each amount with the event that posted it."""
        row = await found(call, compensation_id)
        entries = await _entries(call, compensation_id)
        sums = balances((entry.account or "", entry.amount) for entry in entries)
        return LedgerAnswer(
            compensation_id,
            row.employer_number,
            row.decided_on,
            row.rule_version,
            entries,
            sums,
            sum(sums.values(), Decimal(0)),
        )

    @router.get("/employers/{employer_number}/ledger")
    async def employer_ledger(employer_number: EmployerNumber, call: Query) -> EmployerLedger:
        """The same for all compensations of an employer, as balances."""
        each: dict[UUID, dict[str, Decimal]] = {}
        together: list[tuple[str, Decimal]] = []
        async for row in _of_employer(call, employer_number):
            entries = await _entries(call, row.compensation_id)
            posted = [(entry.account or "", entry.amount) for entry in entries]
            each[row.compensation_id] = balances(posted)
            together += posted
        sums = balances(together)
        return EmployerLedger(_digits(employer_number), each, sums, sum(sums.values(), Decimal(0)))


def _add_orders(router: APIRouter) -> None:
    @router.post("/credit-orders")
    async def order(body: OrderBody, call: Command) -> Accepted:
        """Draw up an order of every computed claim that is to be credited by a day and stands in no order.

        Each claim is taken in at once after this, and the order closed; then its file can be fetched.
        """
        claims: list[str] = []
        owed = {"credit_by": (None, body.credit_by), "due": (Decimal("0.01"), None)}
        for state in _ORDERABLE:
            async for row in every(call.queries, Claims, state=state, between=owed):
                if _is_orderable(row) and len(claims) < CLAIMS_MAX:
                    assert row.compensation_id is not None and row.work_month is not None
                    claims.append(claim_name(row.compensation_id, row.work_month, row.part))
        command = OpenCreditOrder(body.credit_by, call.today, tuple(sorted(claims)))
        return await call.execute(CREDIT_ORDER, call.new_id(), command, create=True)

    @router.get("/credit-orders")
    async def orders(call: Query, page: Page) -> Sequence[OrderRow]:
        """The orders, by id."""
        return await call.many(CreditOrders, page)

    @router.get("/credit-orders/{order_id}")
    async def one_order(order_id: UUID, call: Query) -> OrderRow:
        """One order: open until each claim has answered, then closed."""
        return await call.one(CreditOrders, order_id)

    @router.get("/credit-orders/{order_id}/file", response_class=PlainTextResponse)
    async def file(order_id: UUID, call: Query) -> PlainTextResponse:
        """The file for Skatteverket, with its control sums: the same bytes whenever it is fetched."""
        row = await call.one(CreditOrders, order_id)
        if row.state != "closed":
            raise Refused("order-not-closed")
        lines = [line async for line in every(call.queries, OrderLines, order_id=order_id)]
        employers: dict[UUID, str | None] = {}
        for line in lines:
            if line.compensation_id is not None and line.compensation_id not in employers:
                known = await call.queries.get(Compensations, line.compensation_id)
                employers[line.compensation_id] = None if known is None else known.employer_number
        return PlainTextResponse(order_file(row, lines, employers))


def _add_received(router: APIRouter, compensation: Aggregate[Compensation], rules: Rulebook) -> None:
    @router.post("/compensations/{compensation_id}/payments")
    async def seen(compensation_id: UUID, body: SeenBody, call: Command) -> Accepted:
        """The employer saw a payment on its tax account, or in AF's payment list."""
        command = ObservePayment(body.work_month, body.amount, body.booked_on, body.reference)
        return await call.execute(compensation, compensation_id, command)

    @router.get("/employers/{employer_number}/expected")
    async def expected(employer_number: EmployerNumber, call: Query) -> list[ExpectedMonth]:
        """Expected against received: per employee and month, with the days left to claim what is open."""
        answer: list[ExpectedMonth] = []
        async for row in _of_employer(call, employer_number):
            payments = await call.queries.select(PaymentsSeen, compensation_id=row.compensation_id, limit=500)
            months = expected_months(
                rules,
                row,
                await _claims(call, row),
                {payment.work_month: payment for payment in payments},
                await _last_day(call, row),
                call.today,
            )
            answer += months
        return answer


def _add_ahead(router: APIRouter, rules: Rulebook) -> None:
    @router.get("/expiring")
    async def ends(call: Query, within: Within = 90) -> list[Expiring]:
        """Decisions that run out within so many days, the soonest first, with their stage: 30, 60 or 90."""
        rows = []
        for month in ending_months(call.today, within):
            rows += [row async for row in every(call.queries, Compensations, ends_month=month)]
        return expiring(rows, call.today, within)

    @router.get("/compensations/{compensation_id}/next-period")
    async def draft(compensation_id: UUID, call: Query) -> NextPeriod:
        """A draft of what to apply for when the decision runs out (the second year), and what it would give."""
        return next_period(rules, await found(call, compensation_id), call.today)

    @router.get("/employers/{employer_number}/supports")
    async def supports(employer_number: EmployerNumber, call: Query) -> list[SupportStanding]:
        """All supports of an employer: until when, what each gives, and what is next."""
        answer = []
        async for row in _of_employer(call, employer_number):
            last_day_on = await _last_day(call, row)
            answer.append(standing(rules, row, await _claims(call, row), last_day_on, call.today))
        return answer


def _is_orderable(row: ClaimRow) -> bool:
    """Something is left to credit, it is in no order, and not known to be wrong."""
    return row.due > row.withheld and row.order_id is None and row.needs_correction is None


def _of_employer(call: QueryCall, employer_number: str) -> Any:
    return every(call.queries, Compensations, employer_number=_digits(employer_number))


def _digits(employer_number: str) -> str:
    return employer_number.replace("-", "")


async def _entries(call: QueryCall, compensation_id: UUID) -> list[EntryRow]:
    return [entry async for entry in every(call.queries, Entries, compensation_id=compensation_id)]


async def _claims(call: QueryCall, row: CompensationRow) -> list[ClaimRow]:
    return [claim async for claim in every(call.queries, Claims, compensation_id=row.compensation_id)]


async def _last_day(call: QueryCall, row: CompensationRow) -> date | None:
    placement = await placement_of(call, row)
    return None if placement is None else placement.last_day_on
