"""Requests over HTTP, for tests: a participant of story 1 who is enrolled, with a plan and presence at a praktik."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any, Final
from uuid import UUID

import httpx

from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.schemas.catalogue import PLACEMENT
from samverkan.schemas.placement import PlacementStarted

FIVE: Final = {
    "structure-of-day": 2,
    "health": 2,
    "social-network": 3,
    "skills-and-language": 4,
    "readiness-to-work": 2,
}
PLAN: Final[dict[str, Any]] = {
    "written_on": "2026-02-11",
    "goals": {"work": ["Ett arbete att växa i"], "health": ["Sova om natten"]},
    "activities": [
        {"responsible": "kommun", "due_on": "2026-02-20", "words": {"work": ["Besöka ledsagarservice"]}},
        {"responsible": "participant", "due_on": "2026-03-06", "words": {"health": ["Boka tid"]}},
    ],
    "parties": ["participant", "kommun", "af"],
}
PLACED: Final = UUID(int=2)
_keys = count(1)


async def post(
    client: httpx.AsyncClient,
    path: str,
    body: Any,
    agency: str = "kommun",
    *,
    actor: str | None = None,
    key: str | None = None,
) -> httpx.Response:
    """A command, with a key of its own unless one is given."""
    headers = {"Idempotency-Key": key or f"k-{next(_keys)}", "Samverkan-Agency": agency}
    return await client.post(path, json=body, headers=headers | ({} if actor is None else {"Samverkan-Actor": actor}))


async def told(client: httpx.AsyncClient, path: str, body: Any, agency: str = "kommun") -> Any:
    """What a command is answered, its `status` with it."""
    answer = await post(client, path, body, agency)
    return answer.json() | {"status": answer.status_code}


def at(runtime: MemoryRuntime, month: int, day: int) -> None:
    """It is nine in the morning of that day in 2026."""
    runtime.clock = datetime(2026, month, day, 8, 0, tzinfo=UTC)


async def enrolled(client: httpx.AsyncClient) -> str:
    """The path of a case that is active, with the consents of the municipality and AF."""
    referral = {
        "person_number": "198808112380",
        "programme": "introduktionsjobb",
        "referred_by": "kommun",
        "agencies_needed": ["kommun"],
        "received_on": "2026-02-02",
    }
    path = f"/cases/{(await told(client, '/referrals', referral))['stream_id']}"
    for agency in ("kommun", "af"):
        consent = {"agency": agency, "purpose": "shared-case", "compartments": ["identity"], "given_on": "2026-02-03"}
        await told(client, f"{path}/consents", consent)
    await told(client, f"{path}/assessments", {"assessed_on": "2026-02-03", "scores": FIVE})
    enrolment = {"programme": "introduktionsjobb", "enrolled_on": "2026-02-10", "in_job_programme": True}
    assert (await told(client, f"{path}/enrolment", enrolment))["status"] == 200
    return path


async def presence(client: httpx.AsyncClient, runtime: MemoryRuntime, case: str, agency: str = "af") -> str:
    """The path of a presence at a praktik from 2 March on; deviations reach this agency."""
    started = PlacementStarted(case_id=UUID(case.removeprefix("/cases/")), starts_on=date(2026, 3, 2))
    await runtime.happened(PLACEMENT, PLACED, started)
    opening = {"activity": "arbetspraktik", "starts_on": "2026-03-02", "placement_id": str(PLACED), "told": agency}
    opened = await told(client, f"{case}/presences", opening)
    assert opened["status"] == 201, opened
    return f"/presences/{opened['stream_id']}"
