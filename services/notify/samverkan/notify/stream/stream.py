"""What stands on an agency's page as it happens: server-sent events (WHATWG HTML §9.2), read from the log.

Each stream has its own place in the log and reads on from there at the speed of its client: nothing is kept in memory
for a slow one, and a client that comes back with Last-Event-ID misses nothing and gets nothing twice, from whichever
replica. That something was sent here proves nothing: proof of delivery is mail and webhook only.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

import orjson
import structlog
from fastapi.sse import format_sse_event

from samverkan.backbone.database import sql
from samverkan.backbone.errors import Transient
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.runtime import Runtime
from samverkan.schemas.notification import (
    NotificationDelivered,
    NotificationFailed,
    NotificationQueued,
    NotificationRequeued,
)

_PAGE: Final = 100  # events read at once: at most so many wait in memory for one client
_RETRY_MS: Final = 3_000  # when a browser comes back after a broken connection

log = structlog.stdlib.get_logger(__name__)


@dataclass
class Streams:
    """All streams of this process. `run` is the worker that looks for news; without it none is found."""

    poll_interval_seconds: float
    heartbeat_seconds: float
    at_most: int
    _head: int = -1
    _open: int = 0
    _closing: bool = False
    _moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def run(self, runtime: Runtime) -> None:
        """Look for news until cancelled; then every stream ends, so that a draining process need not wait for them."""
        try:
            while True:
                try:
                    await self._look(runtime)
                except Transient as error:
                    log.warning("stream_poll_failed", code=error.code)
                await asyncio.sleep(self.poll_interval_seconds)
        finally:
            self._closing = True
            async with self._moved:
                self._moved.notify_all()

    async def open(self, runtime: Runtime, recipient: str, after: int | None) -> AsyncIterator[bytes]:
        """The stream of an agency from after this log index on, or from now on.

        Transient `streams-full`: too many are open; come again. A place beyond the log's end is one of another time,
        before the database was put back: then the stream begins at the end, and the page asks for the whole again.
        """
        if self._open >= self.at_most or self._closing:
            raise Transient("streams-full")
        head = await _head(runtime)
        place = head if after is None or after > head else after
        return self._told(runtime, recipient, place)

    async def _told(self, runtime: Runtime, recipient: str, place: int) -> AsyncIterator[bytes]:
        self._open += 1
        try:
            yield format_sse_event(id=str(place), retry=_RETRY_MS)
            while not self._closing:
                place, news = await _news(runtime, recipient, place)
                for index, content in news:
                    yield format_sse_event(data_str=content.decode(), event="notification", id=str(index))
                if not news and not await self._wait(place):
                    yield format_sse_event(comment="alive", id=str(place))
        except Transient as error:  # the browser comes back by itself, perhaps to another replica
            log.warning("stream_ended", code=error.code)
        finally:
            self._open -= 1

    async def _look(self, runtime: Runtime) -> None:
        head = await _head(runtime)
        if head != self._head:
            self._head = head
            async with self._moved:
                self._moved.notify_all()

    async def _wait(self, place: int) -> bool:
        """Until the log has moved on from `place`, or a heartbeat is due: then False."""
        until = monotonic() + self.heartbeat_seconds
        async with self._moved:
            while self._head <= place and not self._closing:
                try:
                    async with asyncio.timeout(until - monotonic()):
                        await self._moved.wait()
                except TimeoutError:
                    return False
        return True


async def _head(runtime: Runtime) -> int:
    async with runtime.transaction() as connection:
        return int(await connection.fetchval(sql(__package__, "head.sql")))


async def _news(runtime: Runtime, recipient: str, place: int) -> tuple[int, Sequence[tuple[int, bytes]]]:
    """How far the log was read, and what of it is told."""
    async with runtime.transaction() as connection:
        head = int(await connection.fetchval(sql(__package__, "head.sql")))
        rows = await connection.fetch(sql(__package__, "published.sql"), place, recipient, _PAGE)
    read_up_to = rows[-1]["logindex"] if len(rows) == _PAGE else max(head, place)
    told = ((row["logindex"], _content(Journal.recorded(row))) for row in rows if row["logindex"] <= read_up_to)
    return read_up_to, [(index, content) for index, content in told if content is not None]


def _content(recorded: Recorded) -> bytes | None:
    """What a page is told of the event; None when it is nothing."""
    match recorded.event:
        case NotificationQueued() as queued:
            told: dict[str, Any] = {
                "state": "listed" if queued.channel.value == "page" else "queued",
                "template": queued.template,
                "about_event": queued.about_event,
                "due_on": queued.due_on,
            }
        case NotificationRequeued():
            told = {"state": "queued"}
        case NotificationDelivered():
            told = {"state": "delivered"}
        case NotificationFailed(code=code):
            told = {"state": "failed", "failure_code": code}
        case _:
            return None
    envelope = recorded.envelope
    whole = {
        "notification_id": envelope.stream_id,
        "case_id": getattr(recorded.event, "case_id", None),
        "channel": recorded.event.channel.value,
        "at": envelope.recorded_at,
        **told,
    }
    return orjson.dumps(whole, option=orjson.OPT_UTC_Z)
