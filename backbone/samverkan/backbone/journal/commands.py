"""From a command to events: decide and append in one transaction, with the views and the stored reply."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

import asyncpg
from cachetools import LRUCache

from samverkan.backbone.command import BlindIndex, Context, Executed, IdempotencyKey
from samverkan.backbone.database import Connection, Pool, sql, transaction
from samverkan.backbone.decider import Aggregate, Order
from samverkan.backbone.errors import Permanent, Refused, Transient, VersionConflict
from samverkan.backbone.journal.journal import Journal, StreamHead, Write
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.recovery.gate import Gate, OpenGate
from samverkan.backbone.view_table import ViewTables, keys_by_table

ATTEMPTS: Final = 5  # a deadlock or a lost connection is rare; five in a row is an outage that the caller should see
_CACHED_STREAMS: Final = 10_000  # a state is a few hundred bytes


class States:
    """States of own streams as folded from the journal, with a cache that the version makes safe.

    A cached state is used only at the version of the locked head; a state of a transaction that may yet roll back
    never enters (`remember` is called after the commit). In a database that was put back the same version may be of
    another history: then `forget` is called, and what was folded before never enters any more.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.generation = 0
        self._known: LRUCache[UUID, tuple[int, object]] = LRUCache(_CACHED_STREAMS)

    async def load(
        self,
        connection: Connection,
        wanted: Mapping[UUID, Aggregate[Any]],
        heads: Mapping[UUID, StreamHead],
        *,
        attempt: Callable[[Callable[[], Any]], Any] = lambda fold: fold(),
    ) -> dict[UUID, Any]:
        """The state of each wanted stream at its locked head.

        `attempt` is given each stream's decoding and folding, and may return something else for one that raises.
        """
        states: dict[UUID, Any] = {}
        behind: dict[UUID, int] = {}
        for stream_id, aggregate in wanted.items():
            version, state = self._known.get(stream_id, (0, aggregate.initial))
            if version > heads[stream_id].version:  # remembered from before a restore of the database
                version, state = 0, aggregate.initial
            states[stream_id] = state
            if version < heads[stream_id].version:
                behind[stream_id] = version
        if behind:
            for stream_id, rows in (await self._journal.read_rows(connection, behind)).items():
                states[stream_id] = attempt(partial(self._fold, wanted[stream_id], rows, states[stream_id]))
        return states

    def _fold(self, aggregate: Aggregate[Any], rows: Sequence[asyncpg.Record], state: Any) -> Any:
        return aggregate.fold((self._journal.recorded(row).event for row in rows), state)

    def remember(self, stream_id: UUID, version: int, state: object, generation: int = 0) -> None:
        """Keep a state that is committed, by a transaction that began in this `generation`."""
        if generation == self.generation:
            self._known[stream_id] = (version, state)

    def forget(self) -> None:
        """The database is another one."""
        self.generation += 1
        self._known.clear()


class JournalCommands:
    """`Commands` of a service that owns a topic."""

    def __init__(
        self,
        pool: Pool,
        journal: Journal,
        states: States,
        views: ViewTables,
        *,
        on_commit: Callable[[], None],
        gate: Gate | None = None,
    ) -> None:
        """`gate`: in which database may be decided (W2); without one in any."""
        self._pool = pool
        self._journal = journal
        self._states = states
        self._views = views
        self._on_commit = on_commit
        self._gate = gate or OpenGate()

    async def execute(
        self,
        order: Order,
        context: Context,
        *,
        expected_version: int | None = None,
        idempotency: IdempotencyKey | None = None,
        blind_index: BlindIndex | None = None,
    ) -> Executed:
        """See `runtime.Commands.execute`."""
        self._gate.refuse_closed()
        for attempt in range(1, ATTEMPTS + 1):
            generation = self._states.generation
            try:
                async with transaction(self._pool) as connection:
                    self._gate.admit(connection)
                    executed, state = await self._decide(
                        connection, order, context, expected_version, idempotency, blind_index, again=attempt > 1
                    )
            except VersionConflict:
                raise
            except Transient:
                if attempt == ATTEMPTS or self._gate.reason is not None:
                    raise
                await asyncio.sleep(0.01 * 2**attempt)
            else:
                if executed.event_types:
                    self._on_commit()
                    if not executed.repeated:
                        self._states.remember(executed.stream_id, executed.version, state, generation)
                return executed
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _decide(
        self,
        connection: Connection,
        order: Order,
        context: Context,
        expected_version: int | None,
        idempotency: IdempotencyKey | None,
        blind_index: BlindIndex | None,
        *,
        again: bool,
    ) -> tuple[Executed, object]:
        if idempotency is not None:
            earlier = await claim_reply(connection, idempotency)
            if earlier is not None:
                return earlier, None
        stream_id = order.stream_id
        if blind_index is not None:
            stream_id = await _known_under(connection, blind_index, stream_id)
        head = (await self._journal.lock_heads(connection, [stream_id]))[stream_id]
        if again or self._gate.taken_back:
            # The commit whose answer was lost may have been one: deciding once more would refuse what was done. So may
            # be a command whose stored reply was lost with the database, and whose events were taken back (W2).
            carried_out = await self._journal.carried_out(connection, stream_id, context.command_id)
            if carried_out:
                return Executed(stream_id, carried_out[-1].envelope.version, _names(carried_out), repeated=True), None
        if expected_version is not None and head.version != expected_version:
            raise VersionConflict(stream_id, expected_version, head.version)
        aggregate = order.aggregate
        state = (await self._states.load(connection, {stream_id: aggregate}, {stream_id: head}))[stream_id]
        events = tuple(aggregate.decide(order.command, state))
        prepared = self._journal.prepare([Write(head, events, context)])
        await self._journal.append(connection, prepared)
        await self._update_views(connection, prepared.recorded)
        executed = Executed(stream_id, head.version + len(events), tuple(type(event).__name__ for event in events))
        if idempotency is not None:
            await connection.execute(sql(__package__, "keep_reply.sql"), idempotency.key, _reply(executed))
        return executed, aggregate.fold(events, state)

    async def _update_views(self, connection: Connection, written: Sequence[Recorded]) -> None:
        if not written:
            return
        folding = await self._views.read(connection, keys_by_table(self._views.views, written))
        for recorded in written:
            folding.apply(recorded)
        await self._views.write(connection, folding)


async def claim_reply(connection: Connection, idempotency: IdempotencyKey) -> Executed | None:
    """Take the key for this transaction, or return the reply that it stands for.

    A second request with the same key waits here until the first has committed or rolled back.
    Refused `idempotency-key-reused`: the key stands for another request.
    """
    row = await connection.fetchrow(sql(__package__, "claim_reply.sql"), idempotency.key, idempotency.request_digest)
    if row is not None:
        return None
    row = await connection.fetchrow(sql(__package__, "read_reply.sql"), idempotency.key)
    if row is None:
        raise Transient("idempotency-raced", "the first request with this key was rolled back while this one waited")
    if row["request_digest"] != idempotency.request_digest:
        raise Refused("idempotency-key-reused")
    return _executed(row["reply"])


def _names(carried_out: Sequence[Recorded]) -> tuple[str, ...]:
    return tuple(type(recorded.event).__name__ for recorded in carried_out)


def _reply(executed: Executed) -> dict[str, object]:
    return {"stream_id": str(executed.stream_id), "version": executed.version, "event_types": executed.event_types}


def _executed(reply: Mapping[str, Any]) -> Executed:
    return Executed(UUID(reply["stream_id"]), reply["version"], tuple(reply["event_types"]), repeated=True)


async def _known_under(connection: Connection, index: BlindIndex, proposed: UUID) -> UUID:
    row = await connection.fetchrow(sql(__package__, "claim_blind_index.sql"), index.kind, index.digest, proposed)
    if row is None:
        raise Permanent("blind-index-lost", index.kind)
    stream_id: UUID = row["stream_id"]
    return stream_id
