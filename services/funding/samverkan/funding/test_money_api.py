"""Orders and their file, expected against received, what runs out, the employer's page: through HTTP, to the öre."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID

import httpx
import pytest

from samverkan.backbone.command import Context
from samverkan.backbone.decider import Aggregate, Order
from samverkan.backbone.http.build import build_http
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.backbone.testing.unwired import unwired
from samverkan.funding.app import build
from samverkan.funding.claim_view import Claims
from samverkan.funding.compensation.compensation import compensation_id
from samverkan.funding.compensation.correction import AttestCorrection
from samverkan.funding.compensation.examples import APPLY, APPROVE, CHECK, MARCH, PLACEMENT
from samverkan.funding.compensation.examples import EMPLOYER as EMPLOYER_NUMBER
from samverkan.funding.compensation.review import RequestReview
from samverkan.funding.compensation.set_off import ReserveSetOff, Source
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.compensation.table import (
    ANSWER,
    CLAIM,
    CORRECT,
    CORRECTED,
    CREDIT,
    ENDED,
    HEAR,
    RECOVER,
    RECOVERED,
    REFUSE,
    TWO,
    WAIVE,
    WAIVED,
)
from samverkan.funding.errands import Errands
from samverkan.funding.settings import FundingSettings
from samverkan.schemas.decisions import Party
from samverkan.schemas.recovery import CorrectionCause

A, B = compensation_id(PLACEMENT), UUID(int=2_000_000)
LESS = replace(CORRECT, cause=CorrectionCause.RETURN_CORRECTED, last_day_on=None)
EMPLOYER = "/employers/212000-2395"
_keys = count(1)


@pytest.fixture
def runtime() -> MemoryRuntime:
    return MemoryRuntime(build(unwired(FundingSettings)), datetime(2026, 5, 8, 8, 0, tzinfo=UTC))


@pytest.fixture
def compensation(runtime: MemoryRuntime) -> Aggregate[Compensation]:
    return next(one for one in runtime.service.aggregates if one.name == "compensation")


@pytest.fixture
async def client(runtime: MemoryRuntime) -> AsyncIterator[httpx.AsyncClient]:
    app = build_http(runtime.service, runtime, Health())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://funding") as client:
        yield client


async def give(runtime: MemoryRuntime, aggregate: Aggregate[Compensation], *commands: object) -> None:
    for command in commands:
        context = Context(now=runtime.now(), command_id=UUID(int=next(_keys)))
        await runtime.execute(Order(aggregate, A, command), context)


async def post(client: httpx.AsyncClient, path: str, body: dict[str, Any], agency: str = "af") -> httpx.Response:
    headers = {"Idempotency-Key": f"k-{next(_keys)}", "Samverkan-Agency": agency, "Samverkan-Actor": "af-1"}
    return await client.post(path, json=body, headers=headers)


async def test_an_order_has_each_claim_once_and_its_file_adds_up(
    runtime: MemoryRuntime, compensation: Aggregate[Compensation], client: httpx.AsyncClient
) -> None:
    await give(runtime, compensation, APPLY, CHECK, APPROVE, CLAIM)
    opened = await post(client, "/credit-orders", {"credit_by": "2026-05-12"})
    assert opened.status_code == 201
    path = opened.headers["location"]
    assert (await client.get(f"{path}/file")).json()["code"] == "order-not-closed"
    await Errands(compensation).round(runtime)
    file = (await client.get(f"{path}/file")).text
    head, line, total = file.splitlines()
    assert line == f"post;1;2120002395;{A};2026-03;0;tax-account;21027.20"
    digest = sha256(f"{head}\n{line}\n".encode()).hexdigest()
    assert total == f"summa;1;21027.20;{digest}"
    assert (await post(client, "/credit-orders", {"credit_by": "2026-05-12"})).json()["code"] == "order-empty"


async def test_expected_against_received_says_what_is_missing_and_what_can_still_be_claimed(
    runtime: MemoryRuntime, compensation: Aggregate[Compensation], client: httpx.AsyncClient
) -> None:
    await give(runtime, compensation, APPLY, CHECK, APPROVE, CLAIM, CREDIT)
    seen = {"work_month": "2026-03-01", "amount": "21000.00", "booked_on": "2026-05-12", "reference": "rad-1"}
    path = f"/compensations/{A}/payments"
    assert (await post(client, path, seen, "kommun")).json()["events"] == ["PaymentObserved"]
    assert (await post(client, path, seen, "kommun")).json()["events"] == []
    other = {**seen, "amount": "1.00"}
    assert (await post(client, path, other, "kommun")).json()["code"] == "reference-used"
    march, april, may = (await client.get(f"{EMPLOYER}/expected")).json()
    assert (march["expected"], march["received"], march["difference"]) == ("21027.20", "21000.00", "-27.20")
    assert (april["state"], april["expected"], april["days_left"]) == ("open", "21027.20", 172)
    assert may["work_month"] == "2026-05-01"


async def test_what_runs_out_is_told_by_stage_with_a_draft_of_the_next_period(
    runtime: MemoryRuntime, compensation: Aggregate[Compensation], client: httpx.AsyncClient
) -> None:
    await give(runtime, compensation, APPLY, CHECK, APPROVE)
    assert (await client.get("/expiring")).json() == []
    for day, stage in (("2026-12-01", 90), ("2027-01-01", 60), ("2027-02-01", 30)):
        runtime.clock = datetime.fromisoformat(f"{day}T08:00:00+00:00")
        (row,) = (await client.get("/expiring?within=90")).json()
        assert (row["ends_on"], row["stage"]) == ("2027-02-28", stage)
    draft = (await client.get(f"/compensations/{A}/next-period")).json()
    assert (draft["starts_on"], draft["ends_on"], draft["credit_per_month"]) == ("2027-03-01", "2028-02-29", "21027.20")
    assert "motivated-need" in draft["needs"]


async def test_an_employer_sees_its_supports_until_when_and_what_is_next(
    runtime: MemoryRuntime, compensation: Aggregate[Compensation], client: httpx.AsyncClient
) -> None:
    await give(runtime, compensation, APPLY, CHECK)
    (support,) = (await client.get(f"{EMPLOYER}/supports")).json()
    assert (support["state"], support["next_step"]) == ("checked", "await-decision")
    await give(runtime, compensation, APPROVE)
    (support,) = (await client.get(f"{EMPLOYER}/supports")).json()
    assert (support["ends_on"], support["next_step"], support["next_by"]) == ("2027-02-28", "claim-month", "2026-09-28")
    assert (await client.get("/employers/2120002643/supports")).json() == []


async def test_the_ledger_traces_each_amount_and_sums_to_zero(
    runtime: MemoryRuntime, compensation: Aggregate[Compensation], client: httpx.AsyncClient
) -> None:
    await give(runtime, compensation, APPLY, CHECK, APPROVE, CLAIM, CREDIT)
    ledger = (await client.get(f"/compensations/{A}/ledger")).json()
    assert ledger["rule_version"] == "introduktionsjobb/2026-01-01"
    assert ledger["balances"] == {"employer": "0.00", "support": "21027.20", "tax-account": "-21027.20"}
    assert ledger["total"] == "0.00"
    assert [entry["event_type"] for entry in ledger["entries"]] == [
        *("ClaimCalculated", "ClaimCalculated"),
        *("ClaimCredited", "ClaimCredited"),
    ]
    employer = (await client.get(f"{EMPLOYER}/ledger")).json()
    assert (employer["balances"], employer["total"]) == (ledger["balances"], "0.00")


async def test_what_a_recovery_kept_of_a_credit_is_not_missing_and_what_it_settled_is_not_too_much(
    runtime: MemoryRuntime, compensation: Aggregate[Compensation], client: httpx.AsyncClient
) -> None:
    await give(runtime, compensation, APPLY, CHECK, APPROVE, CLAIM, CREDIT)
    seen = {"work_month": "2026-03-01", "amount": "21027.20", "booked_on": "2026-05-12", "reference": "rad-1"}
    await post(client, f"/compensations/{A}/payments", seen)
    await give(runtime, compensation, ENDED, CORRECT, CORRECTED)
    overpaid = (await client.get(f"{EMPLOYER}/expected")).json()[0]
    assert (overpaid["expected"], overpaid["difference"]) == ("10513.60", "10513.60")  # it has to go back
    await give(runtime, compensation, HEAR, ANSWER, RECOVER, RECOVERED)
    for command in (APPLY, CHECK, APPROVE, CLAIM):
        await runtime.execute(Order(compensation, B, command), Context(runtime.now(), UUID(int=next(_keys))))
    await give(runtime, compensation, ReserveSetOff(A, MARCH, Source(B, MARCH, EMPLOYER_NUMBER)))
    for _ in range(3):
        await Errands(compensation).round(runtime)
    await runtime.execute(Order(compensation, B, CREDIT), Context(runtime.now(), UUID(int=next(_keys))))
    await post(client, f"/compensations/{B}/payments", {**seen, "amount": "10513.60"})
    months = [row for row in (await client.get(f"{EMPLOYER}/expected")).json() if row["work_month"] == "2026-03-01"]
    assert sorted(row["expected"] for row in months) == ["10513.60", "21027.20"]
    assert [row["difference"] for row in months] == ["0.00", "0.00"]


async def test_a_waived_month_that_gives_more_after_all_is_ordered(
    runtime: MemoryRuntime, compensation: Aggregate[Compensation], client: httpx.AsyncClient
) -> None:
    claimed = replace(CLAIM, gross_paid=Decimal(14000))
    await give(runtime, compensation, APPLY, CHECK, APPROVE, claimed, CREDIT, LESS, CORRECTED, WAIVE, WAIVED)
    runtime.clock = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    body = {"credit_by": "2026-12-12"}
    assert (await post(client, "/credit-orders", body)).json()["code"] == "order-empty"
    more = replace(LESS, gross_paid=Decimal(19000), prepared_on=date(2026, 7, 2))
    await give(runtime, compensation, more, AttestCorrection(MARCH, TWO, date(2026, 7, 3)))
    await post(client, "/credit-orders", body)
    await Errands(compensation).round(runtime)
    claim = await runtime.get(Claims, f"{A}/2026-03")
    assert claim is not None
    assert (claim.state, claim.due > 0) == ("ordered", True)


async def test_a_refusal_under_review_neither_runs_out_nor_is_extended(
    runtime: MemoryRuntime, compensation: Aggregate[Compensation], client: httpx.AsyncClient
) -> None:
    await give(runtime, compensation, APPLY, CHECK, REFUSE, RequestReview(Party.EMPLOYER, date(2026, 3, 2)))
    runtime.clock = datetime(2027, 2, 1, 8, 0, tzinfo=UTC)
    assert (await client.get("/expiring")).json() == []
    (support,) = (await client.get(f"{EMPLOYER}/supports")).json()
    assert (support["state"], support["next_step"]) == ("under_review", "none")
