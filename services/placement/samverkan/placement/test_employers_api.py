"""Employers, openings and matching through HTTP, on a service without database and broker."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.placement.test_api import (
    CASE,
    COMPENSATION,
    ENROLLED,
    PROPOSAL,
    REFERRED,
    approved,
    client,
    id_of,
    post,
    runtime,
    started,
    written,
)
from samverkan.schemas.catalogue import FUNDING, PARTICIPANT
from samverkan.schemas.event import Compartment
from samverkan.schemas.funding import ClaimCredited, CompensationApplied, CreditedAmount
from samverkan.schemas.participant import ConsentGiven, Programme
from samverkan.schemas.person import ProtectionMarked

__all__ = ["client", "runtime"]

OTHER_CASE = UUID(int=8)
EMPLOYER = {
    "organisation_number": "212000-2395",
    "name": "Timrå kommun",
    "sector": "municipal",
    "conditions": "collective-agreement",
    "pays_electronically": True,
    "registered_on": "2026-02-02",
}
NUMBER = "/employers/212000-2395"
OPENING = {
    "organisation_number": "212000-2395",
    "workplace": "Ledsagarservice",
    "supervisor": "Handledare",
    "tasks": ["ledsaga", "handla"],
    "forms": ["introduktionsjobb"],
    "municipality": "2262",
    "occupation": "5330",
    "extent_least": "0.50",
    "extent_most": "1.00",
    "available_from": "2026-03-02",
    "offers": ["quiet-room"],
}
PROFILE = {
    "shared_on": "2026-02-16",
    "forms": ["introduktionsjobb"],
    "occupations": ["5330"],
    "municipalities": ["2262"],
    "extent_most": "1.00",
    "needs": ["quiet-room"],
}


def consent(agency: str, *compartments: Compartment) -> ConsentGiven:
    return ConsentGiven(agency=agency, purpose="plan", compartments=compartments, given_on=date(2026, 2, 3))


async def opened(client: httpx.AsyncClient, runtime: MemoryRuntime, **differently: Any) -> str:
    for case in (CASE, OTHER_CASE):
        await runtime.happened(PARTICIPANT, case, REFERRED, ENROLLED)
    assert (await post(client, "/employers", EMPLOYER)).status_code in (200, 201)
    answer = await post(client, "/openings", {**OPENING, **differently})
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


async def test_an_employer_is_shown_with_its_workplaces(client: httpx.AsyncClient) -> None:
    assert (await post(client, "/employers", EMPLOYER)).status_code == 201
    site = {"workplace": "Ledsagarservice", "municipality": "2262", "supervisors": ["Handledare"]}
    assert (await post(client, f"{NUMBER}/workplaces", site)).status_code == 200
    shown = (await client.get("/employers/2120002395")).json()
    assert shown["employer"]["employer_name"] == "Timrå kommun"
    assert [site["supervisors"] for site in shown["workplaces"]] == [["Handledare"]]
    assert (await client.get("/employers/2021002114")).status_code == 404
    assert (await client.get("/employers/2120002394")).json()["code"] == "organisation-number-checksum"


async def test_eligibility_is_unknown_until_somebody_has_looked(client: httpx.AsyncClient) -> None:
    await post(client, "/employers", EMPLOYER)
    asked = {"form": "introduktionsjobb", "on": "2026-03-02"}
    assert (await client.get(f"{NUMBER}/eligibility", params=asked)).json()["eligible"] is None
    for kind in ("registration", "dismissals", "trading-prohibition", "insolvency", "unpaid-tax"):
        body = {"kind": kind, "passed": True, "checked_on": "2026-02-16"}
        anonymous = await post(client, f"{NUMBER}/checks", body)
        assert anonymous.json()["code"] == "actor-missing"
        headers = {"Idempotency-Key": kind, "Samverkan-Agency": "af", "Samverkan-Actor": "af-handlaggare-1"}
        assert (await client.post(f"{NUMBER}/checks", json=body, headers=headers)).status_code == 200
    found = (await client.get(f"{NUMBER}/eligibility", params=asked)).json()
    assert found["eligible"] is True
    assert {one["checked_by"] for one in found["criteria"]} == {None, "af-handlaggare-1"}


async def test_what_is_known_against_an_employer_keeps_a_placement_from_being_proposed(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await runtime.happened(PARTICIPANT, CASE, REFERRED, ENROLLED)
    await post(client, "/employers", {**EMPLOYER, "conditions": "neither"})
    refused = (await post(client, "/placements", PROPOSAL, "kommun")).json()
    assert (refused["code"], refused["details"]["criteria"]) == ("employer-not-eligible", "conditions")
    await post(client, "/employers", EMPLOYER)
    assert (await post(client, "/placements", PROPOSAL, "kommun")).status_code == 201
    await post(client, f"{NUMBER}/deregistration", {"deregistered_on": "2026-02-16"})
    assert (await post(client, "/placements", PROPOSAL, "kommun")).json()["code"] == "employer-deregistered"
    assert (await post(client, "/openings", OPENING)).json()["code"] == "employer-deregistered"


async def test_another_workplace_before_the_start_is_held_against_the_same_rules(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await runtime.happened(PARTICIPANT, CASE, REFERRED, ENROLLED)
    placement = str((await post(client, "/placements", PROPOSAL, "kommun")).headers["Location"])
    await post(client, "/employers", {**EMPLOYER, "conditions": "neither"})
    workplace = {**PROPOSAL["workplace"], "workplace": "Hemtjänsten"}  # type: ignore[dict-item]
    refused = await post(client, f"{placement}/revision", {"workplace": workplace}, "kommun")
    assert refused.json()["code"] == "employer-not-eligible"
    unknown = {"workplace": {**workplace, "opening_id": str(UUID(int=99))}}
    await post(client, "/employers", EMPLOYER)
    assert (await post(client, f"{placement}/revision", unknown, "kommun")).json()["code"] == "opening-unknown"
    assert (await post(client, f"{placement}/revision", {"workplace": workplace}, "kommun")).status_code == 200


async def test_an_opening_needs_a_registered_employer(client: httpx.AsyncClient) -> None:
    assert (await post(client, "/openings", OPENING)).json()["code"] == "employer-unknown"


async def test_of_two_who_fill_one_opening_one_has_it_and_may_propose(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    opening = await opened(client, runtime)
    filled = await post(client, f"{opening}/fill", {"case_id": str(CASE), "filled_on": "2026-02-16"})
    assert filled.json()["events"] == ["OpeningFilled"]
    late = await post(client, f"{opening}/fill", {"case_id": str(OTHER_CASE), "filled_on": "2026-02-16"})
    assert late.json()["code"] == "opening-not-open"
    workplace = {**PROPOSAL["workplace"], "opening_id": opening.removeprefix("/openings/")}  # type: ignore[dict-item]
    proposal = {**PROPOSAL, "workplace": workplace}
    other = await post(client, "/placements", {**proposal, "case_id": str(OTHER_CASE)}, "kommun")
    assert other.json()["code"] == "opening-not-for-participant"
    assert (await post(client, "/placements", proposal, "kommun")).status_code == 201


async def test_who_has_an_opening_is_never_in_the_open(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    opening = await opened(client, runtime)
    await post(client, f"{opening}/offer", {"case_id": str(CASE), "offered_on": "2026-02-16"})
    await post(client, f"{opening}/fill", {"case_id": str(CASE), "filled_on": "2026-02-16"})
    of_openings = [one for one in runtime.written if type(one.event).__name__.startswith("Opening")]
    for one in of_openings:
        assert one.envelope.correlation_id == one.stream_id
        assert str(CASE) not in one.event.model_copy(update={"employment": None}).model_dump_json()
    assert len(of_openings) == 3


async def test_tasks_that_were_cut_out_for_a_protected_participant_name_nobody(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await runtime.happened(PARTICIPANT, CASE, ENROLLED, ProtectionMarked(keeper="kommun", marked_on=date(2026, 2, 16)))
    opening = await opened(client, runtime, carved_for=str(CASE))
    assert str(CASE) not in runtime.written[-1].event.model_dump_json()
    assert (await client.get(opening)).json()["carved_for"] is None


async def test_matching_looks_only_at_what_is_shared_with_the_agency_that_asks(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    fitting = await opened(client, runtime)
    noisy = str((await post(client, "/openings", {**OPENING, "offers": []})).headers["Location"])
    path = f"/cases/{CASE}"
    assert (await post(client, f"{path}/matching-profile", PROFILE)).json()["events"] == ["ProfileShared"]
    as_af, as_kommun = ({"Samverkan-Agency": agency} for agency in ("af", "kommun"))
    assert (await client.get(f"{path}/matches", headers=as_af)).json()["code"] == "profile-not-shared"
    await runtime.happened(
        PARTICIPANT,
        CASE,
        consent("af", Compartment.EMPLOYMENT),
        consent("kommun", Compartment.EMPLOYMENT, Compartment.HEALTH),
    )
    seen_by_af = (await client.get(f"{path}/matches", headers=as_af)).json()
    assert seen_by_af["not_shared"] == ["health"]
    assert [one["not_met"] for one in seen_by_af["matches"]] == [0, 0]
    assert "quiet-room" not in str(seen_by_af)
    seen_by_kommun = (await client.get(f"{path}/matches", headers=as_kommun)).json()
    ids = [one["opening_id"] for one in seen_by_kommun["matches"]]
    assert ids == [path.removeprefix("/openings/") for path in (fitting, noisy)]
    assert [one["not_met"] for one in seen_by_kommun["matches"]] == [0, 1]


@pytest.mark.parametrize("agency", ["fk", "forbund", "intake"])
async def test_whose_role_may_not_see_work_gets_no_matches(
    client: httpx.AsyncClient, runtime: MemoryRuntime, agency: str
) -> None:
    await opened(client, runtime)
    await post(client, f"/cases/{CASE}/matching-profile", PROFILE)
    await runtime.happened(PARTICIPANT, CASE, consent("fk", Compartment.EMPLOYMENT))
    answer = await client.get(f"/cases/{CASE}/matches", headers={"Samverkan-Agency": agency})
    assert (answer.status_code, answer.json()["code"]) == (403, "profile-not-shared")


async def test_the_employers_page_shows_all_supports_until_when_and_what_is_next(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    placement = await started(client, runtime)
    other = str((await post(client, "/placements", PROPOSAL, "kommun")).headers["Location"])
    applied = CompensationApplied(
        case_id=CASE,
        placement_id=id_of(placement),
        form=Programme.INTRODUKTIONSJOBB,
        starts_on=date(2026, 3, 2),
        ends_on=date(2027, 2, 28),
        extent=Decimal(1),
        applied_on=date(2026, 2, 16),
    )
    credited = ClaimCredited(
        case_id=CASE,
        work_month=date(2026, 3, 1),
        credited_on=date(2026, 5, 12),
        economy=CreditedAmount(credit=Decimal("21027.20")),
    )
    await runtime.happened(FUNDING, COMPENSATION, applied, approved(placement, date(2026, 2, 20)), credited)
    page = (await client.get(f"{NUMBER}/page")).json()
    assert page["running"] == 1
    by_id = {one["placement_id"]: one for one in page["supports"]}
    running, draft = by_id[str(id_of(placement))], by_id[str(id_of(other))]
    assert (running["supported_until"], running["credited"]) == ("2027-02-28", "21027.20")
    assert (running["next"]["code"], draft["next"]["code"]) == ("runs", "union")
    assert (await client.get("/employers/202100-2114/page")).json()["supports"] == []


async def test_nothing_is_written_for_a_refusal(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    for step, body in (
        ("offer", {"case_id": str(CASE), "offered_on": "2026-02-16"}),
        ("decline", {"declined_on": "2026-02-16"}),
        ("reopening", {"reopened_on": "2026-02-16"}),
        ("withdrawal", {"withdrawn_on": "2026-02-16", "reason": "Tillsatt"}),
    ):
        assert (await post(client, f"/openings/{UUID(int=5)}/{step}", body)).status_code in (404, 409)
    assert written(runtime) == []


async def test_after_the_mark_no_workplace_and_no_name_is_published(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    placement = await started(client, runtime)
    opening = await opened(client, runtime)
    await runtime.happened(PARTICIPANT, CASE, ProtectionMarked(keeper="kommun", marked_on=date(2026, 3, 3)))
    before = len(runtime.written)
    change = {"applies_from": "2026-04-01", "extent": "0.50"}
    assert (await post(client, f"{placement}/changes", change)).status_code == 200
    for party in ("participant", "employer", "af"):
        approval = {"party": party, "approved_on": "2026-03-20"}
        assert (await post(client, f"{placement}/approvals", approval)).status_code == 200
    assert (await post(client, "/placements", PROPOSAL)).status_code == 201
    fill = {"case_id": str(CASE), "filled_on": "2026-03-20"}
    assert (await post(client, f"{opening}/fill", fill)).json()["events"] == ["OpeningFilled"]
    told = [one.event for one in runtime.written[before:]]
    assert [type(event).__name__ for event in told if "PlacementApproved" not in type(event).__name__] == [
        "PlacementChangeProposed",
        "PlacementChanged",
        "PlacementProposed",
        "OpeningFilled",
    ]
    assert all(getattr(event, "employment", None) is None for event in told)
