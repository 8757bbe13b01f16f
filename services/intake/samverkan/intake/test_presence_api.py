"""Presence through HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx

from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.intake.api_examples import PLACED, at, presence, told
from samverkan.schemas.catalogue import PLACEMENT
from samverkan.schemas.placement import Outcome, PlacementEnded, PlacementStarted
from samverkan.schemas.support import DeviationReported


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
    assert (await told(client, f"{path}/deviations", sick))["events"] == ["DeviationReported"]
    written = runtime.written[-1].event
    assert isinstance(written, DeviationReported)
    assert (written.told, written.reported_on, written.day) == ("af", date(2026, 3, 4), date(2026, 3, 4))
    at(runtime, 3, 10)
    assert [one["next_week"] for one in (await client.get("/presences/due")).json()] == ["2026-03-02"]
    reported = await told(client, f"{path}/weeks", week(MARCH_2, wed=("1.00", "sick"), fri=("0.5", "leave")))
    assert reported["events"] == ["DeviationReported", "WeekReported"]
    shown = (await client.get(path)).json()
    assert shown["weeks"][0]["late"] is True
    assert [(one["day"], one["same_day"]) for one in shown["deviations"]] == [
        ("2026-03-04", True),
        ("2026-03-06", False),
    ]
    correction = {**week(MARCH_2, wed=("1.00", "care-of-child")), "ground": "reason-shown-later"}
    corrected = await told(client, f"{path}/corrections", correction)
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
    assert (await told(client, f"{case}/presences", municipal | {"told": "fk"}))["code"] == "consent-missing"
    assert (await told(client, f"{case}/presences", municipal))["status"] == 201
    praktik = {"activity": "arbetspraktik", "starts_on": "2026-03-02", "placement_id": str(PLACED)}
    assert (await told(client, f"{case}/presences", praktik))["code"] == "presence-placement-unknown"
    await runtime.happened(PLACEMENT, PLACED, PlacementStarted(case_id=UUID(int=9), starts_on=date(2026, 3, 2)))
    assert (await told(client, f"{case}/presences", praktik))["code"] == "presence-placement-unknown"


async def test_fk_is_told_and_reports_nothing(client: httpx.AsyncClient, runtime: MemoryRuntime, case: str) -> None:
    path = await presence(client, runtime, case)
    sick = {"day": "2026-03-04", "reason": "sick"}
    assert (await told(client, f"{path}/deviations", sick, "fk"))["code"] == "not-permitted"


async def test_after_a_withdrawal_no_deviation_is_addressed_to_that_agency(
    client: httpx.AsyncClient, runtime: MemoryRuntime, case: str
) -> None:
    consent = {"agency": "fk", "purpose": "shared-case", "compartments": ["economy"], "given_on": "2026-02-03"}
    assert (await told(client, f"{case}/consents", consent))["status"] == 200
    path = await presence(client, runtime, case, "fk")
    sick = {"day": "2026-03-04", "reason": "sick"}
    withdrawal = {"agency": "fk", "withdrawn_on": "2026-03-04"}
    assert (await told(client, f"{case}/consents/withdrawal", withdrawal))["status"] == 200
    assert (await told(client, f"{path}/deviations", sick))["code"] == "deviation-without-consent"
    at(runtime, 3, 9)
    reported = await told(client, f"{path}/weeks", week(MARCH_2, wed=("1.00", "sick")))
    assert reported["events"] == ["WeekReported"]
    assert not any(isinstance(one.event, DeviationReported) for one in runtime.written)


async def test_the_placements_end_ends_presence(client: httpx.AsyncClient, runtime: MemoryRuntime, case: str) -> None:
    path = await presence(client, runtime, case)
    assert (await told(client, f"{path}/schedule", {"from_on": "2026-03-09", "weekdays": [1, 3]}))["status"] == 200
    ended = PlacementEnded(
        case_id=UUID(case.removeprefix("/cases/")), last_day_on=date(2026, 3, 10), outcome=Outcome.JOB
    )
    await runtime.happened(PLACEMENT, PLACED, ended)
    shown = (await client.get(path)).json()
    assert (shown["state"], shown["ends_on"]) == ("ended", "2026-03-10")
    at(runtime, 3, 17)
    twice = week(date(2026, 3, 9)) | {"days": [{"day": "2026-03-09"}, {"day": "2026-03-09"}]}
    assert (await told(client, f"{path}/weeks", twice))["code"] == "day-twice"
    only = {"week": "2026-03-09", "days": [{"day": "2026-03-09"}]}
    assert (await told(client, f"{path}/weeks", only))["events"] == ["WeekReported"]
    assert (await told(client, f"{path}/weeks", week(MARCH_2)))["events"] == ["WeekReported"]
    assert (await client.get(path)).json()["next_week"] is None
    assert (await told(client, f"{path}/end", {"ends_on": "2026-03-31"}))["events"] == ["PresenceEnded"]


async def test_a_list_of_presences_tells_nothing_of_absence(
    client: httpx.AsyncClient, runtime: MemoryRuntime, case: str
) -> None:
    path = await presence(client, runtime, case)
    await told(client, f"{path}/deviations", {"day": "2026-03-04", "reason": "sick"})
    listed = await client.get("/presences", params={"case_id": case.removeprefix("/cases/")})
    assert listed.json()[0]["told"] == "af"
    assert "sick" not in listed.text
    assert "sick" in (await client.get("/absence-reasons")).text
    unknown = await client.get(
        f"/presences/{UUID(int=9)}/statistics", params={"first_on": "2026-03-01", "last_on": "2026-03-31"}
    )
    assert unknown.json()["code"] == "presence-unknown"
