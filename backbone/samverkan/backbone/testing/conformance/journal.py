"""What the writing half of the suite asks of an implementation: a journal, and relays that publish it.

The broker is the suite's: a list per partition that takes, loses or forgets to acknowledge what it is told to.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from enum import Enum, auto
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from samverkan.backbone.testing.conformance.records import topic_named
from samverkan.schemas.catalogue import Topic

TOPIC: Final[Topic] = topic_named("samverkan.participant.conformance", partitions=2)


class Conflict(Exception):
    """Somebody else wrote first: the expected version is not the stream's."""


class TooLarge(Exception):
    """No broker would take the record: the command is refused."""


class ChangedMind(Exception):
    """Raised inside `Journal.opened` to roll it back."""


class NotAcknowledged(Exception):
    """The records may have arrived, or not."""


class Fate(Enum):
    """What becomes of one send. Of LOST and UNHEARD the sender learns the same: nothing certain."""

    TAKEN = auto()
    LOST = auto()
    UNHEARD = auto()


class Sent(NamedTuple):
    """A record as the broker holds it."""

    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


class Broker:
    """A topic in memory."""

    def __init__(self, partitions: int = TOPIC.partitions) -> None:
        self.partitions: list[list[Sent]] = [[] for _ in range(partitions)]
        self.fates: deque[Fate] = deque()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self.waiting = 0

    def hold(self) -> None:
        """Whatever is sent from now on stays on the way, neither arrived nor acknowledged."""
        self._flowing.clear()

    def release(self) -> None:
        """What was on the way arrives."""
        self._flowing.set()

    def grow(self, partitions: int) -> None:
        """Partitions are added."""
        self.partitions += [[] for _ in range(partitions - len(self.partitions))]

    async def send(self, partition: int, records: Sequence[Sent]) -> None:
        """Append the records to the partition. NotAcknowledged."""
        self.waiting += 1
        try:
            await self._flowing.wait()
        finally:
            self.waiting -= 1
        fate = self.fates.popleft() if self.fates else Fate.TAKEN
        if fate is not Fate.LOST:
            self.partitions[partition] += records
        if fate is not Fate.TAKEN:
            raise NotAcknowledged


class Numbered(NamedTuple):
    """One row of the log."""

    log_index: int
    stream_id: UUID
    version: int
    leaf: bytes


class RelayProcess(Protocol):
    """A relay that may run beside others of the same journal."""

    def start(self) -> None:
        """Begin to run in the background."""
        ...

    async def die(self) -> None:
        """It ends where it stands; a send that is on the way arrives or not."""
        ...

    async def drain(self) -> None:
        """It sends what is committed, and ends."""
        ...


class Journal(Protocol):
    """The journal of the service that owns `TOPIC`."""

    async def append(
        self, stream_id: UUID, *, expected_version: int | None = None, key: str | None = None, purpose: str = "test"
    ) -> int:
        """Write one event and return the stream's version, durable on return. Conflict, TooLarge.

        `key`: the same request again writes nothing and is told the same.
        """
        ...

    def replica(self) -> "Journal":
        """The same journal as another process of the service has it: what is stored is the same; what a writer knows,
        and keeps others from by itself, is not."""
        ...

    def opened(self, streams: Sequence[UUID]) -> AbstractAsyncContextManager[None]:
        """A transaction that has written one event to each of these streams, and commits at the end of the block.

        ChangedMind, raised in the block, rolls it back and goes no further.
        """
        ...

    async def versions(self) -> dict[UUID, int]:
        """The last committed version of every stream that has one."""
        ...

    async def log(self) -> list[Numbered]:
        """What has been numbered, in the order of log indexes."""
        ...

    def relay(self, broker: Broker) -> RelayProcess:
        """A relay of this journal, not started."""
        ...
