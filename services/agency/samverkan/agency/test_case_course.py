"""What an agency may show when consent changes, data are protected, or the case moves on (stories 7 and 8)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from samverkan.agency import case_course_examples as told
from samverkan.agency.app import build
from samverkan.agency.settings import AgencySettings
from samverkan.agency.views import views_for
from samverkan.backbone.http.build import build_http
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.backbone.testing.permute import fold
from samverkan.backbone.testing.stored_rows import assert_stored_as_folded
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.schemas.catalogue import Role
from samverkan.schemas.codec import without
from samverkan.schemas.event import COMPARTMENTS

OF_THE_PERSON = ("199006022397", "Testperson Sju")


class Store(MemoryRuntime):
    """An agency that has applied these events."""

    def applies(self, events: Sequence[Recorded]) -> "Store":
        self.applied = [one._replace(event=without(one.event, COMPARTMENTS - self.service.readable)) for one in events]
        for one in self.applied:
            self.folding.apply(one)
        return self

    async def timeline(self, correlation_id: Any) -> list[tuple[Recorded, datetime]]:
        return [(one, self.clock) for one in self.applied if one.envelope.correlation_id == correlation_id]


async def asked(code: str, events: Sequence[Recorded], path: str) -> Any:
    service = build(cast("AgencySettings", SimpleNamespace(agency_code=code)))
    app = build_http(service, Store(service, datetime(2026, 10, 1, tzinfo=UTC)).applies(events), Health())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://agency") as client:
        answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def everything(code: str, events: Sequence[Recorded]) -> str:
    """All that an agency answers about the case, as one text."""
    case = f"/cases/{events[0].stream_id}"
    paths = (case, "/cases", f"{case}/timeline", f"{case}/assessments", f"{case}?known_by=2026-12-31")
    return str([await asked(code, events, path) for path in paths])


async def test_the_region_sees_health_while_it_is_agreed_to() -> None:
    case = await asked("region", told.consented_anew[:4], f"/cases/{told.SHARED}")
    assert case["health"]["latest_scores"] == {"health": 2}
    assert case["identity"]["name"] == "Testperson Sju"


async def test_after_the_withdrawal_the_region_shows_nothing_of_what_it_held_or_of_what_comes() -> None:
    case = await asked("region", told.withdrawn, f"/cases/{told.SHARED}")
    assert case["sealed"] == sorted(COMPARTMENTS)
    everywhere = await everything("region", told.withdrawn)
    for of_the_person in (*OF_THE_PERSON, "'health': 2", "'health': 1"):
        assert of_the_person not in everywhere


async def test_everyone_else_goes_on_when_the_region_is_withdrawn_from() -> None:
    case = await asked("kommun", told.withdrawn, f"/cases/{told.SHARED}")
    assert (case["sealed"], case["health"]["latest_scores"]) == ([], {"health": 1})


async def test_what_was_recorded_after_the_withdrawal_stays_unreadable_under_a_new_consent() -> None:
    """Assessed 2 before, 1 while nothing was agreed, 5 under the new consent: the region never learns of the 1."""
    case = await asked("region", told.consented_anew, f"/cases/{told.SHARED}")
    assert case["identity"]["name"] == "Testperson Sju"
    assert case["health"] == {
        "referral_reason": None,
        "first_scores": {"health": 2},
        "latest_scores": {"health": 5},
    }
    everywhere = await everything("region", told.consented_anew)
    assert "'health': 1" not in everywhere
    assert "'health': 1" in await everything("kommun", told.consented_anew)
    timeline = await asked("region", told.consented_anew, f"/cases/{told.SHARED}/timeline")
    meanwhile = timeline[5]
    assert (meanwhile["event"], meanwhile["sealed"]) == ("AssessmentRecorded", ["health"])


async def test_a_withdrawal_that_is_recorded_late_holds_from_its_day() -> None:
    late = [
        one._replace(envelope=one.envelope._replace(recorded_at=datetime(2026, 5, 11, 9, tzinfo=UTC)))
        if one.envelope.version == 5
        else one
        for one in told.consented_anew
    ]
    assert "'health': 1" not in await everything("region", late)


async def test_one_consent_that_ends_leaves_the_other() -> None:
    """Two purposes, one withdrawn: what is still agreed for the other is shown."""
    plan = told.consented_anew[2].event.model_copy(update={"purpose": "plan"})
    events = [*told.withdrawn[:3], told.withdrawn[3]._replace(event=plan), *told.withdrawn[4:]]
    case = await asked("region", events, f"/cases/{told.SHARED}")
    assert case["identity"]["name"] == "Testperson Sju"


async def test_protected_data_stay_with_the_keeper() -> None:
    region = await asked("region", told.protected, f"/cases/{told.PROTECTED}")
    assert region["sealed"] == ["contact", "economy", "employment", "identity"]
    assert region["health"]["latest_scores"] == {"health": 2}, "health is nobody's name, address or workplace"
    everywhere = await everything("region", told.protected)
    for of_the_person in OF_THE_PERSON:
        assert of_the_person not in everywhere
    kommun = await asked("kommun", told.protected, f"/cases/{told.PROTECTED}")
    assert (kommun["sealed"], kommun["identity"]["name"]) == ([], "Testperson Sju")


async def test_a_mark_that_is_lifted_shows_again_what_was_agreed() -> None:
    region = await asked("region", told.lifted, f"/cases/{told.PROTECTED}")
    assert region["identity"]["name"] == "Testperson Sju"


async def test_a_transfer_ends_what_was_agreed_for_the_municipality_left_behind() -> None:
    assert (await asked("kommun", told.transferred, f"/cases/{told.SHARED}"))["sealed"] == sorted(COMPARTMENTS)
    assert (await asked("socialtjanst", told.transferred, f"/cases/{told.SHARED}"))["identity"] is None
    region = await asked("region", told.transferred, f"/cases/{told.SHARED}")
    assert (region["identity"]["name"], region["course"]["municipality"]) == ("Testperson Sju", "kommun-sundsvall")


@pytest.mark.parametrize("code", ["kommun", "af", "region"])
async def test_of_who_goes_on_without_a_name_nothing_is_shown(code: str) -> None:
    everywhere = await everything(code, told.gone_nameless)
    for of_the_person in (*OF_THE_PERSON, "'health': 2"):
        assert of_the_person not in everywhere


def test_a_case_stays_small_however_often_the_same_is_agreed_to() -> None:
    """What is agreed to again and again is kept in the history alone: every event of a case writes its row."""
    views = views_for(Role.MUNICIPALITY)
    once, often = fold(views, told.agreed_again(1)), fold(views, told.agreed_again(50))
    assert often["shared_case"] == once["shared_case"]
    history: Any = often["consent_history"][told.SHARED]
    assert len(history.grants) == 2 + 50


@pytest.mark.parametrize("code", ["kommun", "forbund"])
async def test_who_has_no_name_is_counted_by_everybody(code: str) -> None:
    assert await asked(code, told.nameless, "/person-counts") == [
        {"counted": "participation/2026/introduktionsjobb", "women": 1, "men": 0}
    ]


async def test_the_course_is_shown_with_what_each_agency_may_know() -> None:
    kommun = (await asked("kommun", told.whole_course, f"/cases/{told.SHARED}"))["course"]
    assert (kommun["state"], kommun["since"], kommun["six_months_on"]) == ("closed", "2026-09-30", "2027-03-30")
    assert (kommun["contacts"], kommun["registrations"]) == ({"kommun": "kommun-1"}, {"kommun": "AME 2026/17"})
    assert [cause["code"] for cause in kommun["causes"]] == ["illness", "work"]
    assert kommun["livelihoods"]["exit"]["sources"] == {"no-public-support": 100}
    assert kommun["occupations"]["exit"]["occupations"] == {"work": 100}
    region = (await asked("region", told.whole_course, f"/cases/{told.SHARED}"))["course"]
    assert region["moments"] == {"exit": "2026-09-30"}
    assert (region["livelihoods"], region["occupations"]) == (None, None)
    fk = (await asked("fk", told.whole_course, f"/cases/{told.SHARED}"))["course"]
    assert {fk[name] for name in ("causes", "ages", "livelihoods", "occupations")} == {None}


async def test_the_database_gives_back_what_was_folded(database: str) -> None:
    migrate(database, *folders_of("agency"))
    views = [
        view
        for view in views_for(Role.MUNICIPALITY)
        if view.table in ("shared_case", "consent_history", "shared_course")
    ]
    for events in (told.whole_course, told.consented_anew, told.lifted, told.gone_nameless, told.transferred):
        await assert_stored_as_folded(database, views, events)
