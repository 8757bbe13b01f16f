"""given / when / then for deciders: rules are tested with events and commands only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from samverkan.backbone.errors import Refused
from samverkan.schemas.event import Event

State = TypeVar("State")
Decide = Callable[[Any, State], Sequence[Event]]
Evolve = Callable[[State, Any], State]


@dataclass(frozen=True)
class When(Generic[State]):
    """A state and a command: what follows?"""

    decide: Decide[State]
    state: State
    command: object

    def then(self, *expected: Event) -> None:
        """Exactly these events, in this order."""
        assert list(self.decide(self.command, self.state)) == list(expected)

    def then_nothing(self) -> None:
        """No event: it was carried out before."""
        assert list(self.decide(self.command, self.state)) == []

    def then_refused(self, code: str) -> None:
        """Refused with this code; an accepted command fails the test."""
        try:
            events = self.decide(self.command, self.state)
        except Refused as refused:
            assert refused.code == code  # noqa: PT017 - pytest is not needed to read a specification
        else:
            raise AssertionError(f"accepted with {events!r}, expected a refusal with {code}")


@dataclass(frozen=True)
class Given(Generic[State]):
    """A history, folded."""

    decide: Decide[State]
    state: State

    def when(self, command: object) -> When[State]:
        """The command to be decided on that history."""
        return When(self.decide, self.state, command)


def specification(decide: Decide[State], evolve: Evolve[State], initial: State) -> Callable[..., Given[State]]:
    """Return `given(*events)` of one aggregate."""

    def given(*events: Event) -> Given[State]:
        state = initial
        for event in events:
            state = evolve(state, event)
        return Given(decide, state)

    return given
