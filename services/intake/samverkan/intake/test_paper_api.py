"""The papers of a case through HTTP: made, fetched, made again."""

import hashlib
import io
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.intake.api_examples import post
from samverkan.schemas.paper import CasePaperMade
from samverkan.schemas.participant import ConsentGiven

REFERRAL = {
    "person_number": "198808112380",
    "name": "Åsa Örn",
    "programme": "introduktionsjobb",
    "referred_by": "kommun",
    "agencies_needed": ["kommun", "af"],
    "received_on": "2026-02-02",
}
FORM = {"agency": "af", "purpose": "shared-case", "compartments": ["identity", "health"]}


async def referred(client: httpx.AsyncClient, **differently: Any) -> str:
    answer = await post(client, "/referrals", {**REFERRAL, **differently})
    return f"/cases/{answer.json()['stream_id']}"


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


async def test_a_consent_is_made_and_its_hash_is_that_of_the_bytes_and_of_the_event(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    case = await referred(client)
    answer = await post(client, f"{case}/papers/consent", FORM)
    assert answer.status_code == 200, answer.text
    made = answer.json()
    fetched = await client.get(f"/papers/{made['paper_sha256']}")
    assert fetched.headers["Content-Type"] == "application/pdf"
    assert fetched.headers["ETag"] == f'"{made["paper_sha256"]}"'
    assert hashlib.sha256(fetched.content).hexdigest() == made["paper_sha256"]
    event = runtime.written[-1].event
    assert isinstance(event, CasePaperMade)
    assert (event.paper_sha256, event.template, event.template_version) == (made["paper_sha256"], "consent", 2)
    for expected in ("Åsa Örn", "19880811-2380", "Arbetsförmedlingen", "10 kap. 1 §", "Timrå kommun"):
        assert expected in text_of(fetched.content).replace("\xa0", " ")


async def test_nothing_of_the_paper_stands_in_the_open(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    case = await referred(client)
    await post(client, f"{case}/papers/consent", {**FORM, "edition": "sv-lattlast"})
    event = runtime.written[-1].event
    assert isinstance(event, CasePaperMade)
    open_fields = event.model_dump_json(exclude={"identity"}, exclude_none=True)
    for hidden in ("lattlast", "Åsa", "8808", "health"):
        assert hidden not in open_fields
    swedish = (await post(client, f"{case}/papers/consent", FORM)).json()
    assert swedish["stream_id"] == str(runtime.written[-2].stream_id), "an id that tells the edition can be guessed"
    assert (await client.get("/papers")).text.count("lattlast") == 0


@pytest.mark.parametrize(
    ("edition", "title"),
    [
        ("sv", "Samtycke till att uppgifter lämnas"),
        ("sv-lattlast", "Jag säger ja till att ni delar uppgifter"),
        ("en", "Consent to the sharing of information"),
    ],
)
async def test_each_edition_is_a_paper_of_its_own(client: httpx.AsyncClient, edition: str, title: str) -> None:
    case = await referred(client)
    made = (await post(client, f"{case}/papers/consent", {**FORM, "edition": edition})).json()
    assert title in text_of((await client.get(f"/papers/{made['paper_sha256']}")).content)


async def test_asking_again_on_a_later_day_gives_the_same_paper(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    case = await referred(client)
    first = (await post(client, f"{case}/papers/consent", FORM)).json()
    runtime.clock = datetime(2026, 2, 11, 8, 0, tzinfo=UTC)
    again = (await post(client, f"{case}/papers/consent", FORM)).json()
    assert (again["paper_sha256"], again["events"]) == (first["paper_sha256"], [])
    await referred(client, name="Åsa Ek")
    other = (await post(client, f"{case}/papers/consent", FORM)).json()
    assert other["paper_sha256"] != first["paper_sha256"] and other["version"] == 2
    assert "Åsa Örn" in text_of((await client.get(f"/papers/{first['paper_sha256']}")).content)


async def test_the_same_key_is_answered_with_the_paper_of_that_time(client: httpx.AsyncClient) -> None:
    case = await referred(client)
    first = (await post(client, f"{case}/papers/consent", FORM, key="one")).json()
    await referred(client, name="Åsa Ek")
    await post(client, f"{case}/papers/consent", FORM)
    again = (await post(client, f"{case}/papers/consent", FORM, key="one")).json()
    assert again == {**first, "repeated": True}


async def test_two_persons_with_the_same_words_have_papers_of_their_own(client: httpx.AsyncClient) -> None:
    case = await referred(client)
    one = (await post(client, f"{case}/papers/consent", FORM)).json()
    other = (await post(client, f"{case}/papers/consent", {**FORM, "insats": "introduktionsjobb"})).json()
    assert one["stream_id"] != other["stream_id"]
    listed = (await client.get("/papers", params={"case_id": case.removeprefix("/cases/")})).json()
    assert {paper["paper_sha256"] for paper in listed} == {one["paper_sha256"], other["paper_sha256"]}


async def test_who_has_the_paper_already_is_told_so(client: httpx.AsyncClient) -> None:
    case = await referred(client)
    sha256 = (await post(client, f"{case}/papers/consent", FORM)).json()["paper_sha256"]
    answer = await client.get(f"/papers/{sha256}", headers={"If-None-Match": f'"{sha256}"'})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    ("differently", "code"),
    [
        ({"agency": "region", "compartments": ["economy"]}, "consent-beyond-role"),
        ({"agency": "nobody"}, "agency-unknown"),
    ],
)
async def test_a_form_that_promises_what_law_forbids_is_not_made(
    client: httpx.AsyncClient, runtime: MemoryRuntime, differently: dict[str, Any], code: str
) -> None:
    case = await referred(client)
    answer = await post(client, f"{case}/papers/consent", {**FORM, **differently})
    assert answer.json()["code"] == code
    assert len(runtime.written) == 1


async def test_a_consent_without_a_name_is_not_made(client: httpx.AsyncClient) -> None:
    case = await referred(client, name=None)
    answer = await post(client, f"{case}/papers/consent", FORM)
    assert (answer.status_code, answer.json()["code"]) == (409, "paper-incomplete")
    assert answer.json()["details"] == {"fields": "name"}


async def test_a_masked_core_leaves_no_paper(client: httpx.AsyncClient) -> None:
    case = await referred(client)
    sha256 = (await post(client, f"{case}/papers/consent", FORM)).json()["paper_sha256"]
    answer = await client.get(f"/papers/{sha256}", params={"mask": "identity"})
    assert (answer.status_code, answer.json()["code"]) == (403, "paper-withheld")


async def test_the_coordination_association_makes_no_papers(client: httpx.AsyncClient) -> None:
    case = await referred(client)
    answer = await post(client, f"{case}/papers/consent", FORM, agency="forbund")
    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


PLAN = {
    "written_on": "2026-02-05",
    "goals": {"work": ["Arbeta halvtid på ett bibliotek"], "health": ["Orka en hel förmiddag"]},
    "activities": [
        {"responsible": "af", "due_on": "2026-03-01", "words": {"work": ["Hitta en *lugn* plats"]}},
        {"responsible": "participant", "due_on": "2026-04-01", "words": {"health": ["Prova en timme åt gången"]}},
    ],
    "parties": ["participant", "kommun", "af"],
}


async def test_a_plan_is_made_to_be_signed_and_again_as_it_is_signed(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    case = await referred(client)
    assert (await post(client, f"{case}/papers/plan", None)).json()["code"] == "plan-unknown"
    written = await post(client, f"{case}/plan", PLAN)
    assert written.status_code in {200, 201}, written.text
    made = (await post(client, f"{case}/papers/plan", None)).json()
    text = " ".join(text_of((await client.get(f"/papers/{made['paper_sha256']}")).content).replace("\xa0", " ").split())
    for expected in (
        "Åsa Örn",
        "Arbeta halvtid på ett bibliotek",
        "Orka en hel förmiddag",
        "1 Hitta en *lugn* plats Arbetsförmedlingen 1 mars 2026 Pågår",
        "2 Prova en timme åt gången Deltagaren 1 april 2026 Pågår",
        "Gäller när alla har skrivit under",
    ):
        assert expected in text, expected
    event = runtime.written[-1].event
    assert isinstance(event, CasePaperMade)
    assert event.health is not None and event.employment is not None
    assert "förmiddag" not in str(event.employment.fields), "health has a compartment of its own"
    signature = {"party": "af", "revision": 1, "signed_on": "2026-02-06"}
    signed = await post(client, f"{case}/plan/signatures", signature, "af")
    assert signed.status_code == 200, signed.text
    again = (await post(client, f"{case}/papers/plan", None)).json()
    assert again["paper_sha256"] != made["paper_sha256"]
    assert "Arbetsförmedlingen 6 februari 2026" in text_of(
        (await client.get(f"/papers/{again['paper_sha256']}")).content
    ).replace("\xa0", " ").replace("\n", " ")


async def test_a_plan_without_health_can_be_given_out(client: httpx.AsyncClient) -> None:
    case = await referred(client)
    await post(client, f"{case}/plan", PLAN)
    sha256 = (await post(client, f"{case}/papers/plan", None)).json()["paper_sha256"]
    text = text_of((await client.get(f"/papers/{sha256}", params={"mask": "health"})).content)
    assert "förmiddag" not in text and "en timme" not in text
    assert "bibliotek" in text and "[uppgiften lämnas inte ut]" in text and "kopia" in text


async def test_a_consent_names_the_form_that_was_signed(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    case = await referred(client)
    sha256 = (await post(client, f"{case}/papers/consent", FORM)).json()["paper_sha256"]
    given = {**FORM, "given_on": "2026-02-10", "paper_sha256": sha256}
    for differently in ({"compartments": ["identity"]}, {"agency": "kommun"}, {"paper_sha256": "0" * 64}):
        refused = await post(client, f"{case}/consents", {**given, **differently})
        assert refused.json()["code"] == "paper-of-another-consent", refused.text
    answer = await post(client, f"{case}/consents", given)
    assert answer.status_code == 200, answer.text
    event = runtime.written[-1].event
    assert isinstance(event, ConsentGiven) and event.paper_sha256 == sha256


async def test_a_paper_carries_the_diarienummer_of_who_makes_it(client: httpx.AsyncClient) -> None:
    case = await referred(client)
    registered = {"registration": "AMN 2026/17", "registered_on": "2026-02-02"}
    answer = await post(client, f"{case}/registration", registered)
    assert answer.status_code == 200, answer.text
    sha256 = (await post(client, f"{case}/papers/consent", FORM)).json()["paper_sha256"]
    text = text_of((await client.get(f"/papers/{sha256}")).content)
    assert "Diarienummer: AMN 2026/17" in text.replace("\xa0", " ")


async def test_a_caseworker_with_a_conflict_of_interest_makes_no_paper(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    case = await referred(client)
    declared = {"caseworker": "kommun-1", "declared_on": "2026-02-09", "ground": "other"}
    assert (await post(client, f"{case}/conflicts", declared)).status_code == 200
    written = len(runtime.written)
    assert (await post(client, f"{case}/papers/consent", FORM)).json()["code"] == "actor-missing"
    answer = await post(client, f"{case}/papers/consent", FORM, actor="kommun-1")
    assert (answer.status_code, answer.json()["code"]) == (403, "conflict-of-interest")
    assert len(runtime.written) == written
