"""One transaction decides commands: on different streams, all of them or none written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from samverkan.backbone.command import BlindIndex, Context, Executed, IdempotencyKey
from samverkan.backbone.database import Connection, sql
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Permanent, Refused, RowChanged, Transient, VersionConflict
from samverkan.backbone.journal import replies
from samverkan.backbone.journal.journal import Journal, StreamHead, Write
from samverkan.backbone.journal.states import States
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view_table import Folding, ViewTables, keys_by_table
from samverkan.schemas.event import Event


@dataclass(frozen=True, eq=False)
class Request:
    """A command as somebody handed it in; see `runtime.Commands.execute`."""

    order: Order
    context: Context
    expected_version: int | None = None
    idempotency: IdempotencyKey | None = None
    blind_index: BlindIndex | None = None


Outcome = Executed | Refused | VersionConflict | RowChanged | Transient


@dataclass
class Decided:
    """What became of each request, and the states that are to be remembered after the commit, by stream."""

    outcomes: dict[Request, Outcome] = field(default_factory=dict)
    states: dict[UUID, tuple[int, object]] = field(default_factory=dict)

    @property
    def written(self) -> bool:
        """Whether any request led to something that must be committed."""
        return any(isinstance(outcome, Executed) for outcome in self.outcomes.values())


@dataclass(frozen=True)
class Decider:
    """What deciding needs to know of its service."""

    journal: Journal
    states: States
    views: ViewTables

    async def decide(
        self, connection: Connection, requests: Sequence[Request], *, look_back: bool, whole: bool = False
    ) -> Decided:
        """Decide requests of different streams and different keys; one with a blind index comes alone.

        A refusal is the outcome of its request alone, and leaves at most an empty head of its stream. Whatever else is
        raised is raised for all of them, and the caller rolls back. `look_back`: a command may have been carried out
        before, though nobody was told. `whole`: all of them or none, and the key of one is the key of all.
        """
        decided = Decided()
        waiting = await self._claimed(connection, requests, decided)
        if whole and decided.outcomes:
            return decided
        streams = {request: await _stream_of(connection, request) for request in waiting}
        heads = await self.journal.lock_heads(connection, streams.values())
        for request, stream_id in list(streams.items()):
            version, expected = heads[stream_id].version, request.expected_version
            # Before the version is compared: what was carried out has moved it.
            repeated = await self._carried_out(connection, stream_id, request.context) if look_back else None
            if repeated is not None:
                decided.outcomes[request] = repeated
            elif expected is not None and expected != version:
                decided.outcomes[request] = VersionConflict(stream_id, expected, version)
            else:
                continue
            del streams[request]
        await self._write(connection, streams, heads, decided)
        await self._reply(connection, waiting, decided)
        return decided

    async def _claimed(self, connection: Connection, requests: Sequence[Request], decided: Decided) -> list[Request]:
        """The requests whose keys are ours now, or which have none; the others have their outcome."""
        earlier = await replies.claim(connection, [one.idempotency for one in requests if one.idempotency is not None])
        waiting = []
        for request in requests:
            found = earlier.get(request.idempotency.key) if request.idempotency is not None else None
            if found is None:
                waiting.append(request)
            else:
                decided.outcomes[request] = _executed(found.reply) if isinstance(found, replies.Earlier) else found
        return waiting

    async def _carried_out(self, connection: Connection, stream_id: UUID, context: Context) -> Executed | None:
        """The commit whose answer was lost may have been one: deciding once more would refuse what was done. So may be
        a command whose stored reply was lost with the database, and whose events were taken back (W2)."""
        events = await self.journal.carried_out(connection, stream_id, context.command_id)
        if not events:
            return None
        return Executed(stream_id, events[-1].envelope.version, _names(one.event for one in events), repeated=True)

    async def _write(
        self,
        connection: Connection,
        streams: Mapping[Request, UUID],
        heads: Mapping[UUID, StreamHead],
        decided: Decided,
    ) -> None:
        aggregates = {stream_id: request.order.aggregate for request, stream_id in streams.items()}
        states = await self.states.load(connection, aggregates, heads)
        writes: dict[Request, Write] = {}
        for request, stream_id in streams.items():
            aggregate, head = request.order.aggregate, heads[stream_id]
            try:
                events = tuple(aggregate.decide(request.order.command, states[stream_id]))
            except Refused as refused:
                decided.outcomes[request] = refused
                continue
            writes[request] = Write(head, events, request.context)
            version = head.version + len(events)
            decided.outcomes[request] = Executed(stream_id, version, _names(events))
            decided.states[stream_id] = (version, aggregate.fold(events, states[stream_id]))
        prepared = self.journal.prepare([*writes.values()])
        if not prepared.recorded:
            return
        folding = await self._lock_rows(connection, prepared.recorded, writes)
        for request in [one for one, write in writes.items() if write.events and _has_changed(one.context, folding)]:
            decided.outcomes[request] = RowChanged(request.context.unchanged.view.table)  # type: ignore[union-attr]
            del writes[request], decided.states[streams[request]]
            prepared = self.journal.prepare([*writes.values()])
        await self.journal.append(connection, prepared)
        for recorded in prepared.recorded:
            folding.apply(recorded)
        await self.views.write(connection, folding)

    async def _lock_rows(
        self, connection: Connection, recorded: Sequence[Recorded], requests: Iterable[Request]
    ) -> Folding:
        """The rows that these events touch and that these requests rest on, in the one order of locks."""
        keys = {table: set(known) for table, known in keys_by_table(self.views.views, recorded).items()}
        for request in requests:
            if (unchanged := request.context.unchanged) is not None:
                keys[unchanged.view.table].add(unchanged.key)
        return await self.views.read(connection, keys)

    async def _reply(self, connection: Connection, ours: Sequence[Request], decided: Decided) -> None:
        """Keep what was done under the keys that are ours. The others are free again: a refusal is not remembered."""
        kept: dict[str, object] = {}
        free: list[str] = []
        for request in ours:
            if request.idempotency is not None:
                outcome = decided.outcomes[request]
                if isinstance(outcome, Executed):
                    kept[request.idempotency.key] = _reply(outcome)
                else:
                    free.append(request.idempotency.key)
        await replies.keep(connection, kept)
        if decided.written:  # else the transaction is rolled back
            await replies.free(connection, free)


def _has_changed(context: Context, folding: Folding) -> bool:
    unchanged = context.unchanged
    if unchanged is None:
        return False
    before = unchanged.view.blank(unchanged.key) if unchanged.row is None else unchanged.row
    return bool(folding.rows[unchanged.view.table][unchanged.key] != before)


async def _stream_of(connection: Connection, request: Request) -> UUID:
    index, proposed = request.blind_index, request.order.stream_id
    if index is None:
        return proposed
    row = await connection.fetchrow(sql(__package__, "claim_blind_index.sql"), index.kind, index.digest, proposed)
    if row is None:
        raise Permanent("blind-index-lost", index.kind)
    stream_id: UUID = row["stream_id"]
    return stream_id


def _names(events: Iterable[Event]) -> tuple[str, ...]:
    return tuple(type(event).__name__ for event in events)


def _reply(executed: Executed) -> dict[str, object]:
    return {"stream_id": str(executed.stream_id), "version": executed.version, "event_types": executed.event_types}


def _executed(reply: Mapping[str, Any]) -> Executed:
    return Executed(UUID(reply["stream_id"]), reply["version"], tuple(reply["event_types"]), repeated=True)
