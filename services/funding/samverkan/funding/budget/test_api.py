"""Story 9 through HTTP, on a service without database and broker; each krona in the ledger."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx
import pytest

from samverkan.backbone.http.build import build_http
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.backbone.testing.unwired import unwired
from samverkan.funding.app import build
from samverkan.funding.budget.examples import BUDGET_ID, FK, NORSJO, REGION, SKELLEFTEA
from samverkan.funding.compensation.examples import CASE
from samverkan.funding.settings import FundingSettings

PATH = f"/budgets/{BUDGET_ID}"
DRAFT = {
    "association": "skelleftea-norsjo",
    "year": 2026,
    "total": "8000000.00",
    "insurance": FK,
    "region": REGION,
    "municipal_split": {SKELLEFTEA: 94, NORSJO: 6},
    "drafted_on": "2025-10-01",
}
TIMRA, REGION_OF_TIMRA = "2262", "232100-0206"
GIFT = {"party": TIMRA, "year": 2026, "kind": "premises", "amount": "480000.00"}
PROPOSAL: dict[str, Any] = {
    "association": "skelleftea-norsjo",
    "title": "Arbetsmarknadstorget",
    "target_group": "16–29 år",
    "parties": [SKELLEFTEA, REGION, "skelleftea-norsjo"],
    "steering_group": [SKELLEFTEA],
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "places": 40,
    "proposed_on": "2025-12-01",
}
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
    client: httpx.AsyncClient, path: str, body: dict[str, Any], actor: str | None = "anna", agency: str = "forbund"
) -> httpx.Response:
    headers = {"Idempotency-Key": f"k-{next(_keys)}", "Samverkan-Agency": agency}
    return await client.post(path, json=body, headers=headers | ({"Samverkan-Actor": actor} if actor else {}))


async def adopted(client: httpx.AsyncClient) -> None:
    assert (await post(client, "/budgets", DRAFT)).status_code == 201
    for member in (FK, REGION, SKELLEFTEA, NORSJO):
        heard = {"member": member, "agrees": True, "consulted_on": "2025-10-20"}
        assert (await post(client, f"{PATH}/consultations", heard)).status_code == 200
    assert (await post(client, f"{PATH}/adoption", {"adopted_on": "2025-11-28"}, "bo")).status_code == 200


async def agreed(client: httpx.AsyncClient, money: str) -> str:
    """An insats whose agreement lets the association give this much in 2026."""
    given = {"party": "skelleftea-norsjo", "year": 2026, "kind": "money", "amount": money}
    proposal = PROPOSAL | {"contributions": [given, GIFT | {"party": SKELLEFTEA}]}
    insats = (await post(client, "/insatser", proposal)).json()["stream_id"]
    for party in proposal["parties"]:
        signed = await post(client, f"/insatser/{insats}/signatures", {"party": party, "signed_on": "2025-12-10"})
        assert signed.status_code == 200
    return str(insats)


async def commit(client: httpx.AsyncClient, amount: str, participants: int = 40) -> httpx.Response:
    insats = await agreed(client, amount)
    body = {"insats_id": insats, "amount": amount, "participants": participants, "prepared_on": "2026-01-12"}
    prepared = await post(client, f"{PATH}/commitments", body)
    if prepared.status_code != 200:
        return prepared
    new = prepared.json()["commitment_id"]
    return await post(client, f"{PATH}/commitments/{new}/attestation", {"decided_on": "2026-01-14"}, "bo")


async def test_story_9_through_http(client: httpx.AsyncClient) -> None:
    await adopted(client)
    row = (await client.get(PATH)).json()
    assert (row["state"], row["adoption_due_on"], row["adoption_days_late"]) == ("adopted", "2025-11-30", 0)
    assert row["shares"] == {FK: "4000000.00", REGION: "2000000.00", SKELLEFTEA: "1880000.00", NORSJO: "120000.00"}

    assert (await commit(client, "3200000.00")).json()["events"] == ["CommitmentMade"]
    assert (await commit(client, "1500000.00", 25)).json()["events"] == ["CommitmentMade"]
    refused = await commit(client, "3500000.00")
    assert (refused.status_code, refused.json()["code"]) == (409, "budget-exceeded")
    assert refused.json()["details"] == {"available": "3300000.00"}
    (torget,) = [row for row in (await client.get(f"{PATH}/commitments")).json() if row["participants"] == 40]
    assert torget["per_participant"] == "80000.00"

    lowering = {"member": REGION, "share": "1900000.00", "prepared_on": "2026-02-02"}
    await post(client, f"{PATH}/lowering", lowering)
    await post(client, f"{PATH}/lowering/attestation", {"lowered_on": "2026-02-04"}, "bo")
    row = (await client.get(PATH)).json()
    assert (row["total"], row["available"]) == ("7600000.00", "2900000.00")
    assert row["shares"] == {FK: "3800000.00", REGION: "1900000.00", SKELLEFTEA: "1786000.00", NORSJO: "114000.00"}

    balances = (await client.get(f"{PATH}/balances")).json()
    assert (balances["sum"], balances["accounts"]["available"]) == ("0.00", "-2900000.00")
    entries = (await client.get(f"{PATH}/ledger")).json()
    assert {entry["decision"] for entry in entries} == {"BudgetAdopted", "CommitmentMade", "SharesLowered"}


async def test_the_year_ends_with_discharge_by_every_member(client: httpx.AsyncClient) -> None:
    await adopted(client)
    await commit(client, "3200000.00")
    (commitment,) = [row["commitment_id"] for row in (await client.get(f"{PATH}/commitments")).json()]
    received = {"voucher": "V-1", "member": FK, "amount": "4000000.00", "received_on": "2026-02-02"}
    pay = {"voucher": "V-2", "commitment_id": commitment, "amount": "3100000.00", "prepared_on": "2026-10-01"}
    steps: list[tuple[str, dict[str, Any], str]] = [
        ("contributions", received, "anna"),
        ("payments", pay, "anna"),
        ("payments/V-2/attestation", {"paid_on": "2026-10-02"}, "bo"),
        (f"commitments/{commitment}/release", {"amount": "100000.00", "prepared_on": "2026-12-01"}, "anna"),
        (f"commitments/{commitment}/release/attestation", {"released_on": "2026-12-02"}, "bo"),
        ("closing", {"closed_on": "2027-01-29"}, "anna"),
        ("annual-report", {"reported_on": "2027-04-01"}, "bo"),
        ("audit", {"recommends_discharge": True, "audited_on": "2027-04-20"}, "revisor"),
        *(
            ("discharges", {"member": member, "granted": True, "decided_on": "2027-06-08"}, "anna")
            for member in (FK, REGION, SKELLEFTEA, NORSJO)
        ),
    ]
    for path, body, actor in steps:
        answer = await post(client, f"{PATH}/{path}", body, actor)
        assert answer.status_code == 200, answer.text
    row = (await client.get(PATH)).json()
    assert (row["state"], row["spent"], row["saved_capital"]) == ("discharged", "3100000.00", "4900000.00")
    assert (row["report_due_on"], row["report_days_late"]) == ("2027-03-31", 1)
    assert (await client.get(f"{PATH}/balances")).json()["accounts"] == {
        "available": "0.00",
        "bank": "900000.00",
        f"committed/{commitment}": "0.00",
        f"receivable/{FK}": "0.00",
        f"receivable/{NORSJO}": "120000.00",
        f"receivable/{REGION}": "2000000.00",
        f"receivable/{SKELLEFTEA}": "1880000.00",
        "saved-capital": "-4900000.00",
    }
    assert {row["state"] for row in (await client.get(f"{PATH}/vouchers")).json()} == {"received", "paid"}


async def test_a_draft_says_by_when_and_members_are_data(client: httpx.AsyncClient) -> None:
    await post(client, "/budgets", DRAFT)
    row = (await client.get(PATH)).json()
    assert (row["adoption_due_on"], row["report_due_on"], row["adoption_days_late"]) == (
        "2025-11-30",
        "2027-03-31",
        None,
    )
    known = {member["code"]: member["title"] for member in (await client.get("/members")).json()}
    assert (known[SKELLEFTEA], known[NORSJO], known[FK]) == ("Skellefteå kommun", "Norsjö kommun", "Försäkringskassan")


async def test_an_agency_signs_as_the_party_that_it_is_and_the_association_registers_what_others_signed(
    client: httpx.AsyncClient,
) -> None:
    proposal = PROPOSAL | {"parties": [FK, REGION_OF_TIMRA, TIMRA], "steering_group": [], "contributions": [GIFT]}
    path = f"/insatser/{(await post(client, '/insatser', proposal)).json()['stream_id']}/signatures"

    async def signed(party: str, agency: str) -> tuple[int, str | None]:
        answer = await post(client, path, {"party": party, "signed_on": "2025-12-10"}, agency=agency)
        return answer.status_code, answer.json().get("code")

    assert await signed(TIMRA, "af") == (403, "not-the-party")
    assert await signed(FK, "region") == (403, "not-the-party")
    assert await signed(TIMRA, "socialtjanst") == (403, "not-the-party")  # a nämnd is an authority of its own
    assert await signed(FK, "fk") == (200, None)
    assert await signed(REGION_OF_TIMRA, "region") == (200, None)
    assert await signed(TIMRA, "forbund") == (200, None)


async def test_an_insats_without_signatures_gets_nothing(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    await adopted(client)
    body = {"insats_id": str(BUDGET_ID), "amount": "1.00", "participants": 1, "prepared_on": "2026-01-12"}
    assert (await post(client, f"{PATH}/commitments", body)).json()["code"] == "insats-not-agreed"


async def test_money_is_not_bound_to_an_insats_that_ended_after_it_was_prepared(client: httpx.AsyncClient) -> None:
    await adopted(client)
    insats = await agreed(client, "100.00")
    body = {"insats_id": insats, "amount": "100.00", "participants": 1, "prepared_on": "2026-01-12"}
    prepared = (await post(client, f"{PATH}/commitments", body)).json()["commitment_id"]
    assert (await post(client, f"/insatser/{insats}/end", {"last_day_on": "2026-01-13"})).status_code == 200
    attested = await post(client, f"{PATH}/commitments/{prepared}/attestation", {"decided_on": "2026-01-14"}, "bo")
    assert (attested.status_code, attested.json()["code"]) == (409, "insats-not-agreed")


async def test_only_the_association_keeps_the_budget_and_says_who_acts(client: httpx.AsyncClient) -> None:
    assert (await post(client, "/budgets", DRAFT, agency="kommun")).json()["code"] == "not-permitted"
    assert (await post(client, "/budgets", DRAFT, actor=None)).json()["code"] == "actor-missing"


async def test_what_is_no_budget_and_no_insats_is_not_found(client: httpx.AsyncClient) -> None:
    await adopted(client)
    insats = await agreed(client, "1.00")
    for path, body in (
        (f"/budgets/{insats}/closing", {"closed_on": "2027-01-29"}),
        (f"/insatser/{BUDGET_ID}/start", {"started_on": "2026-01-07"}),
        (f"/insatser/{BUDGET_ID}/proposals", PROPOSAL | {"contributions": [GIFT | {"party": SKELLEFTEA}]}),
        (f"/insatser/{CASE}/proposals", PROPOSAL | {"contributions": [GIFT | {"party": SKELLEFTEA}]}),
        (f"/insatser/{CASE}/start", {"started_on": "2026-01-07"}),
        (f"/budgets/{CASE}/closing", {"closed_on": "2027-01-29"}),
    ):
        assert (await post(client, path, body)).status_code == 404
    assert (await client.get(f"/budgets/{insats}/balances")).status_code == 404


async def test_an_insats_becomes_regular_operation(client: httpx.AsyncClient) -> None:
    insats = await agreed(client, "1.00")
    cost = {"decided_on": "2026-10-05", "regular_from": "2027-01-01", "yearly_cost": {SKELLEFTEA: "2400000.00"}}
    for path, body in (("start", {"started_on": "2026-01-07"}), ("regular-operation", cost)):
        assert (await post(client, f"/insatser/{insats}/{path}", body)).status_code == 200
    row = (await client.get(f"/insatser/{insats}")).json()
    assert (row["state"], row["yearly_cost"]) == ("regular", {SKELLEFTEA: "2400000.00"})
    assert [row["insats_id"] for row in (await client.get("/insatser")).json()] == [insats]


async def test_the_etag_of_an_insats_is_its_version_whatever_happened_last(client: httpx.AsyncClient) -> None:
    path = f"/insatser/{await agreed(client, '1.00')}"
    method = dict.fromkeys(("aim", "way_of_working", "staffing", "lessons"), "Som förut")
    described = await post(client, f"{path}/method", method | {"described_on": "2026-06-01"})
    assert (await client.get(path)).headers["etag"] == described.headers["etag"]


async def test_a_title_that_looks_like_a_person_is_not_taken_in(client: httpx.AsyncClient) -> None:
    body = {"party": "198808112380", "signed_on": "2025-12-10"}
    assert (await post(client, f"/insatser/{BUDGET_ID}/signatures", body)).status_code == 422
