"""The letters of what became of a decision over HTTP: made, refused, and the same to the byte for ever."""

import hashlib
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

import httpx
import pytest
from pypdf import PdfReader

from samverkan.backbone.http.build import build_http
from samverkan.backbone.service import Service
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.backbone.testing.unwired import unwired
from samverkan.funding.app import build
from samverkan.funding.compensation import table
from samverkan.funding.compensation.compensation import compensation_id
from samverkan.funding.compensation.examples import CASE, PLACEMENT
from samverkan.funding.compensation.review import RequestReview
from samverkan.funding.settings import FundingSettings
from samverkan.funding.test_paper_api import REFERRED, WORKPLACE
from samverkan.funding.test_views import AGREED
from samverkan.schemas.catalogue import FUNDING, PARTICIPANT
from samverkan.schemas.catalogue import PLACEMENT as PLACEMENT_TOPIC
from samverkan.schemas.decisions import Party
from samverkan.schemas.event import Event
from samverkan.schemas.person import ProtectionMarked
from samverkan.schemas.placement import PlacementAgreed

PAPERS = f"/compensations/{compensation_id(PLACEMENT)}/papers"
ASK = RequestReview(Party.EMPLOYER, date(2026, 8, 10))
_keys = count(1)


@pytest.fixture(scope="module")
def service() -> Service:
    return build(unwired(FundingSettings))


@pytest.fixture
def runtime(service: Service) -> MemoryRuntime:
    return MemoryRuntime(service, datetime(2026, 9, 1, 8, 0, tzinfo=UTC))


@pytest.fixture
async def client(runtime: MemoryRuntime) -> AsyncIterator[httpx.AsyncClient]:
    app = build_http(runtime.service, runtime, Health())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://funding") as client:
        yield client


async def decided(runtime: MemoryRuntime, events: Sequence[Event]) -> None:
    """What happened, as funding's own journal tells it; the letters' case and employer are known."""
    await runtime.happened(PARTICIPANT, CASE, REFERRED)
    assert isinstance(AGREED, PlacementAgreed)
    await runtime.happened(PLACEMENT_TOPIC, PLACEMENT, AGREED.model_copy(update={"employment": WORKPLACE}))
    await runtime.happened(FUNDING, compensation_id(PLACEMENT), *events)


async def post(client: httpx.AsyncClient, path: str) -> httpx.Response:
    headers = {"Idempotency-Key": f"k-{next(_keys)}", "Samverkan-Agency": "af"}
    return await client.post(f"{PAPERS}/{path}", headers=headers)


async def made(client: httpx.AsyncClient, path: str) -> str:
    """The hash of the letter."""
    answer = await post(client, path)
    assert answer.status_code == 200, answer.text
    sha256: str = answer.json()["paper_sha256"]
    return sha256


async def letter(client: httpx.AsyncClient, path: str) -> str:
    """The text of the letter, which has the bytes that its hash says."""
    sha256 = await made(client, path)
    fetched = await client.get(f"/papers/{sha256}")
    assert hashlib.sha256(fetched.content).hexdigest() == sha256
    pages = PdfReader(io.BytesIO(fetched.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\xa0", " ").split())


async def test_a_letter_says_what_was_decided_then_whatever_has_become_of_it(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await decided(runtime, table.IN_RECOVERY)
    before = await made(client, "recovery/2026-03-15")  # any day of the month
    assert "Betala senast den 20 juli 2026" in await letter(client, "recovery/2026-03-01?decided_on=2026-06-18")
    later = table.after(table.IN_RECOVERY, table.REPAY)[len(table.IN_RECOVERY) :]
    await runtime.happened(FUNDING, compensation_id(PLACEMENT), *later)
    runtime.clock = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert await made(client, "recovery/2026-03-01") == before


async def test_there_is_no_letter_of_what_was_only_prepared(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    heard = table.after(table.OVERPAID, table.WAIVE, table.HEAR, table.ANSWER, table.RECOVER)
    await decided(runtime, table.after(heard, table.AMEND, table.REVOKE, replace(ASK, requested_on=date(2026, 3, 2))))
    for path, code in (
        ("amendment", "not-amended"),
        ("revocation", "not-revoked"),
        ("review", "not-reviewed"),
        ("recovery/2026-03-01", "not-in-recovery"),
        ("waiver/2026-03-01", "not-waived"),
        ("recovery/2026-04-01", "not-in-recovery"),
    ):
        answer = await post(client, path)
        assert (answer.status_code, answer.json()["code"]) == (409, code), path


async def test_without_an_application_there_is_no_letter(client: httpx.AsyncClient) -> None:
    answers = [await post(client, path) for path in ("amendment", "recovery/2026-03-01")]
    assert [answer.json()["code"] for answer in answers] == ["not-applied", "not-applied"]


async def test_whoever_became_protected_is_not_named_in_any_of_them(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await decided(runtime, table.IN_RECOVERY)
    await runtime.happened(PARTICIPANT, CASE, ProtectionMarked(keeper="kommun", marked_on=date(2026, 7, 1)))
    text = await letter(client, "recovery/2026-03-01")
    assert "Anställd som stödet gäller: Uppgiften lämnas inte ut" in text
    assert "Örn" not in text and "8808" not in text and "Ledsagarservice" not in text
