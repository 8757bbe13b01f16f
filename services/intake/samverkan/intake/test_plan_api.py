"""The plan through HTTP."""

from typing import Any
from uuid import UUID

import httpx

from samverkan.intake.api_examples import PLAN, told


async def test_a_plan_from_draft_to_change(client: httpx.AsyncClient, case: str) -> None:
    written = await told(client, f"{case}/plan", PLAN)
    assert written["events"] == ["PlanWritten", "ActivityPlanned", "ActivityPlanned"]
    assert (await told(client, f"{case}/plan", PLAN))["events"] == []
    signed: Any = None
    for party, agency in (("participant", "kommun"), ("kommun", "kommun"), ("af", "af")):
        signature = {"party": party, "revision": 1, "signed_on": "2026-02-12"}
        signed = await told(client, f"{case}/plan/signatures", signature, agency)
    assert signed["events"] == ["PlanSigned", "PlanAgreed"]
    shown = (await client.get(f"{case}/plan")).json()
    assert (shown["plan"]["state"], shown["plan"]["agreed_on"]) == ("in-force", "2026-02-12")
    visit = next(one["activity_id"] for one in shown["activities"] if one["responsible"] == "kommun")
    late = (await client.get("/plan-activities", params={"responsible": "kommun"})).json()
    assert [(one["activity_id"], one["days_left"]) for one in late] == [(visit, -12)]
    assert (await client.get("/plan-activities", params={"until": "2026-03-06"})).json()[0]["due_on"]
    done = {"done_on": "2026-02-23", "words": {"work": ["Arbetsplatsen kunde inte tidigare"]}}
    assert (await told(client, f"{case}/plan/activities/{visit}/done", done))["events"] == ["ActivityDone"]
    assert (await client.get("/plan-activities", params={"responsible": "kommun"})).json() == []
    change = {**PLAN, "written_on": "2026-03-02", "goals": {"work": ["Ett arbete", "Körkort"]}}
    change["activities"] = PLAN["activities"][1:]
    assert (await told(client, f"{case}/plan", change))["events"] == ["PlanWritten", "ActivityPlanned"]
    shown = (await client.get(f"{case}/plan")).json()["plan"]
    assert (shown["state"], shown["revision"], shown["agreed_revision"], shown["signed_by"]) == ("changed", 2, 1, [])
    assert [len(one["signatures"]) for one in shown["revisions"]] == [3, 0]
    old = {"party": "af", "revision": 1, "signed_on": "2026-03-02"}
    assert (await told(client, f"{case}/plan/signatures", old, "af"))["code"] == "plan-revision-not-current"


async def test_a_plans_list_of_what_is_due_tells_nothing_of_the_person(client: httpx.AsyncClient, case: str) -> None:
    await told(client, f"{case}/plan", PLAN)
    listed = (await client.get("/plan-activities", params={"until": "2026-12-31"})).text
    assert "Boka" not in listed and "ledsagar" not in listed


async def test_a_plan_ends_and_what_is_undone_with_it(client: httpx.AsyncClient, case: str) -> None:
    await told(client, f"{case}/plan", PLAN)
    shown = (await client.get(f"{case}/plan")).json()
    drop = {"dropped_on": "2026-03-02", "ground": "not-possible"}
    path = f"{case}/plan/activities/{shown['activities'][0]['activity_id']}/drop"
    assert (await told(client, path, drop))["events"] == ["ActivityDropped"]
    closing = {"closed_on": "2026-03-03", "ground": "participant-left"}
    closed = await told(client, f"{case}/plan/closing", closing)
    assert closed["events"] == ["ActivityDropped", "PlanClosed"]
    shown = (await client.get(f"{case}/plan")).json()
    assert shown["plan"]["state"] == "closed"
    assert {one["drop_code"] for one in shown["activities"]} == {"not-possible", "plan-closed"}
    assert (await told(client, f"/cases/{UUID(int=9)}/plan", PLAN))["code"] == "case-unknown"
