"""A journal and relays that are right because they are simple: in memory, one event at a time, nothing clever."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from copy import copy
from dataclasses import dataclass, field
from uuid import UUID

from samverkan.backbone.testing.conformance.journal import (
    TOPIC,
    Broker,
    ChangedMind,
    Conflict,
    NotAcknowledged,
    Numbered,
    Sent,
    TooLarge,
)
from samverkan.backbone.testing.conformance.records import raw
from samverkan.schemas.entry import leaf_hash

LARGEST = 900_000
LEASE_SECONDS = 0.2


@dataclass
class Row:
    """One committed event."""

    stream_id: UUID
    version: int
    partition: int
    purpose: str


@dataclass
class Shared:
    """What would stand in a database. `committed`: in the order of commits, which is the log's."""

    committed: list[Row] = field(default_factory=list)
    versions: dict[UUID, int] = field(default_factory=dict)
    partitions: dict[UUID, int] = field(default_factory=dict)
    replies: dict[str, int] = field(default_factory=dict)
    partition_count: int = TOPIC.partitions
    cursor: int = 0
    holder: object = None
    held_until: float = 0.0


class ReferenceJournal:
    """`Journal`, without a database: a commit is one step of the event loop."""

    def __init__(self) -> None:
        self._shared = Shared()
        self._locks: dict[UUID, asyncio.Lock] = {}

    async def append(
        self, stream_id: UUID, *, expected_version: int | None = None, key: str | None = None, purpose: str = "test"
    ) -> int:
        """See `Journal.append`."""
        async with self._locked([stream_id]):
            version = self._shared.versions.get(stream_id, 0)
            if key is not None and key in self._shared.replies:
                return self._shared.replies[key]
            if expected_version not in (None, version):
                raise Conflict
            if len(purpose) > LARGEST:
                raise TooLarge
            self._commit([stream_id], purpose)
            if key is not None:
                self._shared.replies[key] = version + 1
            return version + 1

    def replica(self) -> "ReferenceJournal":
        """See `Journal.replica`: what stands for the database is the same."""
        return copy(self)

    @asynccontextmanager
    async def opened(self, streams: Sequence[UUID]) -> AsyncIterator[None]:
        """See `Journal.opened`."""
        async with self._locked(streams):
            with suppress(ChangedMind):
                yield
                self._commit(streams, "test")

    async def versions(self) -> dict[UUID, int]:
        """See `Journal.versions`."""
        return dict(self._shared.versions)

    async def log(self) -> list[Numbered]:
        """See `Journal.log`."""
        return [
            Numbered(index, row.stream_id, row.version, leaf_hash(TOPIC.name, *_of(record)))
            for index, row in enumerate(self._shared.committed)
            for record in [_sent(row, index)]
        ]

    def relay(self, broker: Broker) -> "ReferenceRelay":
        """See `Journal.relay`."""
        return ReferenceRelay(self._shared, broker)

    @asynccontextmanager
    async def _locked(self, streams: Sequence[UUID]) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for stream in sorted(set(streams)):
                await stack.enter_async_context(self._locks.setdefault(stream, asyncio.Lock()))
            yield

    def _commit(self, streams: Sequence[UUID], purpose: str) -> None:
        now = self._shared
        for stream in streams:
            version = now.versions[stream] = now.versions.get(stream, 0) + 1
            partition = now.partitions.setdefault(stream, stream.int % now.partition_count)
            now.committed.append(Row(stream, version, partition, purpose))


class ReferenceRelay:
    """Sends one record at a time, and moves the cursor when it is acknowledged."""

    def __init__(self, shared: Shared, broker: Broker) -> None:
        self._shared = shared
        self._broker = broker
        self._draining = False

    def start(self) -> None:
        """See `RelayProcess.start`."""
        self._task = asyncio.create_task(self._run())

    async def die(self) -> None:
        """See `RelayProcess.die`."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def drain(self) -> None:
        """See `RelayProcess.drain`."""
        self._draining = True
        await self._task

    async def _run(self) -> None:
        now = self._shared
        while True:
            if not self._leads():
                await asyncio.sleep(0.02)
                continue
            now.partition_count = len(self._broker.partitions)
            if now.cursor == len(now.committed):
                if self._draining:
                    now.held_until = 0.0  # given back: the next need not wait for the lease to run out
                    return
                await asyncio.sleep(0.01)
                continue
            index = now.cursor
            try:
                await self._broker.send(now.committed[index].partition, [_sent(now.committed[index], index)])
            except NotAcknowledged:
                continue
            if now.holder is self and now.cursor == index:
                now.cursor += 1

    def _leads(self) -> bool:
        """Whether this relay is the active one, which it says again while it lives."""
        clock = asyncio.get_running_loop().time()
        if self._shared.holder is not self and self._shared.held_until > clock:
            return False
        self._shared.holder, self._shared.held_until = self, clock + LEASE_SECONDS
        return True


def _sent(row: Row, log_index: int) -> Sent:
    """The same bytes at every send."""
    record = raw(TOPIC, row.stream_id, row.version, log_index, purpose=row.purpose)
    assert record.key is not None and record.value is not None
    return Sent(record.key, record.value, tuple((name, value or b"") for name, value in record.headers))


def _of(record: Sent) -> tuple[bytes, tuple[tuple[str, bytes], ...], bytes]:
    return record.key, record.headers, record.value
