"""Measurements, plan and presence through HTTP, on a service without database and broker."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import httpx
import pytest

from samverkan.backbone.http.build import build_http
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.intake.app import build
from samverkan.intake.settings import IntakeSettings
from samverkan.schemas.catalogue import PLACEMENT
from samverkan.schemas.participant import AssessmentRecorded
from samverkan.schemas.placement import Outcome, PlacementEnded, PlacementStarted
from samverkan.schemas.support import DeviationReported

FIVE = {"structure-of-day": 2, "health": 2, "social-network": 3, "skills-and-language": 4, "readiness-to-work": 2}
PLACED = UUID(int=2)
_keys = count(1)


@pytest.fixture
def runtime(tmp_path: Path) -> MemoryRuntime:
    key = tmp_path / "key"
    key.write_bytes(bytes(32))
    service = build(cast("IntakeSettings", SimpleNamespace(blind_index_key_file=key)))
    return MemoryRuntime(service, datetime(2026, 3, 4, 8, 0, tzinfo=UTC))


@pytest.fixture
async def client(runtime: MemoryRuntime) -> AsyncIterator[httpx.AsyncClient]:
    app = build_http(runtime.service, runtime, Health())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://intake") as client:
        yield client


async def post(client: httpx.AsyncClient, path: str, body: Any, agency: str = "kommun") -> Any:
    headers = {"Idempotency-Key": f"k-{next(_keys)}", "Samverkan-Agency": agency}
    answer = await client.post(path, json=body, headers=headers)
    return answer.json() | {"status": answer.status_code}


@pytest.fixture
async def case(client: httpx.AsyncClient) -> str:
    referral = {
        "person_number": "198808112380",
        "programme": "introduktionsjobb",
        "referred_by": "kommun",
        "agencies_needed": ["kommun"],
        "received_on": "2026-02-02",
    }
    path = f"/cases/{(await post(client, '/referrals', referral))['stream_id']}"
    for agency in ("kommun", "af"):
        consent = {"agency": agency, "purpose": "shared-case", "compartments": ["identity"], "given_on": "2026-02-03"}
        await post(client, f"{path}/consents", consent)
    await post(client, f"{path}/assessments", {"assessed_on": "2026-02-03", "scores": FIVE})
    enrolment = {"programme": "introduktionsjobb", "enrolled_on": "2026-02-10", "in_job_programme": True}
    assert (await post(client, f"{path}/enrolment", enrolment))["status"] == 200
    return path


def at(runtime: MemoryRuntime, month: int, day: int) -> None:
    runtime.clock = datetime(2026, month, day, 8, 0, tzinfo=UTC)


async def test_two_agencies_measure_and_the_gain_is_shown(
    client: httpx.AsyncClient, runtime: MemoryRuntime, case: str
) -> None:
    at(runtime, 5, 4)
    due = (await client.get("/measurements/due")).json()
    assert [(one["due_on"], one["overdue_days"]) for one in due] == [("2026-05-03", 1)]
    opening = {"occasion": "quarterly", "due_on": "2026-05-03"}
    opened = await post(client, f"{case}/measurements", opening)
    assert (opened["status"], opened["events"]) == (201, ["MeasurementOpened"])
    path = f"/measurements/{opened['stream_id']}"
    health = {"answered_on": "2026-05-04", "answers": {"health": 4}}
    rest = {"answered_on": "2026-05-04", "answers": {**{k: v for k, v in FIVE.items() if k != "health"}}}
    assert (await post(client, f"{path}/assessment", {}))["code"] == "measurement-incomplete"
    assert (await post(client, f"{path}/answers", health, "region"))["events"] == ["MeasurementAnswered"]
    assert (await client.get(path)).json()["waiting_for"] == [code for code in FIVE if code != "health"]
    assert (await post(client, f"{path}/answers", rest, "fk"))["code"] == "question-of-another-agency"
    assert (await post(client, f"{path}/answers", rest))["events"] == ["MeasurementAnswered", "MeasurementCompleted"]
    assert (await post(client, f"{path}/assessment", {}))["events"] == ["AssessmentRecorded"]
    assert (await post(client, f"{path}/assessment", {}))["events"] == []
    recorded = runtime.written[-1].event
    assert isinstance(recorded, AssessmentRecorded)
    assert (recorded.occasion, recorded.answered_by) == ("quarterly", ("kommun", "region"))
    gain = (await client.get(f"{case}/gain")).json()
    assert {one["domain"]: one["change"] for one in gain["gains"]} == {**dict.fromkeys(FIVE, 0), "health": 2}
    assert (gain["next_due_on"], gain["overdue_days"]) == ("2026-08-04", 0)
    assert (await client.get("/measurements/due")).json() == []
    shown = (await client.get(path)).json()
    assert (shown["state"], shown["recorded_on"], shown["answers"]["health"]) == (
        "complete",
        "2026-05-04",
        {"step": 4, "agency": "region"},
    )


async def test_a_measurement_that_is_not_made_says_why(client: httpx.AsyncClient, case: str) -> None:
    opened = await post(client, f"{case}/measurements", {"occasion": "extra", "due_on": "2026-03-04"})
    path = f"/measurements/{opened['stream_id']}"
    cancel = {"ground": "participant-declined", "cancelled_on": "2026-03-04"}
    assert (await post(client, f"{path}/cancellation", cancel))["events"] == ["MeasurementCancelled"]
    listed = (await client.get("/measurements", params={"state": "cancelled"})).json()
    assert [one["cancel_code"] for one in listed] == ["participant-declined"]


async def test_measurements_of_no_case_or_instrument_are_refused(client: httpx.AsyncClient, case: str) -> None:
    opening = {"occasion": "quarterly", "due_on": "2026-05-03"}
    assert (await post(client, f"/cases/{UUID(int=9)}/measurements", opening))["code"] == "case-unknown"
    unknown = await post(client, f"{case}/measurements", {**opening, "instrument_version": 2})
    assert unknown["code"] == "instrument-unknown"
    assert (await post(client, f"/measurements/{UUID(int=9)}/assessment", {}))["code"] == "measurement-unknown"
    assert (await client.get(f"/cases/{UUID(int=9)}/gain")).status_code == 404


async def test_the_instruments_are_shown_in_both_languages(client: httpx.AsyncClient) -> None:
    (five,) = (await client.get("/instruments")).json()
    assert five["domains"][1]["questions"][0]["sv"] == "Hur mår du, i kropp och själ?"
    assert len(five["steps"]) == 5


PLAN = {
    "written_on": "2026-02-11",
    "goals": {"work": ["Ett arbete att växa i"], "health": ["Sova om natten"]},
    "activities": [
        {"responsible": "kommun", "due_on": "2026-02-20", "words": {"work": ["Besöka ledsagarservice"]}},
        {"responsible": "participant", "due_on": "2026-03-06", "words": {"health": ["Boka tid"]}},
    ],
    "parties": ["participant", "kommun", "af"],
}


async def test_a_plan_from_draft_to_change(client: httpx.AsyncClient, case: str) -> None:
    written = await post(client, f"{case}/plan", PLAN)
    assert written["events"] == ["PlanWritten", "ActivityPlanned", "ActivityPlanned"]
    assert (await post(client, f"{case}/plan", PLAN))["events"] == []
    signed: Any = None
    for party, agency in (("participant", "kommun"), ("kommun", "kommun"), ("af", "af")):
        signature = {"party": party, "revision": 1, "signed_on": "2026-02-12"}
        signed = await post(client, f"{case}/plan/signatures", signature, agency)
    assert signed["events"] == ["PlanSigned", "PlanAgreed"]
    shown = (await client.get(f"{case}/plan")).json()
    assert (shown["plan"]["state"], shown["plan"]["agreed_on"]) == ("in-force", "2026-02-12")
    visit = next(one["activity_id"] for one in shown["activities"] if one["responsible"] == "kommun")
    late = (await client.get("/plan-activities", params={"responsible": "kommun"})).json()
    assert [(one["activity_id"], one["days_left"]) for one in late] == [(visit, -12)]
    assert (await client.get("/plan-activities", params={"until": "2026-03-06"})).json()[0]["due_on"]
    done = {"done_on": "2026-02-23", "words": {"work": ["Arbetsplatsen kunde inte tidigare"]}}
    assert (await post(client, f"{case}/plan/activities/{visit}/done", done))["events"] == ["ActivityDone"]
    assert (await client.get("/plan-activities", params={"responsible": "kommun"})).json() == []
    change = {**PLAN, "written_on": "2026-03-02", "goals": {"work": ["Ett arbete", "Körkort"]}}
    change["activities"] = PLAN["activities"][1:]  # type: ignore[index]
    assert (await post(client, f"{case}/plan", change))["events"] == ["PlanWritten", "ActivityPlanned"]
    shown = (await client.get(f"{case}/plan")).json()["plan"]
    assert (shown["state"], shown["revision"], shown["agreed_revision"], shown["signed_by"]) == ("changed", 2, 1, [])
    assert [len(one["signatures"]) for one in shown["revisions"]] == [3, 0]
    old = {"party": "af", "revision": 1, "signed_on": "2026-03-02"}
    assert (await post(client, f"{case}/plan/signatures", old, "af"))["code"] == "plan-revision-not-current"


async def test_a_plans_list_of_what_is_due_tells_nothing_of_the_person(client: httpx.AsyncClient, case: str) -> None:
    await post(client, f"{case}/plan", PLAN)
    listed = (await client.get("/plan-activities", params={"until": "2026-12-31"})).text
    assert "Boka" not in listed and "ledsagar" not in listed


async def test_a_plan_ends_and_what_is_undone_with_it(client: httpx.AsyncClient, case: str) -> None:
    await post(client, f"{case}/plan", PLAN)
    shown = (await client.get(f"{case}/plan")).json()
    drop = {"dropped_on": "2026-03-02", "ground": "not-possible"}
    path = f"{case}/plan/activities/{shown['activities'][0]['activity_id']}/drop"
    assert (await post(client, path, drop))["events"] == ["ActivityDropped"]
    closing = {"closed_on": "2026-03-03", "ground": "participant-left"}
    closed = await post(client, f"{case}/plan/closing", closing)
    assert closed["events"] == ["ActivityDropped", "PlanClosed"]
    shown = (await client.get(f"{case}/plan")).json()
    assert shown["plan"]["state"] == "closed"
    assert {one["drop_code"] for one in shown["activities"]} == {"not-possible", "plan-closed"}
    assert (await post(client, f"/cases/{UUID(int=9)}/plan", PLAN))["code"] == "case-unknown"


async def presence(client: httpx.AsyncClient, runtime: MemoryRuntime, case: str) -> str:
    started = PlacementStarted(case_id=UUID(case.removeprefix("/cases/")), starts_on=date(2026, 3, 2))
    await runtime.happened(PLACEMENT, PLACED, started)
    opening = {"activity": "arbetspraktik", "starts_on": "2026-03-02", "placement_id": str(PLACED)}
    opened = await post(client, f"{case}/presences", opening)
    assert opened["status"] == 201, opened
    return f"/presences/{opened['stream_id']}"


def week(monday: date, **missed: tuple[str, str]) -> dict[str, Any]:
    days = []
    for place, name in enumerate(("mon", "tue", "wed", "thu", "fri")):
        day = {"day": date.fromordinal(monday.toordinal() + place).isoformat()}
        share, reason = missed.get(name, ("", ""))
        days.append(day | ({"absent": share, "reason": reason} if share else {}))
    return {"week": monday.isoformat(), "days": days}


MARCH_2 = date(2026, 3, 2)


async def test_a_deviation_the_same_day_a_late_week_and_its_correction(
    client: httpx.AsyncClient, runtime: MemoryRuntime, case: str
) -> None:
    path = await presence(client, runtime, case)
    sick = {"day": "2026-03-04", "reason": "sick"}
    assert (await post(client, f"{path}/deviations", sick))["events"] == ["DeviationReported"]
    told = runtime.written[-1].event
    assert isinstance(told, DeviationReported)
    assert (told.told, told.reported_on, told.day) == ("af", date(2026, 3, 4), date(2026, 3, 4))
    at(runtime, 3, 10)
    assert [one["next_week"] for one in (await client.get("/presences/due")).json()] == ["2026-03-02"]
    reported = await post(client, f"{path}/weeks", week(MARCH_2, wed=("1.00", "sick"), fri=("0.5", "leave")))
    assert reported["events"] == ["DeviationReported", "WeekReported"]
    shown = (await client.get(path)).json()
    assert shown["weeks"][0]["late"] is True
    assert [(one["day"], one["same_day"]) for one in shown["deviations"]] == [
        ("2026-03-04", True),
        ("2026-03-06", False),
    ]
    correction = {**week(MARCH_2, wed=("1.00", "care-of-child")), "ground": "reason-shown-later"}
    corrected = await post(client, f"{path}/corrections", correction)
    assert corrected["events"] == ["DeviationReported", "DeviationWithdrawn", "WeekCorrected"]
    shown = (await client.get(path)).json()
    assert [one["code"] for one in shown["weeks"][0]["before"]] == ["reason-shown-later"]
    assert shown["weeks"][0]["before"][0]["days"][4]["code"] == "leave", "what was said before stays"
    counted = await client.get(f"{path}/statistics", params={"first_on": "2026-03-01", "last_on": "2026-03-31"})
    assert counted.json() | {"source": ""} == {
        "first_on": "2026-03-01",
        "last_on": "2026-03-31",
        "expected_days": 5,
        "absent_days": "1.00",
        "absent_by_code": {"care-of-child": "1.00"},
        "lowers_gross": "1.00",
        "source": "",
    }
    assert (await client.get("/presences/due", params={"until": "2026-03-15"})).json() == []
    assert (await client.get("/presences/due", params={"until": "2026-03-16"})).json()[0]["next_week"] == "2026-03-09"


async def test_presence_needs_consent_and_a_placement_of_the_case(
    client: httpx.AsyncClient, runtime: MemoryRuntime, case: str
) -> None:
    municipal = {"activity": "municipal-activity", "starts_on": "2026-03-02"}
    assert (await post(client, f"{case}/presences", municipal | {"told": "fk"}))["code"] == "consent-missing"
    assert (await post(client, f"{case}/presences", municipal))["status"] == 201
    praktik = {"activity": "arbetspraktik", "starts_on": "2026-03-02", "placement_id": str(PLACED)}
    assert (await post(client, f"{case}/presences", praktik))["code"] == "presence-placement-unknown"
    await runtime.happened(PLACEMENT, PLACED, PlacementStarted(case_id=UUID(int=9), starts_on=date(2026, 3, 2)))
    assert (await post(client, f"{case}/presences", praktik))["code"] == "presence-placement-unknown"


async def test_fk_is_told_and_reports_nothing(client: httpx.AsyncClient, runtime: MemoryRuntime, case: str) -> None:
    path = await presence(client, runtime, case)
    sick = {"day": "2026-03-04", "reason": "sick"}
    assert (await post(client, f"{path}/deviations", sick, "fk"))["code"] == "not-permitted"


async def test_the_placements_end_ends_presence(client: httpx.AsyncClient, runtime: MemoryRuntime, case: str) -> None:
    path = await presence(client, runtime, case)
    assert (await post(client, f"{path}/schedule", {"from_on": "2026-03-09", "weekdays": [1, 3]}))["status"] == 200
    ended = PlacementEnded(
        case_id=UUID(case.removeprefix("/cases/")), last_day_on=date(2026, 3, 10), outcome=Outcome.JOB
    )
    await runtime.happened(PLACEMENT, PLACED, ended)
    shown = (await client.get(path)).json()
    assert (shown["state"], shown["ends_on"]) == ("ended", "2026-03-10")
    at(runtime, 3, 17)
    twice = week(date(2026, 3, 9)) | {"days": [{"day": "2026-03-09"}, {"day": "2026-03-09"}]}
    assert (await post(client, f"{path}/weeks", twice))["code"] == "day-twice"
    only = {"week": "2026-03-09", "days": [{"day": "2026-03-09"}]}
    assert (await post(client, f"{path}/weeks", only))["events"] == ["WeekReported"]
    assert (await post(client, f"{path}/weeks", week(MARCH_2)))["events"] == ["WeekReported"]
    assert (await client.get(path)).json()["next_week"] is None
    assert (await post(client, f"{path}/end", {"ends_on": "2026-03-31"}))["events"] == ["PresenceEnded"]


async def test_a_list_of_presences_tells_nothing_of_absence(
    client: httpx.AsyncClient, runtime: MemoryRuntime, case: str
) -> None:
    path = await presence(client, runtime, case)
    await post(client, f"{path}/deviations", {"day": "2026-03-04", "reason": "sick"})
    listed = await client.get("/presences", params={"case_id": case.removeprefix("/cases/")})
    assert listed.json()[0]["told"] == "af"
    assert "sick" not in listed.text
    assert "sick" in (await client.get("/absence-reasons")).text
    unknown = await client.get(
        f"/presences/{UUID(int=9)}/statistics", params={"first_on": "2026-03-01", "last_on": "2026-03-31"}
    )
    assert unknown.json()["code"] == "presence-unknown"


async def test_a_caseworker_with_a_conflict_of_interest_works_on_none_of_it(
    client: httpx.AsyncClient, runtime: MemoryRuntime, case: str
) -> None:
    path = await presence(client, runtime, case)
    opened = await post(client, f"{case}/measurements", {"occasion": "extra", "due_on": "2026-03-04"})
    assert (await post(client, f"{case}/plan", PLAN))["status"] == 200
    declared = {"caseworker": "kommun-1", "declared_on": "2026-03-03", "ground": "other"}
    assert (await post(client, f"{case}/conflicts", declared))["status"] == 200
    asked = (
        (f"{case}/plan", PLAN),
        (f"{case}/plan/signatures", {"party": "kommun", "revision": 1, "signed_on": "2026-03-04"}),
        (f"{case}/plan/closing", {"closed_on": "2026-03-04", "ground": "no-progress"}),
        (f"{path}/deviations", {"day": "2026-03-04", "reason": "sick"}),
        (f"{path}/end", {"ends_on": "2026-03-04"}),
        (f"{case}/measurements", {"occasion": "extra", "due_on": "2026-03-05"}),
        (f"/measurements/{opened['stream_id']}/answers", {"answered_on": "2026-03-04", "answers": {"health": 3}}),
    )
    written = len(runtime.written)
    for url, body in asked:
        headers = {"Idempotency-Key": f"k-{next(_keys)}", "Samverkan-Agency": "kommun"}
        answer = await client.post(url, json=body, headers=headers | {"Samverkan-Actor": "kommun-1"})
        assert answer.json()["code"] == "conflict-of-interest", url
        assert (await post(client, url, body))["code"] == "actor-missing", url
    assert len(runtime.written) == written
    headers = {"Idempotency-Key": f"k-{next(_keys)}", "Samverkan-Agency": "kommun", "Samverkan-Actor": "kommun-2"}
    assert (await client.post(f"{path}/end", json={"ends_on": "2026-03-04"}, headers=headers)).status_code == 200


async def test_while_a_case_is_paused_nothing_is_due_and_at_its_exit_a_measurement_is(
    client: httpx.AsyncClient, runtime: MemoryRuntime, case: str
) -> None:
    at(runtime, 5, 4)
    assert len((await client.get("/measurements/due")).json()) == 1
    pause = {"paused_on": "2026-05-04", "cause": "waiting-for-insats"}
    assert (await post(client, f"{case}/pause", pause))["status"] == 200
    assert (await client.get("/measurements/due")).json() == []
    assert (await post(client, f"{case}/resumption", {"resumed_on": "2026-05-04"}))["status"] == 200
    closing = {"begun_on": "2026-05-04", "planned_on": "2026-05-15"}
    assert (await post(client, f"{case}/closing", closing))["status"] == 200
    (due,) = (await client.get("/measurements/due", params={"until": "2026-05-31"})).json()
    assert (due["occasion"], due["due_on"]) == ("exit", "2026-05-15")
    at(runtime, 5, 15)
    await post(client, f"{case}/assessments", {"assessed_on": "2026-05-15", "scores": FIVE})
    assert (await client.get("/measurements/due", params={"until": "2026-12-31"})).json() == []
