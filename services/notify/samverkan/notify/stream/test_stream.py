"""A page's stream with a real HTTP client, server and database: resumed, alive, bounded, alike on every replica."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest

from samverkan.backbone.decider import Order
from samverkan.backbone.http.build import build_http
from samverkan.backbone.http.server import HttpServer, http_server
from samverkan.backbone.telemetry.health import Health
from samverkan.notify.api import notify_router
from samverkan.notify.conftest import Live
from samverkan.notify.delivery.test_worker import settings_for
from samverkan.notify.notification import NOTIFICATION, QueueNotification, RecordDelivery, RecordFailure
from samverkan.notify.reminders.rules import read_rules
from samverkan.notify.stream.stream import Streams
from samverkan.schemas.notification import Channel

CASE = UUID("11111111-1111-4111-8111-111111111111")


@dataclass
class Replica:
    """One process' worth of streams, served over HTTP."""

    url: str
    streams: Streams
    worker: asyncio.Task[None]
    server: HttpServer


@asynccontextmanager
async def replica(live: Live, *, heartbeat: float = 30.0, at_most: int = 5) -> AsyncIterator[Replica]:
    streams = Streams(0.02, heartbeat, at_most)
    service = live.service
    object.__setattr__(service, "routers", (notify_router(read_rules(), {}, streams),))
    server = http_server(build_http(service, live.runtime, Health()), settings_for(25))
    task, worker = asyncio.create_task(server.serve()), asyncio.create_task(streams.run(live.runtime))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Replica(f"http://127.0.0.1:{port}", streams, worker, server)
    finally:
        worker.cancel()
        server.should_exit = True
        await asyncio.gather(task, worker, return_exceptions=True)


@dataclass
class Page:
    """A browser's EventSource, as far as it matters: the last id it saw, and what it was told."""

    lines: AsyncIterator[str]
    last_id: str | None = None
    comments: int = 0
    got: list[dict[str, Any]] = field(default_factory=list)
    _block: dict[str, str] = field(default_factory=dict)

    async def reads(self, number: int) -> list[dict[str, Any]]:
        """So many more messages."""
        until = len(self.got) + number
        async with asyncio.timeout(20):
            while len(self.got) < until:
                self._take(await anext(self.lines))
        return self.got[-number:]

    async def reads_comment(self) -> None:
        async with asyncio.timeout(20):
            while self.comments == 0:
                self._take(await anext(self.lines))

    def _take(self, line: str) -> None:
        if line:
            name, _, value = line.partition(": ")
            self._block[name] = value
            return
        self.last_id = self._block.get("id", self.last_id)
        self.comments += "" in self._block
        if "data" in self._block:
            self.got.append(json.loads(self._block["data"]))
        self._block.clear()


@asynccontextmanager
async def page(url: str, agency: str = "kommun", last_id: str | None = None) -> AsyncIterator[Page]:
    headers = {"Samverkan-Agency": agency} | ({} if last_id is None else {"Last-Event-ID": last_id})
    async with (
        httpx.AsyncClient(timeout=20) as client,
        client.stream("GET", f"{url}/notifications/stream", headers=headers) as response,
    ):
        assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        opened = Page(response.aiter_lines())
        async with asyncio.timeout(20):
            while opened.last_id is None:
                opened._take(await anext(opened.lines))
        yield opened


async def happens(live: Live, number: int, recipient: str = "kommun") -> UUID:
    one = uuid5(CASE, f"{recipient}/{number}")
    await live.does(Order(NOTIFICATION, one, QueueNotification(CASE, recipient, "news", one, Channel.MAIL)), "queue")
    await live.number()
    return one


async def test_a_page_is_told_of_its_agencys_notifications_as_they_come_and_of_no_other(live: Live) -> None:
    async with replica(live) as here, page(here.url) as kommun:
        await happens(live, 1, "af")
        first = await happens(live, 2)
        (told,) = await kommun.reads(1)
        assert (told["notification_id"], told["state"], told["case_id"]) == (str(first), "queued", str(CASE))
        await live.does(Order(NOTIFICATION, first, RecordDelivery("<1@x>", live.clock.instant)), "deliver")
        second = await happens(live, 3)
        await live.does(Order(NOTIFICATION, second, RecordFailure("550")), "fail")
        await live.number()
        states = [(told["notification_id"], told["state"]) for told in await kommun.reads(3)]
        assert states == [(str(first), "delivered"), (str(second), "queued"), (str(second), "failed")]


async def test_a_page_that_comes_back_misses_nothing_and_gets_nothing_twice_from_whichever_replica(live: Live) -> None:
    async with replica(live) as one:
        async with page(one.url) as before:
            await happens(live, 1)
            await before.reads(1)
        missed = [await happens(live, number) for number in range(2, 260)]  # more than one page of the log
        async with replica(live) as other, page(other.url, last_id=before.last_id) as after:
            assert [told["notification_id"] for told in await after.reads(len(missed))] == [str(one) for one in missed]
            fresh = await happens(live, 999)
            assert [told["notification_id"] for told in await after.reads(1)] == [str(fresh)]


async def test_a_new_page_begins_now(live: Live) -> None:
    await happens(live, 1)
    async with replica(live) as here, page(here.url) as fresh:
        second = await happens(live, 2)
        assert [told["notification_id"] for told in await fresh.reads(1)] == [str(second)]


async def test_a_place_of_another_time_begins_now(live: Live) -> None:
    """The database was put back: the log is shorter than what the page has seen."""
    async with replica(live) as here, page(here.url, last_id="4711") as back:
        one = await happens(live, 1)
        assert [told["notification_id"] for told in await back.reads(1)] == [str(one)]


async def test_a_silent_stream_says_that_it_is_alive(live: Live) -> None:
    async with replica(live, heartbeat=0.1) as here, page(here.url) as quiet:
        await happens(live, 1, "af")  # not for this page, yet its place moves on
        await quiet.reads_comment()


async def test_too_many_pages_are_asked_to_come_again_and_a_page_that_left_makes_room(live: Live) -> None:
    async with replica(live, at_most=1, heartbeat=0.05) as here:
        async with page(here.url), httpx.AsyncClient() as client:
            answer = await client.get(f"{here.url}/notifications/stream", headers={"Samverkan-Agency": "af"})
            assert (answer.status_code, answer.json()["code"]) == (503, "temporarily-unavailable")
            assert answer.headers["Retry-After"]
        async with asyncio.timeout(20):
            while here.streams._open:  # noqa: ASYNC110 - seen at the next heartbeat
                await asyncio.sleep(0.01)
        async with page(here.url):
            pass


async def test_a_slow_page_holds_up_nobody_and_nothing_is_kept_for_it(live: Live) -> None:
    async with replica(live) as here, page(here.url) as slow, page(here.url) as quick:
        for number in range(150):
            await happens(live, number)
        assert len(await quick.reads(150)) == 150  # while the slow one has read nothing
        assert len(await slow.reads(150)) == 150


async def test_a_stopping_process_ends_its_streams_at_once(live: Live) -> None:
    async with replica(live) as here, page(here.url) as open_page:
        here.worker.cancel()
        async with asyncio.timeout(5):
            assert [line async for line in open_page.lines if line.startswith("data")] == []


@pytest.mark.parametrize(
    "headers",
    [{}, {"Samverkan-Agency": "nobody"}, {"Samverkan-Agency": "af", "Last-Event-ID": "x"}],
)
async def test_a_malformed_request_is_refused(live: Live, headers: dict[str, str]) -> None:
    async with replica(live) as here, httpx.AsyncClient() as client:
        assert (await client.get(f"{here.url}/notifications/stream", headers=headers)).status_code == 400
