"""Intake through HTTP, on a service without database and broker: the persons of stories 1 and 3."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from samverkan.backbone.http.build import build_http
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.contract import check_contract
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.intake.api_examples import post
from samverkan.schemas.catalogue import PLACEMENT
from samverkan.schemas.participant import ConsentGiven, ParticipantReferred, ReferralRepeated
from samverkan.schemas.placement import Outcome, PlacementEnded, PlacementStarted

REFERRAL = {
    "person_number": "19880811-2380",
    "name": "Test Testsson",
    "programme": "introduktionsjobb",
    "referred_by": "kommun",
    "agencies_needed": ["kommun", "af"],
    "received_on": "2026-02-02",
    "contact": {"language": "sv", "telephone": "060-12 34 56"},
    "reason": "Behöver stöd i vardagen",
}
SCORES = {"structure-of-day": 2, "health": 3, "social-network": 3, "skills-and-language": 4, "readiness-to-work": 2}
ASSESSMENT = {"assessed_on": "2026-02-03", "scores": SCORES}
ENROLMENT = {"programme": "introduktionsjobb", "enrolled_on": "2026-02-10", "in_job_programme": True}
PLACEMENT_ID = UUID(int=2)


def consent(agency: str, *compartments: str) -> dict[str, Any]:
    chosen = list(compartments) or ["identity"]
    return {"agency": agency, "purpose": "shared-case", "compartments": chosen, "given_on": "2026-02-03"}


async def referred(client: httpx.AsyncClient, **differently: Any) -> str:
    answer = await post(client, "/referrals", {**REFERRAL, **differently})
    assert answer.status_code in {200, 201}, answer.text
    return f"/cases/{answer.json()['stream_id']}"


async def enrolled(client: httpx.AsyncClient) -> str:
    case = await referred(client)
    for path, body in (
        ("/consents", consent("kommun")),
        ("/consents", consent("af", "identity", "economy")),
        ("/assessments", ASSESSMENT),
        ("/enrolment", ENROLMENT),
    ):
        answer = await post(client, case + path, body)
        assert answer.status_code == 200, answer.text
    return case


async def test_a_referral_opens_a_case_and_says_where_it_is(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    answer = await post(client, "/referrals", REFERRAL)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/cases/{answer.json()['stream_id']}"
    (written,) = runtime.written
    assert isinstance(written.event, ParticipantReferred)
    assert written.event.identity is not None
    assert written.event.identity.person_number == "198808112380"
    assert written.envelope.correlation_id == written.stream_id


async def test_the_same_person_has_one_case(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    case = await referred(client)
    again = await post(client, "/referrals", {**REFERRAL, "person_number": "198808112380"})
    assert (again.status_code, again.json()["events"]) == (200, [])
    assert await referred(client, referred_by="af") == case
    assert [type(one.event) for one in runtime.written] == [ParticipantReferred, ReferralRepeated]
    assert await referred(client, person_number="200001052380") != case


@pytest.mark.parametrize(
    ("person_number", "code"),
    [
        ("8808112380", "person-number-format"),
        ("178808112380", "person-number-century"),
        ("198813112380", "person-number-date"),
        ("198808112381", "person-number-checksum"),
    ],
)
async def test_a_wrong_personnummer_is_refused_and_not_repeated(
    client: httpx.AsyncClient, runtime: MemoryRuntime, person_number: str, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await post(client, "/referrals", {**REFERRAL, "person_number": person_number})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert person_number not in answer.text + caplog.text
    assert runtime.written == []


async def test_a_malformed_referral_does_not_repeat_what_was_sent(client: httpx.AsyncClient) -> None:
    answer = await post(client, "/referrals", {**REFERRAL, "198808112380": "x", "received_on": "198808112380"})
    assert answer.status_code == 422
    assert "8808" not in answer.text


async def test_timra_from_referral_to_enrolment(client: httpx.AsyncClient) -> None:
    case = await enrolled(client)
    shown = (await client.get(case)).json()
    assert (shown["state"], shown["enrolled_on"], shown["version"]) == ("active", "2026-02-10", 5)
    assert (shown["person_number"], shown["name"], shown["language"]) == ("198808112380", "Test Testsson", "sv")
    assert shown["agencies_consented"] == ["af", "kommun"]
    assert shown["consents"][1]["compartments"] == ["economy", "identity"]
    assert shown["assessments"][0]["scores"] == SCORES
    assert shown["enrolments"][0]["criteria"][0]["finding"] == "met"
    assert shown["referrals"][0]["reason"] == "Behöver stöd i vardagen"


async def test_enrolment_without_consent_names_the_agencies_in_both_languages(client: httpx.AsyncClient) -> None:
    case = await referred(client)
    await post(client, f"{case}/assessments", ASSESSMENT)
    answer = await post(client, f"{case}/enrolment", ENROLMENT)
    assert (answer.status_code, answer.json()["code"]) == (409, "consent-missing")
    assert "af, kommun" in answer.json()["detail"]


async def test_a_case_that_nobody_opened_is_not_found(client: httpx.AsyncClient) -> None:
    path = f"/cases/{UUID(int=9)}"
    for answer in (await post(client, f"{path}/consents", consent("af")), await client.get(path)):
        assert answer.status_code == 404


async def test_a_list_shows_no_personal_data(client: httpx.AsyncClient) -> None:
    await enrolled(client)
    listed = await client.get("/cases")
    assert [case["state"] for case in listed.json()] == ["active"]
    for of_the_person in ("8808", "Testsson", "060", "Behöver"):
        assert of_the_person not in listed.text


async def test_a_placement_that_started_and_ended_is_noted(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    case = await enrolled(client)
    case_id = UUID(case.removeprefix("/cases/"))
    await runtime.happened(
        PLACEMENT,
        PLACEMENT_ID,
        PlacementStarted(case_id=case_id, starts_on=date(2026, 3, 2)),
        PlacementEnded(case_id=case_id, last_day_on=date(2026, 3, 16), outcome=Outcome.JOB),
    )
    shown = (await client.get(case)).json()
    assert (shown["placements_started"], shown["placements_ended"]) == (1, 1)


async def test_a_placement_of_an_unknown_case_is_recorded_as_refused(runtime: MemoryRuntime) -> None:
    await runtime.happened(PLACEMENT, PLACEMENT_ID, PlacementStarted(case_id=UUID(int=9), starts_on=date(2026, 3, 2)))
    assert [type(one.event).__name__ for one in runtime.written] == ["CaseReactionRefused"]
    assert runtime.folding.rows["participant_case"] == {}


async def test_the_coordination_association_gives_no_commands(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    case = await referred(client)
    for path, body in (
        ("/referrals", REFERRAL),
        (f"{case}/consents", consent("af")),
        (f"{case}/assessments", ASSESSMENT),
        (f"{case}/enrolment", ENROLMENT),
    ):
        answer = await post(client, path, body, agency="forbund")
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")
    assert len(runtime.written) == 1


async def test_consent_is_written_with_who_recorded_it(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    case = await referred(client)
    await post(client, f"{case}/consents", consent("fk", "identity"), agency="region")
    event = runtime.written[-1]
    assert isinstance(event.event, ConsentGiven)
    assert (event.event.agency, event.envelope.agency) == ("fk", "region")


def test_no_answer_is_outside_the_contract(runtime: MemoryRuntime) -> None:
    assert check_contract(build_http(runtime.service, runtime, Health()), examples=3) >= 6
