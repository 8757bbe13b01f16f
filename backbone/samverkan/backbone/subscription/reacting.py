"""From foreign events to what they lead to here: decoded, reacted to, decided. In memory; nothing is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid5

from samverkan.backbone.command import Context
from samverkan.backbone.database import Connection
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Permanent, Refused
from samverkan.backbone.journal.commands import States
from samverkan.backbone.journal.journal import Journal, StreamHead, Write, requires_of
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.service import Reaction
from samverkan.backbone.subscription.admission import Failure
from samverkan.backbone.subscription.arrival import VALUE_BYTES_MAX, Arrival
from samverkan.schemas.catalogue import Topic
from samverkan.schemas.codec import EVENT_TYPES, Unwritable, decode
from samverkan.schemas.envelope import REQUIRES_MAX
from samverkan.schemas.event import Compartment, Event
from samverkan.schemas.unreadable import Unreadable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Readied:
    """A foreign event as it is read here, and the orders that it leads to."""

    recorded: Recorded
    orders: tuple[Order, ...]
    unknown_fields: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Decodes foreign events and asks the reactions. Pure."""

    topics: Mapping[str, Topic]
    readable: frozenset[Compartment]
    reactions: Mapping[type[Event], Reaction]

    def ready(self, arrival: Arrival) -> Readied | Failure:
        """The event as this service may read it, with its orders, or why it can never be applied as it is."""
        if len(arrival.value) > VALUE_BYTES_MAX:
            return Failure("payload-too-large", f"{len(arrival.value)} bytes, at most {VALUE_BYTES_MAX}")
        model = EVENT_TYPES.get(arrival.envelope.type)
        if model is not None and model not in self.topics[arrival.topic].events:
            return Failure("event-type-not-in-topic", model.__name__)
        return guarded(lambda: self._ready(arrival))

    def _ready(self, arrival: Arrival) -> Readied:
        decoded = decode(arrival.envelope.type, arrival.value, self.readable)
        recorded = Recorded(arrival.topic, arrival.envelope, decoded.event)
        reaction = self.reactions.get(type(decoded.event))
        return Readied(recorded, tuple(reaction(recorded)) if reaction else (), decoded.unknown_fields)


def guarded(call: Callable[[], T]) -> T | Failure:
    """Run a pure fold, reaction or decision; whatever it raises is permanent for the event it was given (S4).

    The one place that catches `Exception`: pure code that raises today raises tomorrow, so the stream is parked and
    the others go on. Only the type of a foreign exception is taken over; its message may repeat personal data.
    """
    try:
        return call()
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
    ) -> None:
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
                command_id=uuid5(arrival.envelope.id, f"{self._receiver}/{number}"),
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
