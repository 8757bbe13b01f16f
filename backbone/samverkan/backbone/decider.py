"""The shape of every aggregate: an initial state, `decide` and `evolve`. Pure: no clock, no I/O, no randomness."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.schemas.event import Event

State = TypeVar("State")


@dataclass(frozen=True)
class Aggregate(Generic[State]):
    """One aggregate type of a service.

    `decide(command, state)` returns the events that the command leads to, none when it was already carried out, or
    raises `Refused`. `evolve(state, event)` folds one recorded event and never refuses. `refusal(command, refused)`
    is the event that records a refused reaction: an outcome that others may depend on, not a failure.
    """

    name: str
    topic: str
    initial: State
    decide: Callable[[Any, State], Sequence[Event]]
    evolve: Callable[[State, Any], State]
    refusal: Callable[[object, Refused], Event]

    def fold(self, events: Iterable[Event], state: State | None = None) -> State:
        """The state after `events`, beginning with `state` or the initial one."""
        current = self.initial if state is None else state
        for event in events:
            current = self.evolve(current, event)
        return current


@dataclass(frozen=True)
class Order:
    """A command on its way to one stream of an aggregate: what a reaction returns."""

    aggregate: Aggregate[Any]
    stream_id: UUID
    command: object
