"""The decision as a paper: story 1 to the öre, a refusal, and a person who is not told."""

import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from samverkan.backbone.http.build import build_http
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.backbone.testing.unwired import unwired
from samverkan.funding.app import build
from samverkan.funding.compensation.compensation import compensation_id
from samverkan.funding.compensation.examples import CASE, PLACEMENT
from samverkan.funding.settings import FundingSettings
from samverkan.funding.test_views import AGREED, PROPOSED
from samverkan.schemas.casework import CaseRegistered
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.catalogue import PLACEMENT as PLACEMENT_TOPIC
from samverkan.schemas.event import Event
from samverkan.schemas.paper import CompensationPaperMade
from samverkan.schemas.participant import Identity, ParticipantReferred, Programme
from samverkan.schemas.person import ProtectionMarked
from samverkan.schemas.placement import PlacementAgreed, Workplace

PATH = f"/compensations/{compensation_id(PLACEMENT)}"
WORKPLACE = Workplace(
    employer_number="2120002395", employer_name="Timrå kommun", workplace="Ledsagarservice", supervisor="Handledare"
)
REFERRED = ParticipantReferred(
    programme=Programme.INTRODUKTIONSJOBB,
    referred_by="kommun",
    agencies_needed=("af", "kommun"),
    received_on=date(2026, 2, 2),
    identity=Identity(person_number="198808112380", name="Åsa Örn"),
)
_keys = count(1)


@pytest.fixture
def runtime() -> MemoryRuntime:
    return MemoryRuntime(build(unwired(FundingSettings)), datetime(2026, 2, 20, 8, 0, tzinfo=UTC))


@pytest.fixture
async def client(runtime: MemoryRuntime) -> AsyncIterator[httpx.AsyncClient]:
    app = build_http(runtime.service, runtime, Health())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://funding") as client:
        yield client


async def post(client: httpx.AsyncClient, path: str, body: Any = None, actor: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": f"k-{next(_keys)}", "Samverkan-Agency": "af"}
    if actor is not None:
        headers["Samverkan-Actor"] = actor
    return await client.post(path, json=body, headers=headers)


async def checked(client: httpx.AsyncClient, runtime: MemoryRuntime, *told: Event) -> None:
    await runtime.happened(PARTICIPANT, CASE, *(told or (REFERRED,)))
    assert isinstance(AGREED, PlacementAgreed)
    await runtime.happened(PLACEMENT_TOPIC, PLACEMENT, PROPOSED, AGREED.model_copy(update={"employment": WORKPLACE}))
    await post(client, "/compensations", {"placement_id": str(PLACEMENT), "applied_on": "2026-02-16"})
    answer = await post(client, f"{PATH}/check", {"checked_on": "2026-02-18"}, actor="af-1")
    assert answer.status_code == 200, answer.text


async def decision(client: httpx.AsyncClient) -> str:
    made = await post(client, f"{PATH}/papers/decision")
    assert made.status_code == 200, made.text
    fetched = await client.get(f"/papers/{made.json()['paper_sha256']}")
    assert hashlib.sha256(fetched.content).hexdigest() == made.json()["paper_sha256"]
    pages = PdfReader(io.BytesIO(fetched.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\xa0", " ").split())


async def test_timra_is_granted_to_the_ore_with_its_rule_and_how_to_have_it_reviewed(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await checked(client, runtime)
    await post(client, f"{PATH}/approve", {"decided_on": "2026-02-20"}, actor="af-2")
    text = await decision(client)
    for expected in (
        "24 000,00 kr",
        "31 540,80 kr",
        "21 027,20 kr",
        "10 513,60 kr",
        "252 326,40 kr",
        "introduktionsjobb/2026-01-01",
        "SFS 2018:42",
        "Timrå kommun, organisationsnummer 212000-2395",
        "Åsa Örn, 19880811-2380",
        "2 mars 2026 – 28 februari 2027",
        "100 % av heltid",
        "inom tre veckor",
        "Arbetsförmedlingen, 113 99 Stockholm",
        "Beslutet får inte överklagas till domstol, inte heller efter omprövningen (41 § förordningen (2018:42)",
        "omgående anmäla till Arbetsförmedlingen",
        "krediteras ert skattekonto senast den 12",
        "af-2, Arbetsförmedlingen",
        "af-1, 18 februari 2026",
        "Kreditering:",
    ):
        assert expected in text, expected
    event = runtime.written[-1].event
    assert isinstance(event, CompensationPaperMade)
    assert event.economy is not None and event.economy.fields["credit_per_month"] == "21027.20"


async def test_the_letter_is_in_swedish_throughout_the_remark_of_the_rule_too(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await checked(client, runtime)
    await post(client, f"{PATH}/approve", {"decided_on": "2026-02-20"}, actor="af-2")
    text = await decision(client)
    assert "Anmärkning: Stödet lämnas aldrig för tid efter utgången av det år då den anställde når riktåldern" in text
    assert "nobody" not in text


async def two_decide(client: httpx.AsyncClient, path: str, **prepared: str) -> None:
    for answer in (
        await post(client, path, {"prepared_on": "2026-05-04", **prepared}, actor="af-1"),
        await post(client, f"{path}/attest", {"decided_on": "2026-05-06"}, actor="af-2"),
    ):
        assert answer.status_code == 200, answer.text


async def test_the_letter_of_a_decision_says_what_was_decided_then_also_when_it_was_revoked_since(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await checked(client, runtime)
    await post(client, f"{PATH}/approve", {"decided_on": "2026-02-20"}, actor="af-2")
    before = await decision(client)
    await two_decide(client, f"{PATH}/revocation", revoked_from="2026-03-02", ground="never-started")
    assert await decision(client) == before


async def test_the_letter_of_a_decision_says_what_was_decided_then_also_when_it_was_amended_since(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await checked(client, runtime)
    await post(client, f"{PATH}/approve", {"decided_on": "2026-02-20"}, actor="af-2")
    before = await decision(client)
    await two_decide(client, f"{PATH}/amendment", valid_from="2026-06-01", ends_on="2026-08-31")
    assert await decision(client) == before


async def test_a_refusal_says_why_and_how_to_have_it_reviewed(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await checked(client, runtime)
    refused = {"decided_on": "2026-02-20", "ground": "longest-time-used"}
    await post(client, f"{PATH}/refuse", refused, actor="af-2")
    text = await decision(client)
    assert "Arbetsförmedlingen avslår ansökan från Timrå kommun" in text
    assert "förbrukad, också hos andra arbetsgivare" in text and "Omprövning" in text
    assert "kr " not in text, "a refusal grants no amount"


async def test_a_person_whom_nobody_may_name_is_not_named(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    await checked(client, runtime, REFERRED.model_copy(update={"identity": None}))
    await post(client, f"{PATH}/approve", {"decided_on": "2026-02-20"}, actor="af-2")
    assert "Anställd som stödet gäller: Uppgiften lämnas inte ut" in await decision(client)


async def test_a_masked_copy_says_that_it_is_one(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    await checked(client, runtime)
    await post(client, f"{PATH}/approve", {"decided_on": "2026-02-20"}, actor="af-2")
    sha256 = (await post(client, f"{PATH}/papers/decision")).json()["paper_sha256"]
    masked = await client.get(f"/papers/{sha256}", params={"mask": ["identity", "employment"]})
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(masked.content)).pages)
    assert "ETag" not in masked.headers
    assert "kopia där uppgifter är borttagna" in text and "[uppgiften lämnas inte ut]" in text
    assert "Örn" not in text and "8808" not in text and "Ledsagarservice" not in text


async def test_before_the_decision_there_is_no_paper(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    assert (await post(client, f"{PATH}/papers/decision")).json()["code"] == "not-applied"
    await checked(client, runtime)
    assert (await post(client, f"{PATH}/papers/decision")).json()["code"] == "not-decided"


async def test_without_the_employer_there_is_no_paper(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    await checked(client, runtime)
    await post(client, f"{PATH}/approve", {"decided_on": "2026-02-20"}, actor="af-2")
    rows = runtime.folding.rows["decision_employer"]
    rows.clear()
    answer = await post(client, f"{PATH}/papers/decision")
    assert (answer.status_code, answer.json()["code"]) == (409, "paper-incomplete")
    assert answer.json()["details"] == {"fields": "employer_name, employer_number"}


async def test_who_became_protected_is_not_named_and_the_diarienummer_is_that_of_who_decides(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    day = date(2026, 2, 19)
    await checked(
        client,
        runtime,
        REFERRED,
        CaseRegistered(agency="kommun", registration="AMN 2026/17", registered_on=day),
        CaseRegistered(agency="af", registration="Af-2026/0001", registered_on=day),
        ProtectionMarked(keeper="kommun", marked_on=day),
    )
    await post(client, f"{PATH}/approve", {"decided_on": "2026-02-20"}, actor="af-2")
    text = await decision(client)
    assert "Diarienummer: Af-2026/0001" in text
    assert "Anställd som stödet gäller: Uppgiften lämnas inte ut" in text and "Örn" not in text
    assert "Ledsagarservice" not in text, "where somebody protected works is not told either"


async def test_what_is_not_the_same_to_the_byte_is_not_given_out_under_its_hash(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await checked(client, runtime)
    await post(client, f"{PATH}/approve", {"decided_on": "2026-02-20"}, actor="af-2")
    sha256 = (await post(client, f"{PATH}/papers/decision")).json()["paper_sha256"]
    rows = runtime.folding.rows["paper"]
    row = rows[sha256]
    rows[sha256] = replace(row, made_on=date(2026, 2, 21), engine="typst 0.1")
    answer = await client.get(f"/papers/{sha256}")
    assert (answer.status_code, answer.json()["code"]) == (409, "paper-not-reproducible")
    assert answer.json()["details"]["made_with"] == "typst 0.1"
    rows[sha256] = replace(row, content={one: told for one, told in row.content.items() if one != "identity"})
    answer = await client.get(f"/papers/{sha256}")
    assert (answer.status_code, answer.json()["details"]) == (403, {"compartments": "identity"})
    assert (await client.get(f"/papers/{sha256}", params={"mask": "identity"})).status_code == 200
