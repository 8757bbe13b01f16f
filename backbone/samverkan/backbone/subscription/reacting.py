"""From foreign events to what they lead to here: decoded, reacted to, decided. In memory; nothing is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ParamSpec, TypeVar
from uuid import UUID, uuid5

from samverkan.backbone.command import Context
from samverkan.backbone.database import Connection
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Permanent, Refused
from samverkan.backbone.journal.journal import Journal, StreamHead, Write, event_id, requires_of
from samverkan.backbone.journal.states import States
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.service import Reaction
from samverkan.backbone.subscription.arrival import VALUE_BYTES_MAX, Arrival, Record, Rejected, read_record
from samverkan.backbone.subscription.readied import Failure, Readied
from samverkan.schemas.catalogue import Topic
from samverkan.schemas.codec import EVENT_TYPES, Unwritable, decode
from samverkan.schemas.envelope import REQUIRES_MAX, Envelope
from samverkan.schemas.event import Compartment, Event
from samverkan.schemas.unreadable import Unreadable

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reader:
    """Decodes foreign events and asks the reactions. Pure."""

    topics: Mapping[str, Topic]
    readable: frozenset[Compartment]
    reactions: Mapping[type[Event], Reaction]

    def read(self, record: Record) -> Arrival | Rejected:
        """Everything that can be known of a record before its transaction begins; never raises."""
        return read_record(record, self.topics[record.topic], self.ready)

    def ready(self, topic: str, envelope: Envelope, value: bytes) -> Readied | Failure:
        """The event as this service may read it, with its orders, or why it can never be applied as it is."""
        if len(value) > VALUE_BYTES_MAX:
            return Failure("payload-too-large", f"{len(value)} bytes, at most {VALUE_BYTES_MAX}")
        model = EVENT_TYPES.get(envelope.type)
        if model is not None and model not in self.topics[topic].events:
            return Failure("event-type-not-in-topic", model.__name__)
        return guarded(self._ready, topic, envelope, value)

    def _ready(self, topic: str, envelope: Envelope, value: bytes) -> Readied:
        event, unknown_fields = decode(envelope.type, value, self.readable)
        recorded = Recorded(topic, envelope, event)
        reaction = self.reactions.get(type(event))
        return Readied(recorded, tuple(reaction(recorded)) if reaction else (), unknown_fields)


def guarded(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | Failure:
    """Run a pure fold, reaction or decision; whatever it raises is permanent for the event it was given (S4).

    The one place that catches `Exception`: pure code that raises today raises tomorrow, so the stream is parked and
    the others go on. Only the type of a foreign exception is taken over; its message may repeat personal data.
    """
    try:
        return call(*args, **kwargs)
    except (Permanent, Refused, Unreadable, Unwritable) as error:
        return Failure(error.code, getattr(error, "detail", "") or "")
    except Exception as error:  # noqa: BLE001 - the one place, see above
        return Failure("fold-raised", type(error).__name__)


class Deciding:
    """The own streams that one transaction's reactions decide on, in memory."""

    def __init__(
        self,
        receiver: str,
        journal: Journal,
        heads: Mapping[UUID, StreamHead],
        states: Mapping[UUID, Any],
        now: datetime,
        carried_out: frozenset[UUID] = frozenset(),
    ) -> None:
        """`carried_out`: ids of own events that stand in the journal already, of reactions whose foreign event comes
        again because the database was put back and took its own events back first (W2)."""
        self._carried_out = carried_out
        self._receiver = receiver
        self._journal = journal
        self._heads = heads
        self._now = now
        self.states = dict(states)
        self.refusals = 0
        self.writes: list[tuple[Arrival, Write]] = []

    def react(self, arrival: Arrival, readied: Readied) -> None:
        """Decide every order of one event: all of them or, when one raises, none.

        A refusal is an outcome: it is recorded as the aggregate's refusal event and parks nothing.
        """
        states: dict[UUID, Any] = {}
        writes: list[tuple[Arrival, Write]] = []
        refusals = 0
        requires = requires_of([readied.recorded], self._journal.topic.name) if readied.orders else ()
        if len(requires) > REQUIRES_MAX:
            raise Permanent("requires-too-many", f"{len(requires)} streams")
        for number, order in enumerate(readied.orders, 1):
            aggregate, stream_id = order.aggregate, order.stream_id
            command_id = reaction_id(arrival, self._receiver, number)
            if self._carried_out and event_id(command_id, stream_id, 1) in self._carried_out:
                continue
            state = states.get(stream_id, self.states[stream_id])
            if isinstance(state, Failure):
                raise Permanent(state.code, state.detail)
            try:
                events: Sequence[Event] = tuple(aggregate.decide(order.command, state))
            except Refused as refused:
                events = (aggregate.refusal(order.command, refused),)
                refusals += 1
            states[stream_id] = aggregate.fold(events, state)
            context = Context(
                now=self._now,
                command_id=command_id,
                agency=arrival.envelope.agency,
                correlation_id=arrival.envelope.correlation_id,
                causation_id=arrival.envelope.id,
                requires=requires,
                traceparent=arrival.envelope.traceparent,
            )
            writes.append((arrival, Write(self._heads[stream_id], events, context)))
        self.refusals += refusals
        self.states.update(states)
        self.writes.extend(writes)


def reaction_id(arrival: Arrival, receiver: str, number: int) -> UUID:
    """The command id of a reaction: the same whenever and wherever the event is reacted to again."""
    return uuid5(arrival.envelope.id, f"{receiver}/{number}")


async def lock_own(
    connection: Connection, journal: Journal, states: States, orders: Iterable[Order]
) -> tuple[dict[UUID, StreamHead], dict[UUID, Any]]:
    """Lock the own streams that these orders are for, ascending, and load their states.

    An own stream that this release cannot read, as after going back to an older one, has a Failure for a state: who
    decides on it is parked, and the others go on.
    """
    aggregates = {order.stream_id: order.aggregate for order in orders}
    heads = await journal.lock_heads(connection, aggregates)
    return heads, await states.load(connection, aggregates, heads, attempt=guarded)
