"""Reads all events of a store, piece by piece, in an order in which they may be folded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from samverkan.backbone.database import Connection, sql
from samverkan.backbone.errors import Permanent
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.rebuild.order import Kind, Merge, Need, Placed
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.subscription.arrival import held_arrival
from samverkan.backbone.subscription.reacting import Reader, guarded
from samverkan.backbone.subscription.readied import Failure
from samverkan.schemas.catalogue import Topic

WINDOW: Final = 5_000  # events read at once: what a rebuild holds in memory; larger ones were no faster (2026-11)


class Unfoldable(Permanent):
    """An event that this release cannot read or fold though an earlier one did. Nothing was changed."""

    def __init__(self, what: str, failure: Failure) -> None:
        detail = f" ({failure.detail})" if failure.detail else ""
        super().__init__("rebuild-event-unfoldable", f"{what}: {failure.code}{detail}")


@dataclass(frozen=True)
class Ends:
    """How far the kept events and our own log went at one moment."""

    kept: int
    own: int


async def read_ends(connection: Connection) -> Ends:
    """Exact while the subscription's row is locked; without the lock the last kept events may not be visible yet."""
    row = await connection.fetchrow(sql(__package__, "ends.sql"))
    assert row is not None
    return Ends(row["kept"], row["own"])


class Events:
    """The events of one store. `read` is how far each order was read; `merge`, how far it was given out."""

    def __init__(self, reader: Reader, owns: Topic | None) -> None:
        self.reader = reader
        self.owns = owns
        self.read: dict[Kind, int] = {"kept": 0, "own": -1}
        self.merge = Merge()

    def copy(self) -> "Events":
        """To go on from here twice."""
        copied = Events(self.reader, self.owns)
        copied.read, copied.merge = dict(self.read), self.merge.copy()
        return copied

    def behind(self, ends: Ends) -> int:
        """How many places are left, about as many events."""
        own = ends.own - self.read["own"] if self.owns is not None else 0
        return max(0, ends.kept - self.read["kept"]) + max(0, own)

    async def window(self, connection: Connection, ends: Ends) -> list[Recorded]:
        """The next events up to these ends, a window of each order at most, in an order in which they may be folded.

        Unfoldable: one of them cannot be read. Permanent `rebuild-order`: they wait for each other.
        """
        left = self.behind(ends)
        await self._read(connection, "kept", ends.kept)
        if self.owns is not None:
            await self._read(connection, "own", ends.own)
        taken = list(self.merge.take())
        if not taken and left == self.behind(ends):
            self.merge.finish()  # both orders wait for ever
        return taken

    async def unnumbered(self, connection: Connection) -> list[Recorded]:
        """What is left when everything up to the ends was given out: our own events that are not numbered yet.

        Only under a lock that keeps commands out, or in a snapshot. Permanent `rebuild-order`: events wait for each
        other.
        """
        if self.owns is not None:
            rows = await connection.fetch(sql(__package__, "own_unnumbered.sql"))
            await self._put(connection, "own", [self._own(row, self.read["own"] + n) for n, row in enumerate(rows, 1)])
        left = list(self.merge.take())
        self.merge.finish()
        return left

    async def _read(self, connection: Connection, kind: Kind, end: int) -> None:
        """Fill up the events ahead of one order: another window once the last one has been given out."""
        while not self.merge.ahead[kind] and self.read[kind] < end:
            begin, self.read[kind] = self.read[kind], min(self.read[kind] + WINDOW, end)
            rows = await connection.fetch(sql(__package__, f"{kind}_window.sql"), begin, self.read[kind])
            make = self._kept if kind == "kept" else self._own
            await self._put(connection, kind, [make(row) for row in rows])

    async def _put(self, connection: Connection, kind: Kind, events: Sequence[Placed]) -> None:
        self.merge.put(kind, await self._with_needs(connection, kind, events))

    def _kept(self, row: Any) -> Placed:
        arrival = held_arrival(row)
        ready = self.reader.ready(arrival.topic, arrival.envelope, arrival.value)
        if isinstance(ready, Failure):
            raise Unfoldable(f"{arrival.envelope.type} {arrival.stream_id}@{arrival.version}", ready)
        return Placed("kept", row["applied_order"], ready.recorded)

    def _own(self, row: Any, place: int | None = None) -> Placed:
        recorded = guarded(lambda: Journal.recorded(row))
        if isinstance(recorded, Failure):
            raise Unfoldable(f"our own {row['stream_id']}@{row['version']}", recorded)
        return Placed("own", row["logindex"] if place is None else place, recorded)

    async def _with_needs(self, connection: Connection, kind: Kind, events: Sequence[Placed]) -> Iterator[Placed]:
        """With the places of what they require of the other order. What is not there is required of nobody: the live
        store, too, has folded without it."""
        if self.owns is None:
            return iter(events)
        wanted = {
            (requirement.stream_id, requirement.version)
            for event in events
            for requirement in event.recorded.envelope.requires
            if self._is_other(kind, requirement.topic)
        }
        places = await self._places(connection, kind, wanted) if wanted else {}

        def needs(event: Placed) -> tuple[Need, ...]:
            required = ((r.stream_id, r.version) for r in event.recorded.envelope.requires)
            return tuple(Need(places[key], *key) for key in required if key in places)

        return (Placed(event.kind, event.place, event.recorded, needs(event)) for event in events)

    def _is_other(self, kind: Kind, topic: str) -> bool:
        if self.owns is not None and kind == "kept":
            return topic == self.owns.name
        return topic in self.reader.topics

    async def _places(
        self, connection: Connection, kind: Kind, wanted: set[tuple[UUID, int]]
    ) -> dict[tuple[UUID, int], int]:
        """Read after the events were: what they require was committed before them, so it is visible now."""
        statement = "own_places.sql" if kind == "kept" else "kept_places.sql"
        streams, versions = zip(*wanted, strict=True)
        rows = await connection.fetch(sql(__package__, statement), streams, versions)
        return {(row["stream_id"], row["version"]): row["place"] for row in rows}
