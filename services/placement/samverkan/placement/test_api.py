"""Placement through HTTP, on a service without database and broker: stories 1 and 4."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any, cast
from uuid import UUID

import httpx
import pytest

from samverkan.backbone.http.build import build_http
from samverkan.backbone.settings import Settings
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.contract import check_contract
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.placement.app import build
from samverkan.schemas.catalogue import FUNDING, PARTICIPANT
from samverkan.schemas.decisions import CompensationAmended, CompensationRevoked, RevocationLifted
from samverkan.schemas.envelope import Requirement
from samverkan.schemas.funding import CompensationApproved, CompensationRefused
from samverkan.schemas.participant import ParticipantEnrolled, ParticipantReferred, Programme

CASE, COMPENSATION = UUID(int=1), UUID(int=3)
REFERRED = ParticipantReferred(
    programme=Programme.INTRODUKTIONSJOBB,
    referred_by="kommun",
    agencies_needed=("af", "kommun"),
    received_on=date(2026, 2, 2),
)
ENROLLED = ParticipantEnrolled(programme=Programme.INTRODUKTIONSJOBB, enrolled_on=date(2026, 2, 10))
PROPOSAL = {
    "case_id": str(CASE),
    "form": "introduktionsjobb",
    "starts_on": "2026-03-02",
    "ends_on": "2027-02-28",
    "extent": "1.00",
    "parties": ["participant", "employer", "af"],
    "workplace": {
        "employer_number": "212000-2395",
        "employer_name": "Timrå kommun",
        "workplace": "Ledsagarservice",
        "supervisor": "Handledare",
        "tasks": ["ledsaga"],
    },
    "terms": {"gross_per_month": "24000.00", "birth_year": 1988},
}
OPINION = {"opinion": "yes", "consulted_on": "2026-02-10"}
START = {"starts_on": "2026-03-02"}
_keys = count(1)


@pytest.fixture
def runtime() -> MemoryRuntime:
    return MemoryRuntime(build(cast("Settings", None)), datetime(2026, 2, 16, 8, 0, tzinfo=UTC))


@pytest.fixture
async def client(runtime: MemoryRuntime) -> AsyncIterator[httpx.AsyncClient]:
    app = build_http(runtime.service, runtime, Health())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://placement") as client:
        yield client


async def post(client: httpx.AsyncClient, path: str, body: Any, agency: str = "af") -> httpx.Response:
    headers = {"Idempotency-Key": f"k-{next(_keys)}", "Samverkan-Agency": agency}
    return await client.post(path, json=body, headers=headers)


async def agreed(client: httpx.AsyncClient, runtime: MemoryRuntime) -> str:
    await runtime.happened(PARTICIPANT, CASE, REFERRED, ENROLLED)
    answer = await post(client, "/placements", PROPOSAL, "kommun")
    assert answer.status_code == 201, answer.text
    placement = str(answer.headers["Location"])
    assert (await post(client, f"{placement}/union-opinion", OPINION)).status_code == 200
    for party in ("participant", "employer", "af"):
        approval = {"party": party, "approved_on": "2026-02-16"}
        assert (await post(client, f"{placement}/approvals", approval)).status_code == 200
    return placement


def id_of(placement: str) -> UUID:
    return UUID(placement.removeprefix("/placements/"))


def approved(placement: str, decided_on: date, starts_on: date = date(2026, 3, 2)) -> CompensationApproved:
    return CompensationApproved(
        case_id=CASE,
        placement_id=id_of(placement),
        form=Programme.INTRODUKTIONSJOBB,
        starts_on=starts_on,
        ends_on=date(2027, 2, 28),
        extent=Decimal("1.00"),
        decided_on=decided_on,
        attested_by="af-2",
        rule_version="introduktionsjobb-2018-05-01",
        rule_source="SFS 2018:42",
    )


def written(runtime: MemoryRuntime) -> list[str]:
    return [type(one.event).__name__ for one in runtime.written]


async def test_a_placement_is_proposed_only_for_who_is_enrolled(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await runtime.happened(PARTICIPANT, CASE, REFERRED)
    answer = await post(client, "/placements", PROPOSAL)
    assert (answer.status_code, answer.json()["code"]) == (409, "participant-not-enrolled")
    assert runtime.written == []


async def test_a_proposal_belongs_to_the_case_and_requires_the_enrolment(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await agreed(client, runtime)
    proposed = runtime.written[0].envelope
    assert proposed.requires == (Requirement(PARTICIPANT.name, CASE, 2),)
    assert {one.envelope.correlation_id for one in runtime.written} == {CASE}


async def test_story_1_starts_after_the_decision_and_ends(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    placement = await agreed(client, runtime)
    await runtime.happened(FUNDING, COMPENSATION, approved(placement, date(2026, 2, 20)))
    assert (await post(client, f"{placement}/start", START, "kommun")).json()["events"] == ["PlacementStarted"]
    end = {"last_day_on": "2027-02-28", "outcome": "job"}
    assert (await post(client, f"{placement}/end", end, "kommun")).json()["events"] == ["PlacementEnded"]
    shown = (await client.get(placement)).json()
    assert (shown["state"], shown["started_on"], shown["outcome"]) == ("ended", "2026-03-02", "job")
    assert (shown["gross_per_month"], shown["employer_number"]) == ("24000.00", "2120002395")
    assert shown["approved_by"] == ["participant", "employer", "af"]
    assert written(runtime) == [
        "PlacementProposed",
        "UnionConsulted",
        "PlacementApproved",
        "PlacementApproved",
        "PlacementApproved",
        "PlacementAgreed",
        "DecisionRecorded",
        "PlacementStarted",
        "PlacementEnded",
    ]


async def test_story_4_a_start_before_the_decision_publishes_nothing(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    placement = await agreed(client, runtime)
    await runtime.happened(FUNDING, COMPENSATION, approved(placement, date(2026, 3, 5)))
    before = written(runtime)
    answer = await post(client, f"{placement}/start", START)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "starts-before-decision")
    assert problem["details"] == {"decided_on": "2026-03-05"}
    assert "2026-03-05" in problem["detail"]
    assert written(runtime) == before
    assert (await client.get(placement)).json()["state"] == "decided"


async def test_a_refused_compensation_keeps_the_placement_from_starting(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    placement = await agreed(client, runtime)
    refused = CompensationRefused(
        case_id=CASE, placement_id=id_of(placement), decided_on=date(2026, 2, 20), code="x", attested_by="af-2"
    )
    await runtime.happened(FUNDING, COMPENSATION, refused)
    assert (await post(client, f"{placement}/start", START)).json()["code"] == "decision-refused"


async def test_a_revoked_compensation_keeps_the_placement_from_starting_until_that_is_taken_back(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    placement = await agreed(client, runtime)
    granted = approved(placement, date(2026, 2, 20))
    revoked = CompensationRevoked(
        case_id=CASE,
        placement_id=id_of(placement),
        decided_on=date(2026, 2, 25),
        prepared_by="af-1",
        attested_by="af-2",
        revoked_from=date(2026, 3, 2),
        ground="never-started",
    )
    await runtime.happened(FUNDING, COMPENSATION, granted, revoked)
    refused = (await post(client, f"{placement}/start", START)).json()
    assert (refused["code"], refused["details"]) == ("decision-revoked", {"revoked_from": "2026-03-02"})
    shown = (await client.get(placement)).json()
    assert (shown["state"], shown["granted"], shown["covered_until"]) == ("refused", True, "2026-03-01")
    lifted = RevocationLifted(case_id=CASE, placement_id=id_of(placement), lifted_on=date(2026, 2, 27))
    await runtime.happened(FUNDING, COMPENSATION, lifted)
    assert (await post(client, f"{placement}/start", START)).status_code == 200


async def test_a_shortened_compensation_starts_nothing_after_its_last_day(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    placement = await agreed(client, runtime)
    amended = CompensationAmended(
        case_id=CASE,
        placement_id=id_of(placement),
        decided_on=date(2026, 2, 25),
        prepared_by="af-1",
        attested_by="af-2",
        valid_from=date(2026, 3, 2),
        extent=Decimal("1.00"),
        ends_on=date(2026, 3, 31),
        rule_version="introduktionsjobb-2018-05-01",
    )
    await runtime.happened(FUNDING, COMPENSATION, approved(placement, date(2026, 2, 20)), amended)
    too_late = (await post(client, f"{placement}/start", {"starts_on": "2026-04-01"})).json()
    assert (too_late["code"], too_late["details"]) == ("starts-after-decision", {"ends_on": "2026-03-31"})
    assert (await post(client, f"{placement}/start", START)).status_code == 200


async def test_a_decision_on_an_unknown_placement_is_recorded_as_refused(runtime: MemoryRuntime) -> None:
    await runtime.happened(FUNDING, COMPENSATION, approved(f"/placements/{UUID(int=9)}", date(2026, 2, 20)))
    assert written(runtime) == ["PlacementReactionRefused"]


async def test_a_list_shows_no_personal_data(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    await agreed(client, runtime)
    listed = await client.get("/placements", params={"case_id": str(CASE)})
    assert [placement["state"] for placement in listed.json()] == ["agreed"]
    for of_the_person in ("24000", "1988", "Ledsagarservice", "Handledare"):
        assert of_the_person not in listed.text
    assert (await client.get("/placements", params={"case_id": str(UUID(int=9))})).json() == []


@pytest.mark.parametrize(
    ("step", "body", "agency"),
    [
        ("union-opinion", OPINION, "kommun"),
        ("approvals", {"party": "af", "approved_on": "2026-02-16"}, "forbund"),
        ("start", START, "region"),
        ("end", {"last_day_on": "2026-03-16", "outcome": "job"}, "fk"),
    ],
)
async def test_each_step_is_the_task_of_some_agencies(
    client: httpx.AsyncClient, runtime: MemoryRuntime, step: str, body: dict[str, Any], agency: str
) -> None:
    placement = await agreed(client, runtime)
    answer = await post(client, f"{placement}/{step}", body, agency)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


async def test_a_placement_that_nobody_proposed_is_not_found(client: httpx.AsyncClient) -> None:
    path = f"/placements/{UUID(int=9)}"
    for answer in (await post(client, f"{path}/start", START), await client.get(path)):
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("differently", "field"),
    [
        ({"extent": 0.5}, "body.extent"),
        ({"starts_on": 20260302}, "body.starts_on"),
        ({"form": "unknown"}, "body.form"),
        ({"terms": {"gross_per_month": 24000.5, "birth_year": 1988}}, "body.terms.gross_per_month"),
        ({"salary": "24000"}, "body.*"),
    ],
)
async def test_a_body_is_exact(client: httpx.AsyncClient, differently: dict[str, Any], field: str) -> None:
    answer = await post(client, "/placements", {**PROPOSAL, **differently})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def started(client: httpx.AsyncClient, runtime: MemoryRuntime) -> str:
    placement = await agreed(client, runtime)
    await runtime.happened(FUNDING, COMPENSATION, approved(placement, date(2026, 2, 20)))
    assert (await post(client, f"{placement}/start", START, "kommun")).status_code == 200
    return placement


async def test_a_report_gives_a_receipt_and_the_same_report_the_same_one(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    placement = await started(client, runtime)
    runtime.clock = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
    body = {"report": {"what": "absence", "first_day_on": "2026-04-20"}}
    first = await post(client, f"{placement}/reports", body, "kommun")
    assert first.status_code == 200, first.text
    runtime.clock = datetime(2026, 5, 5, 8, 0, tzinfo=UTC)
    again = await post(client, f"{placement}/reports", body, "kommun")
    assert again.json() == first.json()
    assert (first.json()["received_at"], first.json()["understood_en"]) == (
        "2026-05-04T08:00:00Z",
        "Away since 2026-04-20.",
    )
    assert "sick" not in first.text
    assert written(runtime)[-2:] == ["PlacementChangeReported", "PlacementInterrupted"]
    assert (await client.get(f"/reports/{first.json()['receipt_id']}")).json() == first.json()


async def test_reported_hours_take_effect_when_the_others_have_approved(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    placement = await started(client, runtime)
    body = {"report": {"what": "hours", "applies_from": "2026-04-01", "extent": "0.75"}}
    receipt = (await post(client, f"{placement}/reports", body, "kommun")).json()
    assert receipt["understood_sv"] == "Omfattningen är 75 % från och med 2026-04-01; övriga parter ska godkänna."
    for party, waits in (("participant", True), ("af", False)):
        assert ((await client.get(placement)).json()["change_revision"] == 2) is True
        approval = {"party": party, "approved_on": "2026-03-20", "revision": 2}
        answer = await post(client, f"{placement}/approvals", approval)
        assert ("PlacementChanged" in answer.json()["events"]) is not waits
    shown = (await client.get(placement)).json()
    assert (shown["extent"], shown["change_revision"]) == ("0.75", None)
    (change,) = (await client.get(f"{placement}/changes")).json()
    assert (change["state"], change["kinds"], change["extent"]) == ("in-force", ["hours"], "0.75")


async def test_an_agency_does_not_approve_for_another_without_a_reason(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    placement = await agreed(client, runtime)
    revised = await post(client, f"{placement}/revision", {"ends_on": "2026-12-31"}, "kommun")
    assert revised.json()["events"] == ["PlacementProposed"]
    approval = {"party": "af", "approved_on": "2026-02-17"}
    assert (await post(client, f"{placement}/approvals", approval, "kommun")).json()["code"] == "approval-of-another"
    with_reason = {**approval, "on_behalf_reason": "Enligt delegation"}
    assert (await post(client, f"{placement}/approvals", with_reason, "kommun")).status_code == 200


async def test_placements_that_follow_each_other_are_a_chain(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    first = await started(client, runtime)
    proposal = {**PROPOSAL, "follows": str(id_of(first)), "starts_on": "2026-06-01", "ends_on": "2027-02-28"}
    second = await post(client, "/placements", proposal, "kommun")
    assert second.status_code == 201, second.text
    unknown = await post(client, "/placements", {**proposal, "follows": str(UUID(int=99))}, "kommun")
    assert unknown.json()["code"] == "follows-unknown"
    chain = (await client.get(f"/cases/{CASE}/progression")).json()
    assert (chain["steps"], chain["started"]) == (2, 1)
    assert [(one["step"], one["follows"]) for one in chain["placements"]] == [(1, None), (2, str(id_of(first)))]


async def test_a_placement_does_not_start_before_the_one_that_it_follows_has_ended(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    first = await started(client, runtime)
    proposal = {**PROPOSAL, "follows": str(id_of(first)), "starts_on": "2026-06-01", "form": "nystartsjobb"}
    second = str((await post(client, "/placements", proposal, "kommun")).headers["Location"])
    for party in ("participant", "employer", "af"):
        await post(client, f"{second}/approvals", {"party": party, "approved_on": "2026-02-16"})
    await runtime.happened(FUNDING, UUID(int=4), approved(second, date(2026, 2, 20), date(2026, 6, 1)))
    start = {"starts_on": "2026-06-01"}
    assert (await post(client, f"{second}/start", start)).json()["code"] == "previous-not-ended"
    await post(client, f"{first}/end", {"last_day_on": "2026-05-31", "outcome": "job"})
    assert (await post(client, f"{second}/start", start)).json()["events"] == ["PlacementStarted"]


async def test_a_wrong_end_is_corrected_unless_the_next_placement_has_begun(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    first = await started(client, runtime)
    await post(client, f"{first}/end", {"last_day_on": "2026-05-31", "outcome": "other"})
    right = {"last_day_on": "2026-06-15", "outcome": "job"}
    assert (await post(client, f"{first}/end", right)).json()["code"] == "already-ended"
    corrected = await post(client, f"{first}/end/correction", right)
    assert corrected.json()["events"] == ["PlacementEndCorrected"]
    shown = (await client.get(first)).json()
    assert (shown["state"], shown["last_day_on"], shown["outcome"]) == ("ended", "2026-06-15", "job")
    proposal = {**PROPOSAL, "follows": str(id_of(first)), "starts_on": "2026-07-01", "form": "nystartsjobb"}
    second = str((await post(client, "/placements", proposal, "kommun")).headers["Location"])
    for party in ("participant", "employer", "af"):
        await post(client, f"{second}/approvals", {"party": party, "approved_on": "2026-02-16"})
    await runtime.happened(FUNDING, UUID(int=4), approved(second, date(2026, 2, 20), date(2026, 7, 1)))
    assert (await post(client, f"{second}/start", {"starts_on": "2026-07-01"})).status_code == 200
    too_late = await post(client, f"{first}/end/correction", {"last_day_on": "2026-07-01", "outcome": "job"})
    assert (too_late.json()["code"], too_late.json()["details"]) == ("next-started", {"starts_on": "2026-07-01"})


def test_no_answer_is_outside_the_contract(runtime: MemoryRuntime) -> None:
    assert check_contract(build_http(runtime.service, runtime, Health()), examples=5) >= 7
