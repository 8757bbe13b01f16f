"""S6 over HTTP: the operator of a store repairs it; nobody else does, and nothing is done twice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from records import placed, raw
from samverkan.backbone.clock import SystemClock
from samverkan.backbone.http.build import build_http
from samverkan.backbone.http.repairing import repairing
from samverkan.backbone.http.texts import Texts
from samverkan.backbone.parking import repairs
from samverkan.backbone.parking.repairs import Repairs
from samverkan.backbone.service import Service
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.backbone.testing.refusals import raised
from world import Follower, World, topic_named

TOPIC = topic_named("samverkan.participant.s6http")
OPERATOR = {"Samverkan-Agency": "af", "Samverkan-Actor": "drift-7"}
WHY = "wrong by the sender's own words"


@dataclass
class Operated:
    """A store with one parked stream (at version 2) and one rejected record (at offset 4), and its HTTP."""

    follower: Follower
    bad: UUID
    client: httpx.AsyncClient

    async def post(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        keyed = {"Idempotency-Key": str(uuid4()), **OPERATOR, **{k.replace("_", "-"): v for k, v in headers.items()}}
        return await self.client.post(f"/operations{path}", json=body, headers=keyed)


@asynccontextmanager
async def operated(world: World) -> AsyncIterator[Operated]:
    async with world.store() as pool:
        follower, bad = Follower(pool, [TOPIC], name="agency.af"), uuid4()
        log = [raw(TOPIC, bad, v, v, purpose="poison" if v == 2 else "test") for v in (1, 2, 3, 4)]
        await follower.applier.apply(placed(TOPIC, [*log, raw(TOPIC, uuid4(), 1, 9).without("subject")]))
        service = Service("agency.af", (TOPIC,))
        routes = repairing("agency.af", pool, Repairs(pool, "agency.af", SystemClock()))
        runtime = MemoryRuntime(service, datetime(2026, 3, 2, tzinfo=UTC))
        app = build_http(service, runtime, Health(), repairs=routes)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://af") as client:
            yield Operated(follower, bad, client)


async def test_s6_what_stands_still_is_read_by_its_operator_only(world: World) -> None:
    async with operated(world) as one:
        answer = await one.client.get("/operations/parked", headers=OPERATOR)
        (stream,), (record,) = answer.json()["streams"], answer.json()["rejected"]
        assert (stream["stream_id"], stream["version"], stream["code"]) == (str(one.bad), 2, "fold-raised")
        assert (record["offset"], record["code"]) == (4, "envelope-attribute-missing")
        shown = (await one.client.get(f"/operations/parked/{one.bad}", headers=OPERATOR)).json()
        assert [event["version"] for event in shown["behind"]] == [3, 4]
        assert (await one.client.get(f"/operations/parked/{uuid4()}", headers=OPERATOR)).status_code == 404
        stranger = await one.client.get("/operations/parked", headers={"Samverkan-Agency": "fk"})
        assert (stranger.status_code, stranger.json()["code"]) == (403, "not-permitted")
        assert (await one.client.get("/operations/parked")).status_code == 400


async def test_s6_a_skip_over_http_is_done_once_however_often_it_is_sent(world: World) -> None:
    async with operated(world) as one:
        path, body = f"/parked/{one.bad}/skip", {"version": 2, "reason": WHY}
        first = await one.post(path, body, Idempotency_Key="k")
        again = await one.post(path, body, Idempotency_Key="k")
        assert (first.status_code, first.json()["version"], first.json()["queued"]) == (200, 2, 2)
        assert again.json() == first.json()
        other = await one.post(path, {"version": 3, "reason": WHY}, Idempotency_Key="k")
        assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
        await one.follower.applier.retry_due()
        assert await one.follower.tallies() == {one.bad: (1, 3, 4)}
        noted = await one.follower.pool.fetch("select repaired_by, reason from repair")
        assert [tuple(row) for row in noted] == [("drift-7", WHY)]


async def test_s6_a_refused_repair_says_why_in_both_languages(world: World) -> None:
    async with operated(world) as one:
        path, body = f"/parked/{one.bad}/skip", {"version": 3, "reason": WHY}
        swedish = await one.post(path, body)
        english = await one.post(path, body, Accept_Language="en")
        assert (swedish.status_code, swedish.json()["code"]) == (409, "not-parked-there")
        assert "står still vid version 2" in swedish.json()["detail"]
        assert "stands still at version 2" in english.json()["detail"]
        assert (await one.post(path, {"version": 2, "reason": " "})).status_code == 422
        assert (await one.post(path, {"version": 2})).status_code == 422
        told = await one.post(path, {"version": 2, "reason": "about 19991228-2382"})
        assert (told.status_code, told.json()["code"]) == (422, "reason-tells-of-a-person")
        assert "2382" not in told.text
        strangers = await one.post(path, {"version": 2, "reason": WHY}, Samverkan_Agency="fk")
        assert (strangers.status_code, strangers.json()["code"]) == (403, "not-permitted")
        nobody = await one.client.post(
            f"/operations{path}",
            json={"version": 2, "reason": WHY},
            headers={"Idempotency-Key": "n", "Samverkan-Agency": "af"},
        )
        assert (nobody.status_code, nobody.json()["code"]) == (422, "name-missing")
        assert await one.follower.pool.fetchval("select count(*) from repair") == 0


async def test_s6_retry_and_acknowledge_over_http(world: World) -> None:
    async with operated(world) as one:
        retried = await one.post(f"/parked/{one.bad}/retry")
        assert [stream["stream_id"] for stream in retried.json()] == [str(one.bad)]
        assert await one.follower.applier.retry_due() is not None
        assert [stream["version"] for stream in (await one.post("/parked/retry")).json()] == [2]
        assert (await one.post(f"/parked/{uuid4()}/retry")).json()["code"] == "not-parked"
        path = f"/set-aside/{TOPIC.name}/0/4/acknowledge"
        assert (await one.post(path, {"reason": WHY})).json()["code"] == "envelope-attribute-missing"
        assert (await one.post(path, {"reason": WHY})).json()["code"] == "acknowledged-before"
        unknown = await one.post(f"/set-aside/{TOPIC.name}/0/3/acknowledge", {"reason": WHY})
        assert (unknown.status_code, unknown.json()["code"]) == (404, "record-unknown")
        left = (await one.client.get("/operations/parked", headers=OPERATOR)).json()
        assert left["rejected"] == [] and len(left["streams"]) == 1


def test_every_refusal_of_a_repair_has_a_text_in_both_languages() -> None:
    codes = raised(Path(repairs.__file__).parent)
    assert {"not-parked-there", "acknowledged-before", "not-found"} <= codes.keys()
    for language in ("sv", "en"):
        assert codes.keys() <= Texts(Service("plain", ())).codes(language)
