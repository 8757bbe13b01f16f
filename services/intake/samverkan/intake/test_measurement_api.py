"""Measurements and the individual gain through HTTP."""

from uuid import UUID

import httpx

from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.intake.api_examples import FIVE, at, told
from samverkan.schemas.participant import AssessmentRecorded


async def test_two_agencies_measure_and_the_gain_is_shown(
    client: httpx.AsyncClient, runtime: MemoryRuntime, case: str
) -> None:
    at(runtime, 5, 4)
    due = (await client.get("/measurements/due")).json()
    assert [(one["due_on"], one["overdue_days"]) for one in due] == [("2026-05-03", 1)]
    opening = {"occasion": "quarterly", "due_on": "2026-05-03"}
    opened = await told(client, f"{case}/measurements", opening)
    assert (opened["status"], opened["events"]) == (201, ["MeasurementOpened"])
    path = f"/measurements/{opened['stream_id']}"
    health = {"answered_on": "2026-05-04", "answers": {"health": 4}}
    rest = {"answered_on": "2026-05-04", "answers": {**{k: v for k, v in FIVE.items() if k != "health"}}}
    assert (await told(client, f"{path}/assessment", {}))["code"] == "measurement-incomplete"
    assert (await told(client, f"{path}/answers", health, "region"))["events"] == ["MeasurementAnswered"]
    assert (await client.get(path)).json()["waiting_for"] == [code for code in FIVE if code != "health"]
    assert (await told(client, f"{path}/answers", rest, "fk"))["code"] == "question-of-another-agency"
    assert (await told(client, f"{path}/answers", rest))["events"] == ["MeasurementAnswered", "MeasurementCompleted"]
    assert (await told(client, f"{path}/assessment", {}))["events"] == ["AssessmentRecorded"]
    assert (await told(client, f"{path}/assessment", {}))["events"] == []
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
    opened = await told(client, f"{case}/measurements", {"occasion": "extra", "due_on": "2026-03-04"})
    path = f"/measurements/{opened['stream_id']}"
    cancel = {"ground": "participant-declined", "cancelled_on": "2026-03-04"}
    assert (await told(client, f"{path}/cancellation", cancel))["events"] == ["MeasurementCancelled"]
    listed = (await client.get("/measurements", params={"state": "cancelled"})).json()
    assert [one["cancel_code"] for one in listed] == ["participant-declined"]


async def test_measurements_of_no_case_or_instrument_are_refused(client: httpx.AsyncClient, case: str) -> None:
    opening = {"occasion": "quarterly", "due_on": "2026-05-03"}
    assert (await told(client, f"/cases/{UUID(int=9)}/measurements", opening))["code"] == "case-unknown"
    unknown = await told(client, f"{case}/measurements", {**opening, "instrument_version": 2})
    assert unknown["code"] == "instrument-unknown"
    assert (await told(client, f"/measurements/{UUID(int=9)}/assessment", {}))["code"] == "measurement-unknown"
    assert (await client.get(f"/cases/{UUID(int=9)}/gain")).status_code == 404


async def test_the_instruments_are_shown_in_both_languages(client: httpx.AsyncClient) -> None:
    (five,) = (await client.get("/instruments")).json()
    assert five["domains"][1]["questions"][0]["sv"] == "Hur mår du, i kropp och själ?"
    assert len(five["steps"]) == 5


async def test_while_a_case_is_paused_nothing_is_due_and_at_its_exit_a_measurement_is(
    client: httpx.AsyncClient, runtime: MemoryRuntime, case: str
) -> None:
    at(runtime, 5, 4)
    assert len((await client.get("/measurements/due")).json()) == 1
    pause = {"paused_on": "2026-05-04", "cause": "waiting-for-insats"}
    assert (await told(client, f"{case}/pause", pause))["status"] == 200
    assert (await client.get("/measurements/due")).json() == []
    assert (await told(client, f"{case}/resumption", {"resumed_on": "2026-05-04"}))["status"] == 200
    closing = {"begun_on": "2026-05-04", "planned_on": "2026-05-15"}
    assert (await told(client, f"{case}/closing", closing))["status"] == 200
    (due,) = (await client.get("/measurements/due", params={"until": "2026-05-31"})).json()
    assert (due["occasion"], due["due_on"]) == ("exit", "2026-05-15")
    at(runtime, 5, 15)
    await told(client, f"{case}/assessments", {"assessed_on": "2026-05-15", "scores": FIVE})
    assert (await client.get("/measurements/due", params={"until": "2026-12-31"})).json() == []
