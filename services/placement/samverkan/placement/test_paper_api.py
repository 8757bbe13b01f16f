"""The agreement and the certificate through HTTP."""

import hashlib
import io
from datetime import date
from typing import Any

import httpx
from pypdf import PdfReader

from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.placement.test_api import (  # the fixtures, and story 1
    CASE,
    ENROLLED,
    OPINION,
    PROPOSAL,
    REFERRED,
    agreed,
    client,
    id_of,
    post,
    runtime,
    started,
    written,
)
from samverkan.schemas.casework import CaseRegistered
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.paper import PlacementPaperMade
from samverkan.schemas.participant import Identity, ReferralRepeated
from samverkan.schemas.person import ProtectionMarked

__all__ = ["client", "runtime"]

NAMED = ReferralRepeated(
    **REFERRED.model_dump(exclude={"identity", "contact", "health"}),
    identity=Identity(person_number="198808112380", name="Åsa Örn"),
)
PRAKTIK = {
    **{key: value for key, value in PROPOSAL.items() if key != "terms"},
    "form": "arbetspraktik",
    "ends_on": "2026-08-31",
}


async def text(client: httpx.AsyncClient, path: str) -> str:
    made = await post(client, path, None)
    assert made.status_code == 200, made.text
    fetched = await client.get(f"/papers/{made.json()['paper_sha256']}")
    assert hashlib.sha256(fetched.content).hexdigest() == made.json()["paper_sha256"]
    pages = PdfReader(io.BytesIO(fetched.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\xa0", " ").split())


async def certified(client: httpx.AsyncClient, runtime: MemoryRuntime) -> str:
    await runtime.happened(PARTICIPANT, CASE, REFERRED, ENROLLED, NAMED)
    placement = str((await post(client, "/placements", PRAKTIK)).headers["Location"])
    steps: list[tuple[str, dict[str, Any]]] = [
        ("union-opinion", OPINION),
        *(("approvals", {"party": one, "approved_on": "2026-02-16"}) for one in ("participant", "employer", "af")),
        ("start", {"starts_on": "2026-03-02"}),
        ("end", {"last_day_on": "2026-08-28", "outcome": "study"}),
        ("certificate", {"issued_on": "2026-08-31", "assessment": "Passar tider & lär sig snabbt."}),
    ]
    for path, body in steps:
        answer = await post(client, f"{placement}/{path}", body)
        assert answer.status_code == 200, answer.text
    return placement


async def test_an_agreement_is_made_to_be_signed_and_again_when_all_have_approved(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await runtime.happened(PARTICIPANT, CASE, REFERRED, ENROLLED, NAMED)
    placement = str((await post(client, "/placements", PROPOSAL)).headers["Location"])
    draft = await text(client, f"{placement}/papers/agreement")
    for expected in ("Introduktionsjobb", "Timrå kommun", "212000-2395", "24 000,00 kr", "ledsaga", "Åsa Örn"):
        assert expected in draft
    assert "är inte godkänd av alla parter än" in draft and "Namnteckning" in draft
    await post(client, f"{placement}/approvals", {"party": "participant", "approved_on": "2026-02-16"})
    assert "Deltagaren 1 16 februari 2026" in await text(client, f"{placement}/papers/agreement")


async def test_what_all_have_approved_says_so(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    placement = await agreed(client, runtime)
    whole = await text(client, f"{placement}/papers/agreement")
    assert "Alla parter har godkänt överenskommelsen, version 1, den 16 februari 2026" in whole
    assert "Namnteckning" not in whole
    event = runtime.written[-1].event
    assert isinstance(event, PlacementPaperMade)
    assert (event.subject_id, event.case_id) == (id_of(placement), CASE)


async def test_the_agreement_says_which_version_applies_and_when_that_one_was_approved(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    placement = await started(client, runtime)
    half = {"applies_from": "2026-04-01", "extent": "0.50"}
    assert (await post(client, f"{placement}/changes", half)).status_code == 200
    assert "version 1, den 16 februari 2026" in await text(client, f"{placement}/papers/agreement")
    for party in ("participant", "employer", "af"):
        approval = {"party": party, "approved_on": "2026-03-20"}
        assert (await post(client, f"{placement}/approvals", approval)).status_code == 200
    whole = await text(client, f"{placement}/papers/agreement")
    assert "50 % av heltid" in whole
    assert "Alla parter har godkänt överenskommelsen, version 2, den 20 mars 2026" in whole
    assert "16 februari 2026" not in whole.partition("Godkännanden")[2]


async def test_the_row_of_a_placement_is_not_touched_by_its_papers(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    placement = await agreed(client, runtime)
    before = dict(runtime.folding.rows["placement"])
    await text(client, f"{placement}/papers/agreement")
    assert runtime.folding.rows["placement"] == before


async def test_a_practice_ends_with_a_certificate(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    placement = await certified(client, runtime)
    certificate = await text(client, f"{placement}/papers/certificate")
    for expected in (
        "Åsa Örn har gjort arbetspraktik hos oss",
        "2 mars 2026 – 28 augusti 2026",
        "Passar tider & lär sig snabbt.",
        "100 % av heltid",
        "31 augusti 2026",
    ):
        assert expected in certificate


async def test_a_certificate_of_a_last_day_that_was_wrong_is_made_no_more(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    placement = await certified(client, runtime)
    await post(client, f"{placement}/end/correction", {"last_day_on": "2026-08-27", "outcome": "study"})
    assert (await post(client, f"{placement}/papers/certificate", None)).json()["code"] == "not-certified"
    await post(client, f"{placement}/certificate", {"issued_on": "2026-08-31"})
    assert "2 mars 2026 – 27 augusti 2026" in await text(client, f"{placement}/papers/certificate")


async def test_before_it_is_issued_there_is_no_certificate(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    placement = await agreed(client, runtime)
    assert (await post(client, f"{placement}/papers/certificate", None)).json()["code"] == "not-certified"
    unknown = await post(client, "/placements/00000000-0000-4000-8000-000000000009/papers/certificate", None)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "placement-unknown")


async def test_no_paper_tells_who_is_protected_or_where_they_work(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    placement = await certified(client, runtime)
    registered = CaseRegistered(agency="af", registration="Af-2026/0001", registered_on=date(2026, 2, 2))
    await runtime.happened(PARTICIPANT, CASE, registered)
    assert "Diarienummer: Af-2026/0001" in await text(client, f"{placement}/papers/agreement")
    await runtime.happened(PARTICIPANT, CASE, ProtectionMarked(keeper="kommun", marked_on=date(2026, 9, 1)))
    before = written(runtime)
    for paper in ("agreement", "certificate"):
        refused = await post(client, f"{placement}/papers/{paper}", None)
        assert (refused.status_code, refused.json()["code"]) == (409, "workplace-withheld")
    assert written(runtime) == before
