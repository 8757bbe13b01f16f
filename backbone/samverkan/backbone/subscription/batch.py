"""One attempt to apply what a transaction has loaded: decoded, admitted, decided and folded in memory, then written.

An attempt can be made again with other events left out, which is how a write that the database refuses is traced to
its event.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from samverkan.backbone.database import Connection
from samverkan.backbone.errors import Permanent
from samverkan.backbone.journal.journal import Journal, Prepared, event_id
from samverkan.backbone.journal.states import States
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.recovery.gate import OPEN, Gate
from samverkan.backbone.subscription import store
from samverkan.backbone.subscription.admission import Admitted, Hold, admit
from samverkan.backbone.subscription.arrival import Arrival
from samverkan.backbone.subscription.reacting import Deciding, Reader, guarded, lock_own, reaction_id
from samverkan.backbone.subscription.readied import Failure, Readied
from samverkan.backbone.view_table import Folding, ViewTables, by_table, keys_of

Key = tuple[UUID, int]
Caused = tuple[Arrival, Recorded]


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


@dataclass
class Attempt:
    """What an attempt led to, ready to be written."""

    admitted: Admitted
    folding: Folding
    prepared: Prepared | None
    states: Mapping[UUID, Any]
    refusals: int


@dataclass(frozen=True)
class Batches:
    """What applying needs to know of its service. `gate`: whether the store was ever taken back (W2)."""

    reader: Reader
    views: ViewTables
    receiver: str
    journal: Journal | None
    states: States | None
    gate: Gate = OPEN

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
        failures: dict[Key, Failure] = dict(poison)
        while True:
            deciding = await self._deciding(connection, loaded, now)
            caused: list[Caused] = []

            def apply(
                event: Arrival, deciding: Deciding | None = deciding, caused: list[Caused] = caused
            ) -> Failure | None:
                readied = event.readied
                if not isinstance(readied, Readied):
                    return readied
                if failures and (failure := failures.get((event.stream_id, event.version))) is not None:
                    return failure
                if readied.orders and deciding is not None:
                    outcome = guarded(deciding.react, event, readied)
                    if isinstance(outcome, Failure):
                        return outcome
                caused.append((event, readied.recorded))
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
                    deciding.refusals if deciding is not None else 0,
                )

    async def write(self, connection: Connection, attempt: Attempt, now: datetime) -> None:
        """Write an attempt's events, heads, own events and views. asyncpg.PostgresError: one of them was refused."""
        applied = attempt.admitted.applied
        if not applied:
            return
        await store.keep(connection, applied, now)
        await store.move_heads(connection, applied, attempt.admitted.heads)
        if attempt.prepared is not None and self.journal is not None:
            await self.journal.append(connection, attempt.prepared)
        await self.views.write(connection, attempt.folding)

    async def _deciding(self, connection: Connection, loaded: Loaded, now: datetime) -> Deciding | None:
        """The own streams that unapplied events lead to decisions on, locked; those of parked streams are not asked."""
        orders = (
            [
                order
                for stream_id, queue in loaded.queues.items()
                if stream_id not in loaded.parked
                for version, event in queue.items()
                if version > loaded.heads.get(stream_id, 0) and isinstance(event.readied, Readied)
                for order in event.readied.orders
            ]
            if self.reader.reactions
            else []
        )
        if not orders:
            return None
        if self.journal is None or self.states is None:
            raise Permanent("reaction-without-journal", self.receiver)
        heads, states = await lock_own(connection, self.journal, self.states, orders)
        again = await self._carried_out(connection, self.journal, loaded) if self.gate.taken_back else frozenset()
        return Deciding(self.receiver, self.journal, heads, states, now, again)

    async def _carried_out(self, connection: Connection, journal: Journal, loaded: Loaded) -> frozenset[UUID]:
        """Which reactions to these events the journal has, by the id of their first own event (W2)."""
        return await journal.known_events(
            connection,
            [
                event_id(reaction_id(event, self.receiver, number), order.stream_id, 1)
                for queue in loaded.queues.values()
                for event in queue.values()
                if isinstance(event.readied, Readied)
                for number, order in enumerate(event.readied.orders, 1)
            ],
        )

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
        causes = [cause for cause, write in writes for _ in write.events]
        caused.extend(zip(causes, prepared.recorded, strict=True))
        return prepared

    async def _fold(self, connection: Connection, caused: Sequence[Caused]) -> Folding | dict[Key, Failure]:
        """The rows after these events, or the events that a view cannot take: all of them at once, because a faulty
        release makes every event of a batch fail, and to begin again for each took minutes."""
        views = self.views.views
        touched = guarded(lambda: [keys_of(views, recorded) for _, recorded in caused])
        if isinstance(touched, Failure):
            return _blamed(caused, lambda recorded: keys_of(views, recorded))
        folding = await self.views.read(connection, by_table(views, touched))
        if not isinstance(guarded(folding.apply_all, [recorded for _, recorded in caused], touched), Failure):
            return folding
        again = folding.begun_again()
        return _blamed(caused, again.apply) or again


def _blamed(caused: Sequence[Caused], call: Callable[[Recorded], object]) -> dict[Key, Failure]:
    """Which events make `call` raise; those behind a failed event of their stream are not asked."""
    failures: dict[Key, Failure] = {}
    stopped: set[UUID] = set()
    for event, recorded in caused:
        if event.stream_id not in stopped and isinstance(outcome := guarded(call, recorded), Failure):
            failures[event.stream_id, event.version] = outcome
            stopped.add(event.stream_id)
    return failures
