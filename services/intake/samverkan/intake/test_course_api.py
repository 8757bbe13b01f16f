"""A case through HTTP from referral to follow-up, and the caseworker's screen beside it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.intake.api_examples import post
from samverkan.intake.test_api import ASSESSMENT, ENROLMENT, consent, referred
from samverkan.schemas.consent import ConsentWithdrawn
from samverkan.schemas.person import IdentityChanged

SCREEN = "/participants?agency=kommun&caseworker=kommun-handlaggare-1"
ENTRY = {
    "moment": "entry",
    "recorded_on": "2026-02-10",
    "occupations": {"job-seeking": 100},
    "livelihood": {"financial-aid": 100},
}


async def accepted(client: httpx.AsyncClient, path: str, body: Any, **who: str) -> Any:
    answer = await post(client, path, body, **who)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


async def active(client: httpx.AsyncClient) -> str:
    case = await referred(client)
    for path, body in (
        ("/caseworker", {"caseworker": "kommun-handlaggare-1", "assigned_on": "2026-02-02"}),
        ("/consents", consent("kommun")),
        ("/consents", consent("af", "identity", "economy")),
        ("/assessments", ASSESSMENT),
        ("/follow-ups", ENTRY),
        ("/enrolment", ENROLMENT),
    ):
        await accepted(client, case + path, body)
    return case


async def screen(client: httpx.AsyncClient, url: str = SCREEN) -> list[Any]:
    listed: list[Any] = (await client.get(url)).json()
    return listed


async def test_the_screen_tells_the_next_step_on_whom_it_waits_and_the_days_left(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    runtime.clock = datetime(2026, 2, 9, 8, 0, tzinfo=UTC)
    case = await referred(client)
    await accepted(client, f"{case}/caseworker", {"caseworker": "kommun-handlaggare-1", "assigned_on": "2026-02-02"})
    (item,) = await screen(client)
    assert (item["case_id"], item["name"], item["as_what"]) == (
        case.removeprefix("/cases/"),
        "Test Testsson",
        "contact",
    )
    assert (item["next_step"]["code"], item["next_step"]["waits_on"]) == ("ask-for-consent", "kommun")
    assert (item["next_step"]["due_on"], item["next_step"]["days_left"]) == ("2026-02-16", 7)
    assert item["days_by_state"] == {"referred": 7}
    await accepted(
        client,
        f"{case}/consent-requests",
        {"agencies": ["kommun", "af"], "purpose": "shared-case", "asked_on": "2026-02-09", "form": {"language": "sv"}},
    )
    (item,) = await screen(client)
    assert (item["state"], item["next_step"]["waits_on"]) == ("consent-pending", "participant")


async def test_the_most_urgent_participant_comes_first(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    runtime.clock = datetime(2026, 2, 9, 8, 0, tzinfo=UTC)
    assignment = {"caseworker": "kommun-handlaggare-1", "assigned_on": "2026-02-09"}
    for person, day in (("198808112380", "2026-02-05"), ("200001052380", "2026-02-02"), ("199006022397", "2026-02-09")):
        case = await referred(client, person_number=person, received_on=day)
        await accepted(client, f"{case}/caseworker", assignment)
    assert [item["next_step"]["days_left"] for item in await screen(client)] == [7, 10, 14]


async def test_a_stand_in_has_the_case_on_the_days_of_the_period(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    case = await active(client)
    period = {"caseworker": "kommun-handlaggare-2", "from_on": "2026-07-06", "until_on": "2026-08-02"}
    await accepted(client, f"{case}/stand-ins", period)
    of_the_stand_in = SCREEN.replace("handlaggare-1", "handlaggare-2")
    for day, seen in ((5, []), (6, ["stand-in"])):
        runtime.clock = datetime(2026, 7, day, 8, 0, tzinfo=UTC)
        assert [item["as_what"] for item in await screen(client, of_the_stand_in)] == seen
    runtime.clock = datetime(2026, 8, 2, 21, 59, tzinfo=UTC)  # a minute before midnight in Sweden
    assert len(await screen(client, of_the_stand_in)) == 1
    runtime.clock = datetime(2026, 8, 2, 22, 0, tzinfo=UTC)
    assert await screen(client, of_the_stand_in) == []
    assert len(await screen(client)) == 1, "the contact has it always"


async def test_a_changed_contact_leaves_the_screen_of_the_one_before(client: httpx.AsyncClient) -> None:
    case = await active(client)
    await accepted(client, f"{case}/caseworker", {"caseworker": "kommun-handlaggare-9", "assigned_on": "2026-03-02"})
    assert await screen(client) == []
    assert len(await screen(client, SCREEN.replace("handlaggare-1", "handlaggare-9"))) == 1


async def test_who_is_in_conflict_is_refused_by_their_id(client: httpx.AsyncClient) -> None:
    case = await active(client)
    declared = {"caseworker": "kommun-handlaggare-1", "declared_on": "2026-02-11", "ground": "own-matter"}
    await accepted(client, f"{case}/conflicts", declared)
    pause = {"paused_on": "2026-03-02", "cause": "illness"}
    answer = await post(client, f"{case}/pause", pause, actor="kommun-handlaggare-1")
    assert (answer.status_code, answer.json()["code"]) == (403, "conflict-of-interest")
    nameless = await post(client, f"{case}/pause", pause)
    assert (nameless.status_code, nameless.json()["code"]) == (403, "actor-missing")
    assert await screen(client) == []
    assert (await post(client, f"{case}/pause", pause, actor="kommun-handlaggare-2")).status_code == 200


async def test_a_whole_participation_ends_with_follow_ups_that_are_missing_until_they_are_recorded(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    case = await active(client)
    await accepted(client, f"{case}/closing", {"begun_on": "2026-04-01", "planned_on": "2026-04-30"})
    await accepted(client, f"{case}/follow-ups", {**ENTRY, "moment": "exit", "recorded_on": "2026-04-30"})
    await accepted(client, f"{case}/exit", {"exited_on": "2026-04-30", "cause": "work"})
    runtime.clock = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
    course = (await client.get(f"{case}/course")).json()
    assert (course["state"], course["missing_follow_ups"]) == ("closed", ["six-months"])
    assert (course["next_step"]["code"], course["next_step"]["days_left"]) == ("follow-up-six-months", 29)
    assert course["contacts_missing"] == ["af"]
    assert course["days_by_state"]["active"] == 50
    await accepted(client, f"{case}/follow-ups", {**ENTRY, "moment": "six-months", "recorded_on": "2026-10-31"})
    course = (await client.get(f"{case}/course")).json()
    assert (course["missing_follow_ups"], course["next_step"]["code"]) == ([], "follow-up-twelve-months")
    assert course["follow_ups"][-1]["economy"]["sources"] == {"financial-aid": 100}


async def test_the_history_of_a_consent_tells_when_it_was_given_and_withdrawn(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    case = await active(client)
    await accepted(client, f"{case}/consents/withdrawal", {"agency": "af", "withdrawn_on": "2026-04-10"})
    assert isinstance(runtime.written[-1].event, ConsentWithdrawn)
    kommun, af = (await client.get(f"{case}/consents")).json()
    assert (kommun["agency"], kommun["withdrawn"]) == ("kommun", {})
    assert af["withdrawn"] == {"economy": "2026-04-10", "identity": "2026-04-10"}
    assert (af["given_on"], af["legal_basis"], af["recorded_for"]) == ("2026-02-03", "OSL 10:1, 12:2", "kommun")
    assert (await client.get(case)).json()["agencies_consented"] == ["kommun"]


async def test_a_personnummer_in_place_of_a_samordningsnummer_finds_the_same_case(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    case = await referred(client, person_number="202201612393")
    change = {"person_number": "199001012385", "changed_on": "2026-05-04"}
    assert (await accepted(client, f"{case}/identity", change))["events"] == ["IdentityChanged"]
    assert await referred(client, person_number="199001012385", referred_by="af") == case
    assert (await client.get(case)).json()["person_number"] == "199001012385"
    changed = next(one for one in runtime.written if isinstance(one.event, IdentityChanged))
    assert runtime.service.blind_index is not None
    index = runtime.service.blind_index(changed)
    assert index is not None and runtime.blind_indexes[index.kind, index.digest] == UUID(case.removeprefix("/cases/"))


async def test_a_number_that_has_a_case_already_tells_which_and_changes_neither(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    other = await referred(client, person_number="199001012385")
    case = await referred(client, person_number="202201612393")
    written = len(runtime.written)
    change = {"person_number": "199001012385", "changed_on": "2026-05-04", "name": "Någon Annan"}
    answer = await post(client, f"{case}/identity", change)
    assert (answer.status_code, answer.json()["code"]) == (409, "person-has-another-case")
    assert answer.json()["details"]["case_id"] == other.removeprefix("/cases/")
    assert len(runtime.written) == written


async def test_the_screen_shows_an_agency_what_it_is_consented_to(client: httpx.AsyncClient) -> None:
    case = await active(client)
    for agency, name in (("af", "Test Testsson"), ("fk", None)):
        contact = {"caseworker": f"{agency}-one", "assigned_on": "2026-02-10"}
        await accepted(client, f"{case}/caseworker", contact, agency=agency)
        (item,) = await screen(client, f"/participants?agency={agency}&caseworker={agency}-one")
        assert (item["name"], item["language"]) == (name, None)


async def test_protected_data_stay_with_the_agency_that_marked_them(client: httpx.AsyncClient) -> None:
    case = await active(client)
    await accepted(client, f"{case}/caseworker", {"caseworker": "af-1", "assigned_on": "2026-02-10"}, agency="af")
    await accepted(client, f"{case}/protection", {"kind": "confidentiality-mark", "marked_on": "2026-05-04"})
    (own,) = await screen(client)
    (afs,) = await screen(client, "/participants?agency=af&caseworker=af-1")
    assert (own["protected"], own["name"]) == (True, "Test Testsson")
    assert (afs["protected"], afs["name"], afs["language"]) == (True, None, None)
    answer = await post(client, f"{case}/protection/lift", {"lifted_on": "2026-06-01"}, agency="af")
    assert (answer.status_code, answer.json()["code"]) == (403, "not-the-keeper")
    flagged = await post(client, f"{case}/protection", {"kind": "fictitious-data", "marked_on": "2026-05-04"})
    assert flagged.json()["code"] == "protection-not-flagged"


async def test_who_takes_part_without_a_name_is_only_counted(client: httpx.AsyncClient) -> None:
    body = {"programme": "arbetsmarknadstorget", "registration_year": 2026, "sex": "female"}
    answer = await post(client, "/anonymous-participations", body)
    assert (answer.status_code, answer.json()["events"]) == (201, ["AnonymousParticipationCounted"])
    await accepted(client, "/anonymous-participations", {**body, "sex": "male"})
    case = await referred(client)
    await accepted(client, f"{case}/anonymity", {"programme": "introduktionsjobb"})
    shown = (await client.get(case)).json()
    assert (shown["state"], shown["person_number"], shown["name"], shown["telephone"]) == (
        "anonymous",
        None,
        None,
        None,
    )
    assert shown["referrals"][0]["reason"] is None
    assert (await client.get("/person-counts")).json() == [
        {"counted": "participation/2026/arbetsmarknadstorget", "women": 1, "men": 1},
        {"counted": "participation/2026/introduktionsjobb", "women": 1, "men": 0},
    ]


async def test_another_municipality_takes_over_and_needs_consents_of_its_own(client: httpx.AsyncClient) -> None:
    case = await active(client)
    to = {"to_agency": "kommun-sundsvall", "transferred_on": "2026-03-02"}
    for agency, code in (("af", "not-permitted"), ("kommun-sundsvall", "not-in-charge")):
        answer = await post(client, f"{case}/transfer", to, agency=agency)
        assert (answer.status_code, answer.json()["code"]) == (403, code)
    await accepted(client, f"{case}/transfer", to)
    assert (await client.get(f"{case}/course")).json()["municipality"] == "kommun-sundsvall"
    assert (await client.get(case)).json()["agencies_consented"] == ["af"]


async def test_after_a_transfer_nothing_waits_for_the_municipality_that_was_left(client: httpx.AsyncClient) -> None:
    case = await referred(client)
    for agency in ("kommun", "af"):
        await accepted(client, f"{case}/consents", consent(agency))
    await accepted(client, f"{case}/transfer", {"to_agency": "kommun-sundsvall", "transferred_on": "2026-02-04"})
    course = (await client.get(f"{case}/course")).json()
    assert (course["next_step"]["code"], course["contacts_missing"]) == ("ask-for-consent", ["af", "kommun-sundsvall"])
    new = {**consent("kommun-sundsvall"), "given_on": "2026-02-05"}
    await accepted(client, f"{case}/consents", new, agency="kommun-sundsvall")
    assert (await client.get(f"{case}/course")).json()["next_step"]["code"] == "take-assessment"


async def test_a_reopened_case_asks_for_consent_anew_and_judges_by_its_new_referral(client: httpx.AsyncClient) -> None:
    case = await active(client)
    await accepted(client, f"{case}/closing", {"begun_on": "2026-04-01", "planned_on": "2026-04-30"})
    await accepted(client, f"{case}/follow-ups", {**ENTRY, "moment": "exit", "recorded_on": "2026-04-30"})
    await accepted(client, f"{case}/exit", {"exited_on": "2026-04-30", "cause": "work"})
    again = {"programme": "arbetspraktik", "agencies_needed": ["af"], "received_on": "2027-09-01"}
    assert await referred(client, **again) == case
    shown = (await client.get(case)).json()
    assert (shown["programme"], shown["received_on"], shown["enrolled_on"]) == ("arbetspraktik", "2027-09-01", None)
    assert shown["agencies_needed"] == ["af"]
    assert (await client.get(f"{case}/course")).json()["next_step"]["code"] == "ask-for-consent"
    (young,) = (await client.get(f"{case}/eligibility?programme=introduktionsjobb&on=2027-09-01")).json()
    assert "age on the day of referral: 39" in young["criteria"][0]["evidence"]
    await accepted(client, f"{case}/consents", {**consent("af"), "given_on": "2027-09-03"})
    assert (await client.get(f"{case}/course")).json()["next_step"]["code"] == "take-assessment"


@pytest.mark.parametrize("registration", ["AME 2026/17", "KS-2026/00123", "SN 2026:7"])
async def test_a_diarienummer_is_each_agency_s_own(client: httpx.AsyncClient, registration: str) -> None:
    case = await referred(client)
    await accepted(client, f"{case}/registration", {"registration": registration, "registered_on": "2026-02-02"})
    assert (await client.get(f"{case}/course")).json()["registrations"] == {"kommun": registration}
    for wrong in ("198808112380", "AME 19880811-2380"):
        answer = await post(client, f"{case}/registration", {"registration": wrong, "registered_on": "2026-02-02"})
        assert answer.status_code == 422


async def test_eligibility_is_asked_without_enrolling(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    """The person of story 1, 37 years: one programme says yes, one no for the age, and one does not know yet."""
    case = await referred(client)
    written = len(runtime.written)
    answers = (await client.get(f"{case}/eligibility?in_job_programme=true&on=2026-02-10")).json()
    said = {one["programme"]: one for one in answers}
    assert (said["introduktionsjobb"]["finding"], said["arbetsmarknadstorget"]["finding"]) == ("met", "not-met")
    age = next(one for one in said["arbetsmarknadstorget"]["criteria"] if one["criterion"] == "age-16-29")
    assert (age["finding"], age["evidence"]) == ("not-met", "age on the day of referral: 37")
    (unknown,) = (await client.get(f"{case}/eligibility?programme=introduktionsjobb&on=2026-02-10")).json()
    assert (unknown["finding"], unknown["criteria"][0]["finding"]) == ("unknown", "unknown")
    (unruled,) = (await client.get(f"{case}/eligibility?programme=introduktionsjobb&on=2017-02-10")).json()
    assert (unruled["finding"], unruled["criteria"]) == ("unknown", [])
    assert len(runtime.written) == written
