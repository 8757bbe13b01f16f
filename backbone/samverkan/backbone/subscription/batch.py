"""One attempt to apply what a transaction has loaded: decoded, admitted, decided and folded in memory, then written.

An attempt can be made again with other events left out, which is how a write that the database refuses is traced to
its event.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from samverkan.backbone.database import Connection
from samverkan.backbone.errors import Permanent
from samverkan.backbone.journal.commands import States
from samverkan.backbone.journal.journal import Journal, Prepared
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.subscription import store
from samverkan.backbone.subscription.admission import Admitted, Failure, Hold, admit
from samverkan.backbone.subscription.arrival import Arrival
from samverkan.backbone.subscription.reacting import Deciding, Reader, Readied, guarded, lock_own
from samverkan.backbone.view_table import Folding, Keys, ViewTables, by_table, keys_of

Key = tuple[UUID, int]
Caused = tuple[Key, Recorded]


@dataclass
class Loaded:
    """What a transaction found: per stream its unapplied events, its head, and why it stood still.

    `parked` are the holds that stay whatever arrives: parked streams that are not being tried again, and forks. The
    queue of a stream that stays parked is not read: it may be as long as its repair takes. `held` are the places of
    those events in `queues` that stand in the store.
    """

    queues: dict[UUID, dict[int, Arrival]] = field(default_factory=dict)
    heads: dict[UUID, int] = field(default_factory=dict)
    stored: dict[UUID, store.StoredHold] = field(default_factory=dict)
    parked: dict[UUID, Hold] = field(default_factory=dict)
    held: set[Key] = field(default_factory=set)
    readied: dict[Key, Readied | Failure] = field(default_factory=dict)


@dataclass
class Attempt:
    """What an attempt led to, ready to be written."""

    admitted: Admitted
    folding: Folding
    prepared: Prepared | None
    states: Mapping[UUID, Any]
    unknown_fields: set[UUID]
    refusals: int


@dataclass(frozen=True)
class Batches:
    """What applying needs to know of its service."""

    reader: Reader
    views: ViewTables
    receiver: str
    journal: Journal | None
    states: States | None

    async def attempt(
        self,
        connection: Connection,
        loaded: Loaded,
        poison: Mapping[Key, Failure],
        now: datetime,
        limit: int | None = None,
    ) -> Attempt:
        """Apply in memory, under the locks that writing needs: own heads ascending, then view rows by (table, key).

        An event in `poison`, or one whose decoding, reaction, decision or fold raises, parks its stream; none of its
        effects remains. `limit` ends after so many events.
        """
        readied = self._ready(loaded)
        failures = {place: ready for place, ready in readied.items() if isinstance(ready, Failure)} | dict(poison)
        while True:
            deciding = await self._deciding(connection, readied.values(), now)
            caused: list[Caused] = []

            def apply(
                event: Arrival, deciding: Deciding | None = deciding, caused: list[Caused] = caused
            ) -> Failure | None:
                place = (event.stream_id, event.version)
                ready = readied[place]
                if place in failures or isinstance(ready, Failure):
                    return failures[place]
                if ready.orders and deciding is not None:
                    outcome = guarded(lambda: deciding.react(event, ready))
                    if isinstance(outcome, Failure):
                        return outcome
                caused.append((place, ready.recorded))
                return None

            admitted = admit(loaded.queues, loaded.heads, loaded.parked, self.reader.topics, apply, limit=limit)
            prepared = self._prepare(deciding, caused)
            if isinstance(prepared, dict):
                failures.update(prepared)
                continue
            folded = await self._fold(connection, caused)
            if isinstance(folded, dict):
                failures.update(folded)
            else:
                return Attempt(
                    admitted,
                    folded,
                    prepared,
                    deciding.states if deciding is not None else {},
                    {r.recorded.envelope.id for r in readied.values() if isinstance(r, Readied) and r.unknown_fields},
                    deciding.refusals if deciding is not None else 0,
                )

    async def write(self, connection: Connection, attempt: Attempt, now: datetime) -> None:
        """Write an attempt's events, heads, own events and views. asyncpg.PostgresError: one of them was refused."""
        applied = attempt.admitted.applied
        if not applied:
            return
        await store.keep(connection, applied, attempt.unknown_fields, now)
        await store.move_heads(connection, applied, attempt.admitted.heads)
        if attempt.prepared is not None and self.journal is not None:
            await self.journal.append(connection, attempt.prepared)
        await self.views.write(connection, attempt.folding)

    def _ready(self, loaded: Loaded) -> dict[Key, Readied | Failure]:
        """Every unapplied event of the streams that do not stay parked, decoded once however often it is tried."""
        readied = {}
        for stream_id, queue in loaded.queues.items():
            if stream_id in loaded.parked:
                continue
            for version, event in queue.items():
                if version <= loaded.heads.get(stream_id, 0):
                    continue  # applied by an earlier part of this batch
                place = (stream_id, version)
                if place not in loaded.readied:
                    loaded.readied[place] = self.reader.ready(event)
                readied[place] = loaded.readied[place]
        return readied

    async def _deciding(
        self,
        connection: Connection,
        readied: Any,
        now: datetime,
    ) -> Deciding | None:
        orders = [order for ready in readied if isinstance(ready, Readied) for order in ready.orders]
        if not orders:
            return None
        if self.journal is None or self.states is None:
            raise Permanent("reaction-without-journal", self.receiver)
        heads, states = await lock_own(connection, self.journal, self.states, orders)
        return Deciding(self.receiver, self.journal, heads, states, now)

    def _prepare(self, deciding: Deciding | None, caused: list[Caused]) -> Prepared | dict[Key, Failure] | None:
        """The own events, added to `caused` under the foreign event that led to each.

        Or the foreign events that led to one that cannot be published: too large, or an enum's unknown member.
        """
        if deciding is None or self.journal is None or not deciding.writes:
            return None
        journal, writes = self.journal, deciding.writes
        prepared = guarded(lambda: journal.prepare([write for _, write in writes]))
        if isinstance(prepared, Failure):
            failures: dict[Key, Failure] = {}
            for cause, write in writes:
                alone = guarded(lambda write=write: journal.prepare([write]))  # type: ignore[misc]
                if isinstance(alone, Failure):
                    failures[cause.stream_id, cause.version] = alone
            last = writes[-1][0]  # else too large only together with the longer version numbers of the others
            return failures or {(last.stream_id, last.version): prepared}
        causes = [(cause.stream_id, cause.version) for cause, write in writes for _ in write.events]
        caused.extend(zip(causes, prepared.recorded, strict=True))
        return prepared

    async def _fold(self, connection: Connection, caused: Sequence[Caused]) -> Folding | dict[Key, Failure]:
        """The rows after these events, or the events that a view cannot take: all of them at once, because a faulty
        release makes every event of a batch fail, and to begin again for each took minutes."""
        views = self.views.views
        failures: dict[Key, Failure] = {}
        touched: list[Keys] = []
        for place, recorded in caused:
            keys = guarded(lambda recorded=recorded: keys_of(views, recorded))  # type: ignore[misc]
            if isinstance(keys, Failure):
                failures[place] = keys
            else:
                touched.append(keys)
        if failures:
            return failures
        folding = await self.views.read(connection, by_table(views, touched))
        stopped: set[UUID] = set()
        for (place, recorded), keys in zip(caused, touched, strict=True):
            if place[0] in stopped:
                continue  # behind a failed event of its stream: not its own failure
            outcome = guarded(lambda recorded=recorded, keys=keys: folding.apply(recorded, keys))  # type: ignore[misc]
            if isinstance(outcome, Failure):
                failures[place] = outcome
                stopped.add(place[0])
        return failures or folding
