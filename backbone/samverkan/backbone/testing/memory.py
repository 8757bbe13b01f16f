"""A running service without database and broker: its APIs and workers are tested on what it decides and folds.

Everything is single-threaded and in memory; what depends on transactions, order or repetition is tested on the real
thing (J1, S0 – S9), never here.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from samverkan.backbone.command import BlindIndex, Context, Executed, IdempotencyKey
from samverkan.backbone.database import Connection
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Refused, RowChanged, VersionConflict
from samverkan.backbone.folded import FoldedQueries
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.runtime import Commands, Queries
from samverkan.backbone.service import Service
from samverkan.backbone.view_table import Folding
from samverkan.schemas.catalogue import Topic
from samverkan.schemas.envelope import Envelope, Requirement
from samverkan.schemas.event import Event


@dataclass
class MemoryRuntime(FoldedQueries):
    """`Runtime`, `Commands` and `Queries` of one service. `written` is its journal, `clock` what `now` answers."""

    service: Service
    clock: datetime
    written: list[Recorded] = field(default_factory=list)
    streams: dict[UUID, list[Recorded]] = field(default_factory=dict)
    replies: dict[str, tuple[bytes, Executed]] = field(default_factory=dict)
    blind_indexes: dict[tuple[str, bytes], UUID] = field(default_factory=dict)
    folding: Folding = field(init=False)
    commands: Commands = field(init=False)
    queries: Queries = field(init=False)

    def __post_init__(self) -> None:
        self.commands = self.queries = self
        self.folding = Folding(self.service.views)

    def now(self) -> datetime:
        """The instant that the test chose."""
        return self.clock

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """There is no database."""
        raise NotImplementedError

    def behind(self) -> int | None:
        """What happened was applied at once."""
        return 0

    async def confirm(self) -> None:
        """Memory is never put back."""

    async def execute(
        self,
        order: Order,
        context: Context,
        *,
        expected_version: int | None = None,
        idempotency: IdempotencyKey | None = None,
        blind_index: BlindIndex | None = None,
    ) -> Executed:
        """Decide, append, fold; see `runtime.Commands.execute`."""
        if idempotency is not None and idempotency.key in self.replies:
            digest, earlier = self.replies[idempotency.key]
            if digest != idempotency.request_digest:
                raise Refused("idempotency-key-reused")
            return Executed(earlier.stream_id, earlier.version, earlier.event_types, repeated=True)
        stream_id = order.stream_id
        if blind_index is not None:
            stream_id = self.blind_indexes.setdefault((blind_index.kind, blind_index.digest), stream_id)
        version = len(self.streams.get(stream_id, ()))
        if expected_version is not None and expected_version != version:
            raise VersionConflict(stream_id, expected_version, version)
        state = order.aggregate.fold(recorded.event for recorded in self.streams.get(stream_id, ()))
        events = order.aggregate.decide(order.command, state)
        unchanged = context.unchanged
        if unchanged is not None and await self.get(unchanged.view, unchanged.key) != unchanged.row:
            raise RowChanged(unchanged.view.table)
        assert self.service.owns is not None
        self.written += [self._apply(self.service.owns, stream_id, event, context) for event in events]
        executed = Executed(stream_id, version + len(events), tuple(type(event).__name__ for event in events))
        if idempotency is not None:
            self.replies[idempotency.key] = (idempotency.request_digest, executed)
        return executed

    async def execute_together(
        self,
        orders: Sequence[Order],
        context: Context,
        *,
        expected_version: int | None = None,
        idempotency: IdempotencyKey | None = None,
    ) -> Sequence[Executed]:
        """Decide all, then append; see `runtime.Commands.execute_together`."""
        first, *others = orders
        if idempotency is None or idempotency.key not in self.replies:
            for order in orders:
                history = (recorded.event for recorded in self.streams.get(order.stream_id, ()))
                order.aggregate.decide(order.command, order.aggregate.fold(history))
        executed = await self.execute(first, context, expected_version=expected_version, idempotency=idempotency)
        return [executed, *([] if executed.repeated else [await self.execute(order, context) for order in others])]

    async def happened(
        self, topic: Topic, stream_id: UUID, *events: Event, requires: Sequence[Requirement] = ()
    ) -> None:
        """Another service's events arrive: views fold them, reactions follow, refusals are recorded."""
        for event in events:
            command_id = uuid5(stream_id, str(len(self.streams.get(stream_id, ()))))
            context = Context(now=self.clock, command_id=command_id, requires=tuple(requires))
            recorded = self._apply(topic, stream_id, event, context)
            reaction = self.service.reactions.get(type(event))
            for order in () if reaction is None else reaction(recorded):
                await self._react(order, recorded)

    async def timeline(self, correlation_id: UUID) -> Sequence[tuple[Recorded, datetime]]:
        """The events of one case, foreign and own."""
        events = [recorded for stream in self.streams.values() for recorded in stream]
        return [(each, self.clock) for each in events if each.envelope.correlation_id == correlation_id]

    async def _react(self, order: Order, cause: Recorded) -> None:
        command_id = uuid5(cause.envelope.id, str(order.stream_id))
        context = Context(now=self.clock, command_id=command_id, causation_id=cause.envelope.id)
        try:
            await self.execute(order, context)
        except Refused as refused:
            assert self.service.owns is not None
            event = order.aggregate.refusal(order.command, refused)
            self.written.append(self._apply(self.service.owns, order.stream_id, event, context))

    def _apply(self, topic: Topic, stream_id: UUID, event: Event, context: Context) -> Recorded:
        stream = self.streams.setdefault(stream_id, [])
        envelope = Envelope(
            id=uuid5(context.command_id, f"{stream_id}/{len(stream) + 1}"),
            source=topic.source,
            type=event.wire_type(),
            stream_id=stream_id,
            version=len(stream) + 1,
            time=context.now,
            recorded_at=context.now,
            correlation_id=stream[0].envelope.correlation_id if stream else context.correlation_id or stream_id,
            causation_id=context.causation_id,
            command_id=context.command_id,
            requires=context.requires,
            actor=context.actor,
            agency=context.agency,
        )
        recorded = Recorded(topic.name, envelope, event)
        stream.append(recorded)
        self.folding.apply(recorded)
        return recorded
