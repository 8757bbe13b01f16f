"""Story 1 and its refusals through HTTP, on a service without database and broker."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest

from samverkan.backbone.http.build import build_http
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.contract import check_contract
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.backbone.testing.unwired import unwired
from samverkan.funding.app import build
from samverkan.funding.compensation.compensation import compensation_id
from samverkan.funding.compensation.examples import CASE, PLACEMENT
from samverkan.funding.settings import FundingSettings
from samverkan.funding.test_views import AGREED, ENDED, PROPOSED, STARTED
from samverkan.schemas.catalogue import PLACEMENT as PLACEMENT_TOPIC
from samverkan.schemas.envelope import Requirement
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import PlacementAgreed, PlacementCancelled, PlacementInterrupted, PlacementResumed

COMPENSATION = compensation_id(PLACEMENT)
PATH = f"/compensations/{COMPENSATION}"
APPLY = {"placement_id": str(PLACEMENT), "applied_on": "2026-02-16"}
CLAIM = {"work_month": "2026-03-01", "gross_paid": "24000.00", "received_on": "2026-04-08"}
_keys = count(1)


@pytest.fixture
def runtime() -> MemoryRuntime:
    return MemoryRuntime(build(unwired(FundingSettings)), datetime(2026, 7, 1, 8, 0, tzinfo=UTC))


@pytest.fixture
async def client(runtime: MemoryRuntime) -> AsyncIterator[httpx.AsyncClient]:
    app = build_http(runtime.service, runtime, Health())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://funding") as client:
        yield client


async def post(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], agency: str = "af", actor: str | None = None
) -> httpx.Response:
    headers = {"Idempotency-Key": f"k-{next(_keys)}", "Samverkan-Agency": agency}
    if actor is not None:
        headers["Samverkan-Actor"] = actor
    return await client.post(path, json=body, headers=headers)


async def granted(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    await runtime.happened(PLACEMENT_TOPIC, PLACEMENT, PROPOSED, AGREED)
    answers = [
        await post(client, "/compensations", APPLY, "kommun"),
        await post(client, f"{PATH}/check", {"checked_on": "2026-02-18"}, actor="af-1"),
        await post(client, f"{PATH}/approve", {"decided_on": "2026-02-20"}, actor="af-2"),
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    await runtime.happened(PLACEMENT_TOPIC, PLACEMENT, STARTED)


async def test_timra_is_applied_for_granted_claimed_and_credited(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await granted(client, runtime)
    decided = (await client.get(PATH)).json()
    assert decided["state"] == "granted"
    assert (decided["cost_per_month"], decided["credit_per_month"]) == ("31540.80", "21027.20")
    assert (decided["own_cost_per_month"], decided["credit_in_all"]) == ("10513.60", "252326.40")

    claimed = await post(client, f"{PATH}/claims", CLAIM, "kommun")
    assert claimed.json()["events"] == ["ClaimSubmitted", "ClaimCalculated"]
    credited = await post(client, f"{PATH}/claims/2026-03-01/credit", {"credited_on": "2026-05-12"})
    assert credited.json()["events"] == ["ClaimCredited"]

    march, april, *_ = (await client.get(f"{PATH}/claims")).json()
    assert (march["state"], march["credit"], march["credit_by"]) == ("credited", "21027.20", "2026-05-12")
    assert march["lines"][0]["name"] == "wage-cost"
    assert (april["state"], april["last_day_on"], april["days_left"]) == ("open", "2026-10-27", 118)
    assert (await client.get(PATH)).json()["credited"] == "21027.20"
    assert [row["compensation_id"] for row in (await client.get(f"/compensations?case_id={CASE}")).json()] == [
        str(COMPENSATION)
    ]


async def test_events_require_the_placement_that_they_rest_on_and_belong_to_its_case(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    inherited = Requirement("samverkan.participant", CASE, 7)
    await runtime.happened(PLACEMENT_TOPIC, PLACEMENT, PROPOSED, AGREED, requires=[inherited])
    applied = await post(client, "/compensations", APPLY, "kommun")
    assert applied.headers["location"] == PATH
    (written,) = runtime.written
    assert written.envelope.requires == (Requirement("samverkan.placement", PLACEMENT, 2), inherited)
    assert written.envelope.correlation_id == CASE


async def test_a_placement_that_is_not_agreed_gets_no_compensation(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    assert (await post(client, "/compensations", APPLY)).json()["code"] == "placement-not-agreed"
    await runtime.happened(PLACEMENT_TOPIC, PLACEMENT, PROPOSED, AGREED, PROPOSED)
    assert (await post(client, "/compensations", APPLY)).json()["code"] == "placement-not-agreed"
    assert runtime.written == []


async def test_a_practice_is_told_that_there_is_nothing_to_compensate(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    practice = AGREED.model_copy(update={"form": Programme.ARBETSPRAKTIK, "economy": None})
    assert isinstance(practice, PlacementAgreed)
    await runtime.happened(PLACEMENT_TOPIC, PLACEMENT, practice)
    assert (await post(client, "/compensations", APPLY)).json()["code"] == "form-without-wage"


async def test_sealed_pay_is_told_to_be_unreadable(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    await runtime.happened(PLACEMENT_TOPIC, PLACEMENT, AGREED.model_copy(update={"economy": None}))
    assert (await post(client, "/compensations", APPLY)).json()["code"] == "economy-unreadable"


async def test_a_claim_waits_for_the_start_and_ends_with_the_end(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await granted(client, runtime)
    await runtime.happened(PLACEMENT_TOPIC, PLACEMENT, ENDED)
    half = {**CLAIM, "gross_paid": "12000.00"}
    await post(client, f"{PATH}/claims", half, "kommun")
    (march,) = (await client.get(f"{PATH}/claims")).json()
    assert march["credit"] == "10513.60"  # story 6: 11 of 22 working days


async def test_who_may_not_decide_is_told_so(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    await runtime.happened(PLACEMENT_TOPIC, PLACEMENT, AGREED)
    await post(client, "/compensations", APPLY, "kommun")
    answer = await post(client, f"{PATH}/check", {"checked_on": "2026-02-18"}, "kommun", "kommun-1")
    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")
    assert (await post(client, "/compensations", APPLY, "region")).status_code == 403
    assert (await post(client, "/compensations", APPLY, "funding")).status_code == 403


async def test_a_decision_names_who_took_it(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    await runtime.happened(PLACEMENT_TOPIC, PLACEMENT, AGREED)
    await post(client, "/compensations", APPLY, "kommun")
    nobody = await post(client, f"{PATH}/check", {"checked_on": "2026-02-18"})
    assert nobody.json()["code"] == "actor-missing"
    await post(client, f"{PATH}/check", {"checked_on": "2026-02-18"}, actor="af-1")
    same = await post(
        client, f"{PATH}/refuse", {"decided_on": "2026-02-20", "ground": "person-not-eligible"}, actor="af-1"
    )
    assert same.json()["code"] == "same-person-prepares-and-attests"


async def test_an_unknown_compensation_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get(PATH)).status_code == 404
    assert (await client.get(f"{PATH}/claims")).status_code == 404
    assert (await post(client, f"{PATH}/check", {"checked_on": "2026-02-18"}, actor="af-1")).status_code == 404


async def test_what_will_it_cost(client: httpx.AsyncClient) -> None:
    asked = {
        "form": "introduktionsjobb",
        "starts_on": "2026-03-02",
        "ends_on": "2027-02-28",
        "gross": "24000",
        "birth_year": "1988",
        "decided_on": "2026-02-20",
    }
    answer = (await client.get("/compute", params=asked)).json()
    assert Decimal(answer["credit"]) == Decimal("252326.40")
    assert answer["full_month"]["own_cost"] == "10513.60"
    assert len(answer["months"]) == 12
    assert "SFS 2022:1451" in answer["rule"]["remark"]
    refused = await client.get("/compute", params={**asked, "ends_on": "2027-03-31"}, headers={"Accept-Language": "sv"})
    assert (refused.status_code, refused.json()["code"]) == (409, "period-too-long")
    assert "2027-03-01" in refused.json()["detail"]
    assert (await client.get("/compute", params={**asked, "gross": "1e9"})).status_code == 422


def test_every_status_that_a_query_may_answer_is_documented(runtime: MemoryRuntime) -> None:
    document = build_http(runtime.service, runtime, Health()).openapi()
    assert set(document["paths"]["/compute"]["get"]["responses"]) >= {"200", "409", "422"}
    assert "403" in document["paths"]["/compensations"]["post"]["responses"]


def test_every_endpoint_keeps_its_contract(runtime: MemoryRuntime) -> None:
    assert check_contract(build_http(runtime.service, runtime, Health()), examples=4) >= 10


async def test_months_computed_before_an_absence_was_told_are_looked_at_and_later_ones_are_not(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await granted(client, runtime)
    for month, received in (("03", "04-08"), ("04", "05-08"), ("05", "06-08")):
        claim = {**CLAIM, "work_month": f"2026-{month}-01", "received_on": f"2026-{received}"}
        assert (await post(client, f"{PATH}/claims", claim)).status_code == 200
    away = PlacementInterrupted(case_id=CASE, interrupted_from=date(2026, 4, 13), expected_until=date(2026, 4, 30))
    back = PlacementResumed(case_id=CASE, interrupted_from=date(2026, 4, 13), resumed_on=date(2026, 5, 4))
    await runtime.happened(PLACEMENT_TOPIC, PLACEMENT, away, back)
    months = (await client.get(f"{PATH}/claims")).json()
    needed = [month["work_month"] for month in months if month["needs_correction"] == "employment-changed"]
    assert needed == ["2026-04-01"]


async def checked(client: httpx.AsyncClient, runtime: MemoryRuntime, name: str) -> tuple[UUID, str]:
    """A placement of that name, and the path of its compensation that waits for a decision."""
    placement = uuid5(PLACEMENT, name)
    await runtime.happened(PLACEMENT_TOPIC, placement, PROPOSED, AGREED)
    asked = await post(client, "/compensations", {**APPLY, "placement_id": str(placement)})
    await post(client, f"{asked.headers['location']}/check", {"checked_on": "2026-02-18"}, actor="af-1")
    return placement, asked.headers["location"]


async def test_a_cancelled_placement_is_neither_applied_for_nor_granted_nor_uses_time(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    cancelled = PlacementCancelled(case_id=CASE, cancelled_on=date(2026, 2, 27))
    used, decision = f"/time-used?case_id={CASE}&form=introduktionsjobb", {"decided_on": "2026-02-20"}

    placement, path = await checked(client, runtime, "granted before")
    assert (await post(client, f"{path}/approve", decision, actor="af-2")).status_code == 200
    assert (await client.get(used)).json()["days_used"] == 364
    await runtime.happened(PLACEMENT_TOPIC, placement, cancelled)
    assert (await client.get(used)).json()["days_used"] == 0
    assert (await client.get("/expiring?within=366")).json() == []

    placement, path = await checked(client, runtime, "applied for before")
    await runtime.happened(PLACEMENT_TOPIC, placement, cancelled)
    assert (await post(client, f"{path}/approve", decision, actor="af-2")).json()["code"] == "placement-cancelled"

    placement = uuid5(PLACEMENT, "cancelled before")
    await runtime.happened(PLACEMENT_TOPIC, placement, PROPOSED, AGREED, cancelled)
    refused = await post(client, "/compensations", {**APPLY, "placement_id": str(placement)})
    assert refused.json()["code"] == "placement-not-agreed"
