"""The shape of every aggregate: an initial state, `decide` and `evolve`. Pure: no clock, no I/O, no randomness."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from types import UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints
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

    @cached_property
    def events(self) -> frozenset[type]:
        """The event types that `evolve` folds, as its signature says."""
        return frozenset(named_types(self.evolve, 1))

    def fold(self, events: Iterable[Event], state: State | None = None) -> State:
        """The state after `events`, beginning with `state` or the initial one.

        Refused `not-found`: an event that is not of this aggregate. Its stream is another one's, and whoever took that
        one's id for an id of ours must neither be answered by a state that is none nor write there.
        """
        current = self.initial if state is None else state
        for event in events:
            if type(event) not in self.events and Event not in self.events:
                raise Refused("not-found")
            current = self.evolve(current, event)
        return current


@dataclass(frozen=True)
class Order:
    """A command on its way to one stream of an aggregate: what a reaction returns."""

    aggregate: Aggregate[Any]
    stream_id: UUID
    command: object


def named_types(function: Callable[..., Any], parameter: int) -> tuple[type, ...]:
    """The types that the annotation of a function's parameter names: those of a union one by one."""
    while isinstance(function, partial):
        parameter += len(function.args)
        function = function.func
    told = list(get_type_hints(function).values())[parameter]
    return get_args(told) if get_origin(told) in (UnionType, Union) else (told,)
