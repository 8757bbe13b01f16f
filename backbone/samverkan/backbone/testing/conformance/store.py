"""What the reading half of the suite asks of an implementation: a store that follows two topics.

Its only view is the history of each stream, the versions folded in their order, so that a skip, a repeat or a wrong
order can be seen in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, Self
from uuid import UUID

from samverkan.backbone.testing.conformance.records import Placed, topic_named
from samverkan.schemas.catalogue import Topic

FIRST: Final = topic_named("samverkan.participant.conformance")
SECOND: Final = topic_named("samverkan.placement.conformance", owner="placement")
TOPICS: Final[tuple[Topic, ...]] = (FIRST, SECOND)

POISON: Final = "poison"  # a consent with this purpose makes the fold raise, until the store is mended
CONSTRAINT: Final = "constraint"  # and with this one, the write of the row is refused

Place = tuple[str, int]  # topic, partition
Spot = tuple[str, int, int]  # topic, partition, offset


class TransientFailure(Exception):
    """The store could not be reached, or asked for another attempt: nothing was applied."""


class StandsStill(Exception):
    """Too many streams parked at once: nothing was applied, and nothing will be until somebody says so (S4)."""


@dataclass(frozen=True)
class State:
    """What a store holds, as a crash would leave it.

    `rows`: the versions that each stream's row has folded, in that order. `held`: why a stream stands still (`hole`,
    `requires` or `parked`), and at which version. `queued`: what waits behind. `offsets`: the next record to be read.
    """

    heads: Mapping[UUID, int] = field(default_factory=dict)
    rows: Mapping[UUID, tuple[int, ...]] = field(default_factory=dict)
    held: Mapping[UUID, tuple[str, int]] = field(default_factory=dict)
    queued: Mapping[UUID, tuple[int, ...]] = field(default_factory=dict)
    offsets: Mapping[Place, int] = field(default_factory=dict)
    forks: frozenset[Spot] = frozenset()
    rejected: frozenset[Spot] = frozenset()


class Store(Protocol):
    """One member process of a store; `member` is another one of the same store."""

    async def apply(self, records: Sequence[Placed], at: Mapping[Place, int] | None = None) -> Mapping[Place, int]:
        """Apply a batch as Kafka delivered it, durable on return; the places that must be read from elsewhere.

        `at`: Kafka was asked for exactly these offsets and has nothing there. TransientFailure, StandsStill.
        """
        ...

    async def die_applying(self, records: Sequence[Placed]) -> None:
        """The process dies when all is written and nothing committed."""
        ...

    async def fail_applying(self, records: Sequence[Placed]) -> None:
        """The database gives the transaction up in its last statement; what the process says of it is raised."""
        ...

    async def retry(self, streams: Sequence[UUID]) -> None:
        """Try these parked streams again, as an operator or a timer would."""
        ...

    async def state(self) -> State:
        """What is committed."""
        ...

    def member(self) -> Self:
        """Another process on the same store."""
        ...

    def mend(self) -> None:
        """A release in which the fold takes what it could not take."""
        ...

    async def backup(self) -> Any:
        """The whole store as it is now."""
        ...

    async def restore(self, backup: Any) -> None:
        """The whole store as it was at that backup."""
        ...
