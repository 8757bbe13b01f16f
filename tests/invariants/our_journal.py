"""Our journal and relay behind the conformance suite's `Journal`: on a real PostgreSQL, with the suite's broker in the
place of Kafka's client."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

from aiokafka import TopicPartition
from aiokafka.errors import RequestTimedOutError
from aiokafka.producer.message_accumulator import BatchBuilder

from counters import COUNTER, Count
from records import DAY
from samverkan.backbone.command import Context, IdempotencyKey
from samverkan.backbone.database import transaction
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Refused, VersionConflict
from samverkan.backbone.journal.journal import Write
from samverkan.backbone.relay.relay import Relay, RelayPolicy
from samverkan.backbone.subscription.consumer import unpack
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
from samverkan.schemas.participant import ConsentGiven
from world import World, Writer

EVENT = ConsentGiven(agency="af", purpose="test", compartments=(), given_on=DAY)
LEASE_SECONDS = 0.3


class MemoryProducer:
    """What the relay uses of aiokafka's producer."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._sending: set[asyncio.Task[None]] = set()
        self.client = SimpleNamespace(force_metadata_update=_at_once)

    async def start(self) -> None:
        """Nothing to connect to."""

    async def stop(self) -> None:
        """What is on the way is given up."""
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def partitions_for(self, _: str) -> set[int]:
        """All of them."""
        return set(range(len(self._broker.partitions)))

    def create_batch(self) -> BatchBuilder:
        """The library's own."""
        return BatchBuilder(1_000_000, 0)

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> "asyncio.Task[None]":
        """On the way."""
        task = asyncio.create_task(self._send(batch, TopicPartition(topic, partition)))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        return task

    async def _send(self, batch: Any, partition: TopicPartition) -> None:
        records = [Sent(each.key, each.value, each.headers) for each in unpack(partition, bytes(batch._build()))]
        try:
            await self._broker.send(partition.partition, records)
        except NotAcknowledged:
            raise RequestTimedOutError from None


async def _at_once() -> None:
    """There is no metadata to wait for."""


class OurRelay:
    """`RelayProcess`: a relay of ours in a task."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """See `RelayProcess.start`."""
        self._task = asyncio.create_task(self.relay.run())

    async def die(self) -> None:
        """See `RelayProcess.die`: cancelled, so that it neither drains nor gives its lease back."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def drain(self) -> None:
        """See `RelayProcess.drain`."""
        assert self._task is not None, "not started"
        self.relay.drain()
        async with asyncio.timeout(30):
            await self._task


class OurJournal:
    """`Journal`: commands into our journal."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.relays: list[OurRelay] = []

    async def append(
        self, stream_id: UUID, *, expected_version: int | None = None, key: str | None = None, purpose: str = "test"
    ) -> int:
        """See `Journal.append`."""
        context = Context(now=datetime.now(UTC), command_id=uuid4())
        idempotency = IdempotencyKey(key, b"request") if key is not None else None
        try:
            executed = await self.writer.commands.execute(
                Order(COUNTER, stream_id, Count(purpose)),
                context,
                expected_version=expected_version,
                idempotency=idempotency,
            )
        except VersionConflict as error:
            raise Conflict from error
        except Refused as error:
            raise (TooLarge if error.code == "event-too-large" else Conflict) from error
        return executed.version

    def replica(self) -> "OurJournal":
        """See `Journal.replica`."""
        return OurJournal(Writer(self.writer.pool, TOPIC))

    @asynccontextmanager
    async def opened(self, streams: Sequence[UUID]) -> AsyncIterator[None]:
        """See `Journal.opened`."""
        journal = self.writer.journal
        try:
            async with transaction(self.writer.pool) as connection:
                heads = await journal.lock_heads(connection, streams)
                context = Context(now=datetime.now(UTC), command_id=uuid4())
                await journal.append(connection, journal.prepare([Write(heads[s], [EVENT], context) for s in streams]))
                yield
        except ChangedMind:
            pass

    async def empty(self) -> None:
        """As it was when it was new."""
        await self.writer.pool.execute("truncate journal, unsequenced, log, stream, reply, tally cascade")
        await self.writer.pool.execute("update sequencer set next = 0, cursor = 0, holder = null, held_until = null")
        self.relays.clear()
        self.writer.states.forget()

    async def versions(self) -> dict[UUID, int]:
        """See `Journal.versions`."""
        rows = await self.writer.pool.fetch("select stream_id, max(version) as version from journal group by 1")
        return {row["stream_id"]: row["version"] for row in rows}

    async def log(self) -> list[Numbered]:
        """See `Journal.log`."""
        rows = await self.writer.pool.fetch(
            "select l.logindex, j.stream_id, j.version, l.leaf from log as l left join journal as j "
            "on j.position = l.position order by l.logindex"
        )
        return [Numbered(*row) for row in rows]

    def relay(self, broker: Broker) -> OurRelay:
        """See `Journal.relay`."""
        policy = RelayPolicy(lease_seconds=LEASE_SECONDS, batch_rows=7, retry_seconds=0.02)
        self.relays.append(OurRelay(Relay(self.writer.pool, TOPIC, _address(broker), policy)))
        return self.relays[-1]


_brokers: dict[str, Broker] = {}


def _address(broker: Broker) -> str:
    address = f"memory:{id(broker)}"
    _brokers[address] = broker
    return address


@asynccontextmanager
async def our_journal(world: World) -> AsyncIterator[OurJournal]:
    """An empty journal of ours, whose relays find the suite's broker."""
    with patch("samverkan.backbone.relay.relay.producer", lambda address, _: MemoryProducer(_brokers[address])):
        async with world.store() as pool:
            journal = OurJournal(await Writer(pool, TOPIC).ready())
            try:
                yield journal
            finally:
                await asyncio.gather(*(relay.die() for relay in journal.relays))
    _brokers.clear()
