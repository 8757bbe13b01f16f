"""What each agency is answered about the example's case."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from samverkan.agency.app import build
from samverkan.agency.examples import CASE, COMPENSATION, JOB, PRAKTIK, STREAMS
from samverkan.agency.settings import AgencySettings
from samverkan.backbone.http.build import build_http
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.contract import check_contract
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.schemas.catalogue import AGENCIES
from samverkan.schemas.codec import without
from samverkan.schemas.event import COMPARTMENTS

Client = Callable[[str], httpx.AsyncClient]
APPLIED_AT = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
WITH_CASES = [agency.code for agency in AGENCIES if agency.code != "forbund"]


class Store(MemoryRuntime):
    """An agency that has applied the example."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.applied: list[Recorded] = []
        for one in (one for stream in STREAMS for one in stream):
            event = without(one.event, COMPARTMENTS - self.service.readable)
            recorded = Recorded(one.topic, one.envelope, event)
            self.applied.append(recorded)
            self.folding.apply(recorded)

    async def timeline(self, correlation_id: UUID) -> list[tuple[Recorded, datetime]]:
        return [
            (one, APPLIED_AT + timedelta(seconds=order))
            for order, one in enumerate(self.applied)
            if one.envelope.correlation_id == correlation_id
        ]


@cache
def app_of(code: str) -> FastAPI:
    """One for all tests: they only read."""
    service = build(cast("AgencySettings", SimpleNamespace(agency_code=code)))
    return build_http(service, Store(service, APPLIED_AT), Health())


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    clients: list[httpx.AsyncClient] = []

    def of(code: str) -> httpx.AsyncClient:
        clients.append(httpx.AsyncClient(transport=httpx.ASGITransport(app_of(code)), base_url="http://agency"))
        return clients[-1]

    yield of
    for each in clients:
        await each.aclose()


async def got(client: httpx.AsyncClient, path: str, status: int = 200) -> Any:
    answer = await client.get(path)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_the_municipality_sees_the_whole_case_that_was_consented_to(client: Client) -> None:
    case = await got(client("kommun"), f"/cases/{CASE}")
    assert case["sealed"] == []
    assert case["identity"] == {"person_number": "198808112380", "name": "Test Testsson"}
    assert case["economy"] == {"credit_decided": "252326.40", "credited": "42054.40", "forfeited": "21027.20"}
    praktik, job = case["placements"]
    assert (praktik["placement_id"], praktik["economy"]) == (str(PRAKTIK), None)
    assert (job["placement_id"], job["economy"]["gross_per_month"]) == (str(JOB), "24000.00")
    assert job["employment"]["workplace"] == "Ledsagarservice"
    granted, refused = case["compensations"]
    assert granted["economy"] == {
        "gross_per_month": "24000.00",
        "cost_per_month": "31540.80",
        "credit_per_month": "21027.20",
        "own_cost_per_month": "10513.60",
        "credit_in_all": "252326.40",
    }
    assert [claim["work_month"] for claim in granted["claims"]] == ["2026-03-01", "2026-04-01", "2026-05-01"]
    assert granted["claims"][0]["economy"]["own_cost"] == "10513.60"
    assert (refused["refusal_code"], refused["claims"]) == ("form-without-compensation", [])
    assert [mail["state"] for mail in case["notifications"]] == ["delivered"]


async def test_what_a_late_decision_cost_the_participant_is_seen(client: Client) -> None:
    (benefit,) = (await got(client("kommun"), f"/cases/{CASE}"))["benefits"]
    assert (benefit["entitled_from"], benefit["benefit_decided_on"], benefit["days_lost"]) == (
        "2026-02-09",
        "2026-04-15",
        15,
    )
    assert benefit["economy"]["lost"] == "5475"
    (of_the_region,) = (await got(client("region"), f"/cases/{CASE}"))["benefits"]
    assert (of_the_region["days_lost"], of_the_region["economy"]) == (15, None)


async def test_consent_narrows_what_the_role_may_see(client: Client) -> None:
    """AF may see health, but the participant did not agree to it."""
    case = await got(client("af"), f"/cases/{CASE}")
    assert case["sealed"] == ["contact", "health"]
    assert case["health"] is None
    assert case["contact"] is None
    assert case["economy"]["credited"] == "42054.40"


async def test_without_consent_an_agency_sees_that_there_is_a_case_and_nothing_of_the_person(client: Client) -> None:
    fk = client("fk")
    case = await got(fk, f"/cases/{CASE}")
    assert case["sealed"] == ["contact", "economy", "employment", "health", "identity"]
    assert {case[name] for name in ("identity", "contact", "health", "economy")} == {None}
    assert case["placements_started"] == 2
    assert all(placement["employment"] is None for placement in case["placements"])
    assert all(placement["economy"] is None for placement in case["placements"])
    told = str([case, await got(fk, "/cases"), await got(fk, f"/cases/{CASE}/timeline")])
    for of_the_person in ("8808", "Testsson", "Ledsagarservice", "Behöver stöd", "24000", "21027", "252326"):
        assert of_the_person not in told


async def test_the_region_sees_health_and_no_workplace_and_no_money(client: Client) -> None:
    region = client("region")
    case = await got(region, f"/cases/{CASE}")
    assert case["sealed"] == ["contact", "economy", "employment"]
    assert case["health"]["latest_scores"]["readiness-to-work"] == 4
    told = str([case, await got(region, f"/cases/{CASE}/timeline")])
    for other in ("Ledsagarservice", "24000", "21027", "252326"):
        assert other not in told


async def test_a_list_shows_what_the_case_itself_shows(client: Client) -> None:
    for code in WITH_CASES:
        agency = client(code)
        (listed,) = await got(agency, "/cases")
        whole = await got(agency, f"/cases/{CASE}")
        assert listed == {name: whole[name] for name in listed}


async def test_a_page_begins_after_the_one_before(client: Client) -> None:
    assert await got(client("af"), f"/cases?after={CASE}") == []
    assert await got(client("af"), "/cases?limit=0", 422)


async def test_the_timeline_tells_every_event_in_the_order_applied(client: Client) -> None:
    timeline = await got(client("af"), f"/cases/{CASE}/timeline")
    assert len(timeline) == sum(len(stream) for stream in STREAMS)
    assert [entry["applied_at"] for entry in timeline] == sorted(entry["applied_at"] for entry in timeline)
    referred = timeline[0]
    assert (referred["event"], referred["service"], referred["version"]) == ("ParticipantReferred", "intake", 1)
    assert referred["legal_basis"] == "OSL 10:1"
    assert referred["content"]["identity"]["person_number"] == "198808112380"
    assert referred["sealed"] == ["contact", "health"]
    assert "health" not in referred["content"]
    approved = next(entry for entry in timeline if entry["event"] == "CompensationApproved")
    assert (approved["service"], approved["stream_id"]) == ("funding", str(COMPENSATION))
    assert (approved["sealed"], approved["content"]["economy"]["credit_per_month"]) == ([], "21027.20")


@pytest.mark.parametrize("path", ["/cases", f"/cases/{CASE}", f"/cases/{CASE}/timeline", f"/cases/{JOB}"])
async def test_the_coordination_association_is_refused_every_case(client: Client, path: str) -> None:
    problem = await got(client("forbund"), path, 403)
    assert problem["code"] == "agency-sees-counts-only"


@pytest.mark.parametrize("code", [agency.code for agency in AGENCIES])
async def test_every_agency_is_told_the_same_counts(client: Client, code: str) -> None:
    assert await got(client(code), "/counts") == {
        "cases": 1,
        "participations": 1,
        "placements-started": 2,
        "placements-ended-job": 1,
        "placements-ended-study": 0,
        "placements-ended-other": 0,
        "placements-ended-cancelled": 0,
        "placements-ended-unknown": 0,
    }


@pytest.mark.parametrize("path", [f"/cases/{JOB}", f"/cases/{JOB}/timeline"])
async def test_a_case_that_has_not_arrived_is_not_found(client: Client, path: str) -> None:
    assert (await got(client("af"), path, 404))["code"] == "not-found"


@pytest.mark.parametrize("code", ["kommun", "forbund"])
def test_no_answer_is_outside_the_contract(code: str) -> None:
    assert check_contract(app_of(code), examples=5) >= 4


async def test_a_past_day_shows_what_was_known_then_with_the_consents_of_today(client: Client) -> None:
    """The example is recorded on 2 February, a minute between two events of a stream."""
    case = await got(client("kommun"), f"/cases/{CASE}?known_by=2026-02-02")
    assert case == await got(client("kommun"), f"/cases/{CASE}")
    for day in ("known_by=2026-02-01", "as_of=2026-02-01", "known_by=2026-02-02&as_of=2026-02-01"):
        assert (await got(client("kommun"), f"/cases/{CASE}?{day}", 404))["code"] == "not-found"
    assert (await got(client("fk"), f"/cases/{CASE}?known_by=2026-02-02"))["identity"] is None


async def test_what_was_reminded_of_is_listed_with_its_end(client: Client) -> None:
    (reminder,) = await got(client("kommun"), f"/reminders?case_id={CASE}")
    assert (reminder["kind"], reminder["period"], reminder["due_on"]) == ("claim", "2026-05-01", "2026-11-27")
    assert (reminder["days_before"], reminder["planned_on"], reminder["fired_on"]) == (30, "2026-10-28", "2026-10-30")
    assert (reminder["state"], reminder["settlement"]) == ("settled", "closed")
    assert await got(client("kommun"), "/reminders?state=fired") == []
    await got(client("forbund"), "/reminders", 403)
