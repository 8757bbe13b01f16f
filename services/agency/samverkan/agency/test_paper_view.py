"""What an agency keeps and answers of the papers of a case: that there are, and nothing of what stands in them."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from samverkan.agency.app import build
from samverkan.agency.examples import CASE, case
from samverkan.agency.paper_examples import OF_THE_DECISION, OF_THE_PLAN, STREAMS
from samverkan.agency.settings import AgencySettings
from samverkan.backbone.http.build import build_http
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.schemas.codec import without
from samverkan.schemas.event import COMPARTMENTS


async def asked(code: str, status: int = 200) -> Any:
    service = build(cast("AgencySettings", SimpleNamespace(agency_code=code)))
    runtime = MemoryRuntime(service, datetime(2026, 3, 2, 12, tzinfo=UTC))
    for one in (one for stream in (case, *STREAMS) for one in stream):
        runtime.folding.apply(one._replace(event=without(one.event, COMPARTMENTS - service.readable)))
    transport = httpx.ASGITransport(build_http(service, runtime, Health()))
    async with httpx.AsyncClient(transport=transport, base_url="http://agency") as client:
        answer = await client.get(f"/cases/{CASE}/papers")
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.mark.parametrize("code", ["kommun", "fk", "gymnasiekontor"])
async def test_which_papers_there_are_of_what_and_since_when(code: str) -> None:
    plan, decision = await asked(code)
    assert (plan["paper_sha256"], decision["paper_sha256"]) == (OF_THE_PLAN, OF_THE_DECISION)
    assert (plan["service"], plan["template"], plan["made_on"]) == ("intake", "plan", "2026-02-12")
    assert (plan["registration"], plan["compartments"]) == ("AME 2026/17", ["health", "identity"])
    assert (decision["service"], decision["compartments"]) == ("funding", [])


async def test_nothing_of_what_stands_in_a_paper_is_kept() -> None:
    told = str(await asked("kommun"))
    for of_the_person in ("Testperson", "Sova"):
        assert of_the_person not in told


async def test_the_coordination_association_sees_no_papers() -> None:
    assert (await asked("forbund", 403))["code"] == "agency-sees-counts-only"
