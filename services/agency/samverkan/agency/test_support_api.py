"""What each agency is answered about assessments, plan and presence of the example's case."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from samverkan.agency import examples
from samverkan.agency.app import build
from samverkan.agency.examples import CASE
from samverkan.agency.settings import AgencySettings
from samverkan.agency.support_examples import STREAMS, consent_fk
from samverkan.backbone.http.build import build_http
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.schemas.codec import without
from samverkan.schemas.event import COMPARTMENTS

NOW = datetime(2026, 2, 18, 12, 0, tzinfo=UTC)
Ask = Callable[[str, str], Any]


@pytest.fixture
async def ask() -> AsyncIterator[Ask]:
    clients: dict[str, httpx.AsyncClient] = {}

    async def asked(code: str, path: str) -> Any:
        if code not in clients:
            service = build(cast("AgencySettings", SimpleNamespace(agency_code=code)))
            runtime = MemoryRuntime(service, NOW)
            for one in (one for stream in (examples.case, consent_fk, *STREAMS) for one in stream):
                runtime.folding.apply(one._replace(event=without(one.event, COMPARTMENTS - service.readable)))
            transport = httpx.ASGITransport(build_http(service, runtime, Health()))
            clients[code] = httpx.AsyncClient(transport=transport, base_url="http://agency")
        return (await clients[code].get(path)).json()

    yield asked
    for client in clients.values():
        await client.aclose()


async def test_the_municipality_sees_the_whole_plan_and_on_whom_it_waits(ask: Ask) -> None:
    (plan,) = await ask("kommun", f"/cases/{CASE}/plan")
    assert (plan["revision"], plan["agreed_revision"], plan["waits_for"]) == (2, None, ["af"])
    visit, doctor = plan["activities"]
    assert (visit["state"], visit["days_late"], visit["employment"]) == (
        "done",
        2,
        {"texts": ["Besöka arbetsplatsen"]},
    )
    assert (doctor["state"], doctor["drop_code"], doctor["health"]) == (
        "dropped",
        "plan-closed",
        {"texts": ["Boka tid"]},
    )


async def test_af_sees_the_work_of_a_plan_and_the_region_its_health(ask: Ask) -> None:
    (of_af,) = await ask("af", f"/cases/{CASE}/plan")
    assert "health" in of_af["sealed"]
    assert [one["health"] for one in of_af["activities"]] == [None, None]
    assert of_af["activities"][0]["employment"] == {"texts": ["Besöka arbetsplatsen"]}
    (of_region,) = await ask("region", f"/cases/{CASE}/plan")
    assert of_region["activities"][0]["employment"] is None
    assert of_region["activities"][1]["health"] == {"texts": ["Boka tid"]}


async def test_fk_sees_how_much_was_missed_and_never_why(ask: Ask) -> None:
    (presence,) = await ask("fk", f"/cases/{CASE}/presence")
    wednesday, friday = presence["days"]
    assert (wednesday["economy"], wednesday["health"], wednesday["same_day"]) == ({"absent": "1.00"}, None, True)
    assert (friday["withdrawn_on"], friday["economy"], friday["same_day"]) == ("2026-02-25", None, False)
    assert presence["employment"] is None
    assert {"employment", "health"} <= set(presence["sealed"])
    assert (presence["weeks_reported"], presence["weeks_late"], presence["weeks_corrected"]) == (1, 1, 1)


async def test_the_municipality_sees_the_corrected_day_and_the_reason(ask: Ask) -> None:
    (presence,) = await ask("kommun", f"/cases/{CASE}/presence")
    assert presence["employment"] == {"weekdays": [3, 5]}
    wednesday, friday = presence["days"]
    assert (wednesday["employment"], wednesday["health"]) == ({"attended": "0.00"}, {"code": "sick"})
    assert (friday["employment"], friday["health"]) == ({"attended": "1.00"}, None)


async def test_af_may_see_health_by_its_role_and_sees_no_reason_without_consent(ask: Ask) -> None:
    (presence,) = await ask("af", f"/cases/{CASE}/presence")
    wednesday, _ = presence["days"]
    assert (wednesday["economy"], wednesday["health"]) == ({"absent": "1.00"}, None)


async def test_the_day_list_holds_what_the_agency_is_told_of_that_day(ask: Ask) -> None:
    today = await ask("fk", "/deviations")
    assert [(one["day"], one["economy"]) for one in today] == [("2026-02-18", {"absent": "1.00"})]
    later = await ask("fk", "/deviations?reported_on=2026-02-24")
    assert [(one["day"], one["withdrawn_on"]) for one in later] == [("2026-02-20", "2026-02-25")]
    assert await ask("af", "/deviations") == [], "FK is told of these, not AF"


async def test_the_individual_gain_is_health(ask: Ask) -> None:
    told = await ask("region", f"/cases/{CASE}/assessments")
    assert told["health"]["scores"] == {
        "health": 0,
        "readiness-to-work": 2,
        "skills-and-language": 0,
        "social-network": 0,
    }
    assert [one["assessed_on"] for one in told["assessments"]] == ["2026-02-03", "2026-05-04"]
    sealed = await ask("af", f"/cases/{CASE}/assessments")
    assert (sealed["health"], sealed["assessments"][0]["health"]) == (None, None)


@pytest.mark.parametrize("path", [f"/cases/{CASE}/plan", f"/cases/{CASE}/presence", "/deviations"])
async def test_the_coordination_association_sees_none_of_it(ask: Ask, path: str) -> None:
    assert (await ask("forbund", path))["code"] == "agency-sees-counts-only"


async def test_no_agency_without_consent_sees_a_word_or_a_reason(ask: Ask) -> None:
    for path in ("plan", "presence", "assessments"):
        told = str(await ask("gymnasiekontor", f"/cases/{CASE}/{path}"))
        for secret in ("Sova", "Besöka", "Boka", "sick", "leave", "'absent'", "'scores'"):
            assert secret not in told
