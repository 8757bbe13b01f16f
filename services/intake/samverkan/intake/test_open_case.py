"""Who may work on a case's measurements, plan and presence, and when."""

from typing import Any
from uuid import UUID

import httpx

from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.intake.api_examples import PLAN, post, presence, told


async def test_a_caseworker_with_a_conflict_of_interest_works_on_none_of_it(
    client: httpx.AsyncClient, runtime: MemoryRuntime, case: str
) -> None:
    path = await presence(client, runtime, case)
    opened = await told(client, f"{case}/measurements", {"occasion": "extra", "due_on": "2026-03-04"})
    assert (await told(client, f"{case}/plan", PLAN))["status"] == 200
    declared = {"caseworker": "kommun-1", "declared_on": "2026-03-03", "ground": "other"}
    assert (await told(client, f"{case}/conflicts", declared))["status"] == 200
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
        answer = await post(client, url, body, actor="kommun-1")
        assert answer.json()["code"] == "conflict-of-interest", url
        assert (await told(client, url, body))["code"] == "actor-missing", url
    assert len(runtime.written) == written
    assert (await post(client, f"{path}/end", {"ends_on": "2026-03-04"}, actor="kommun-2")).status_code == 200


async def test_a_caseworker_of_another_municipality_works_on_none_of_it(
    client: httpx.AsyncClient, runtime: MemoryRuntime, case: str
) -> None:
    path = await presence(client, runtime, case)
    assert (await told(client, f"{case}/plan", PLAN))["status"] == 200
    asked: tuple[tuple[str, Any], ...] = (
        (f"{case}/plan/closing", {"closed_on": "2026-03-04", "ground": "no-progress"}),
        (f"{path}/deviations", {"day": "2026-03-04", "reason": "sick"}),
        (f"{case}/measurements", {"occasion": "extra", "due_on": "2026-03-05"}),
        (f"{case}/papers/plan", {}),
        (f"{case}/pause", {"paused_on": "2026-03-04", "cause": "illness"}),
    )
    for url, body in asked:
        answer = await post(client, url, body, "kommun-sundsvall")
        assert (answer.status_code, answer.json()["code"]) == (403, "another-municipality"), url
    for url, body in asked[:3]:
        assert (await post(client, url, body, "socialtjanst")).status_code in {200, 201}, url


FOLLOWED_UP = {"recorded_on": "2026-03-04", "occupations": {"work": 100}, "livelihood": {"no-public-support": 100}}


async def test_a_plan_and_what_nobody_measured_end_with_the_exit_and_nobody_is_reminded(
    client: httpx.AsyncClient, runtime: MemoryRuntime, case: str
) -> None:
    await told(client, f"{case}/plan", PLAN)
    opened = await told(client, f"{case}/measurements", {"occasion": "exit", "due_on": "2026-03-04"})
    closing = {"begun_on": "2026-03-04", "planned_on": "2026-03-04"}
    assert (await told(client, f"{case}/closing", closing))["status"] == 200
    exiting = {"exited_on": "2026-03-04", "cause": "work"}
    assert (await told(client, f"{case}/exit", exiting))["code"] == "entry-record-missing"
    assert (await client.get(f"{case}/plan")).json()["plan"]["state"] == "draft", "refused, nothing has ended"
    for moment in ("entry", "exit"):
        await told(client, f"{case}/follow-ups", {**FOLLOWED_UP, "moment": moment})
    first = await post(client, f"{case}/exit", exiting, key="exit")
    assert (first.status_code, first.json()["events"]) == (200, ["ParticipantExited"])
    shown = (await client.get(f"{case}/plan")).json()
    assert (shown["plan"]["state"], shown["plan"]["close_code"]) == ("closed", "case-ended")
    assert (await client.get("/plan-activities", params={"until": "2026-12-31"})).json() == []
    measured = (await client.get(f"/measurements/{opened['stream_id']}")).json()
    assert (measured["state"], measured["cancel_code"]) == ("cancelled", "case-ended")
    written = len(runtime.written)
    assert (await post(client, f"{case}/exit", exiting, key="exit")).json()["repeated"] is True
    assert (await told(client, f"{case}/exit", exiting))["events"] == []
    assert len(runtime.written) == written
    assert {one.envelope.correlation_id for one in runtime.written[-5:]} == {UUID(case.removeprefix("/cases/"))}


async def test_a_plan_ends_too_where_a_participation_never_begins_or_goes_on_without_a_name(
    client: httpx.AsyncClient, case: str
) -> None:
    await told(client, f"{case}/plan", PLAN)
    assert (await told(client, f"{case}/anonymity", {"programme": "introduktionsjobb"}))["status"] == 200
    assert (await client.get(f"{case}/plan")).json()["plan"]["close_code"] == "case-ended"


async def test_an_id_of_something_else_is_not_found(client: httpx.AsyncClient, case: str) -> None:
    """Case, measurement, plan and presence share a topic, and so their ids."""
    planned = (await told(client, f"{case}/plan", PLAN))["stream_id"]
    for url, body in (
        (
            f"/measurements/{case.removeprefix('/cases/')}/answers",
            {"answered_on": "2026-03-04", "answers": {"health": 3}},
        ),
        (f"/measurements/{planned}/assessment", {}),
        (f"/presences/{planned}/end", {"ends_on": "2026-03-04"}),
        (f"/cases/{planned}/pause", {"paused_on": "2026-03-04", "cause": "illness"}),
        (f"/cases/{planned}/exit", {"exited_on": "2026-03-04", "cause": "work"}),
        (f"/cases/{planned}/plan", PLAN),
    ):
        answer = await told(client, url, body)
        assert answer["status"] == 404, (url, answer)
