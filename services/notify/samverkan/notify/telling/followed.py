"""The events applied here, followed a second time: what a reaction may not do, which is to look at rows, is done here.

How far they were looked through is a number in a table of its own. Lost with the database it is put back together with
the events, and what was told is found told when they are looked through again.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

import structlog

from samverkan.backbone.database import sql
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.runtime import Runtime
from samverkan.schemas.codec import decode
from samverkan.schemas.entry import read_entry
from samverkan.schemas.event import Event
from samverkan.schemas.headers import from_headers
from samverkan.schemas.unreadable import Unreadable

# What one transaction looks through. While each event's messages are written the row that is held hears nothing, and
# after 15 s its session is ended (database.FROZEN_SECONDS): a hundred at 100 ms each.
AT_ONCE: Final = 100

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class Window:
    """The next events of the types that are followed; `more`: others may stand behind them."""

    events: Sequence[Recorded] = ()
    more: bool = False


class Followed(Protocol):
    """See `DatabaseFollowed`."""

    def next(self, runtime: Runtime) -> AbstractAsyncContextManager[Window]: ...


class DatabaseFollowed:
    """Kept events in the order in which they were applied, of these types. One replica at a time is given any."""

    def __init__(self, types: Collection[type[Event]]) -> None:
        self._types = {event.wire_type() for event in types}

    @asynccontextmanager
    async def next(self, runtime: Runtime) -> AsyncIterator[Window]:
        """The next events. They are done when the context ends without an exception, and come again otherwise, so what
        is done with them must bear to be done twice. Transient as usual."""
        async with runtime.transaction() as connection:
            rows = await connection.fetch(sql(__package__, "next.sql"), AT_ONCE)
            yield Window(tuple(self._wanted(rows)), more=len(rows) == AT_ONCE)
            if rows:
                await connection.execute("update municipality_told set up_to = $1", rows[-1]["applied_order"])

    def _wanted(self, rows: Iterable[Any]) -> Iterable[Recorded]:
        for row in rows:
            topic, _, headers, value = read_entry(row["entry"])
            envelope = from_headers(headers)
            if envelope.type in self._types:
                event = _read(envelope.type, value)
                if isinstance(event, Event):
                    yield Recorded(topic, envelope, event)
                else:  # a newer release applied it, and was taken back: the others are told all the same
                    log.error("told_to_nobody", about=str(envelope.id), code=event.code)


def _read(wire_type: str, value: bytes) -> Event | Unreadable:
    try:
        return decode(wire_type, value, frozenset()).event
    except Unreadable as unreadable:
        return unreadable
