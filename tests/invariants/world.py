"""The parts of a service, put together by hand on a real broker and database: what the invariant suite takes apart."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from counters import COUNTER, TALLY_TABLE, Count, Tallies
from records import Raw
from records import topic_named as topic_named  # noqa: PLC0414 - part of the world
from samverkan.backbone.clock import SystemClock
from samverkan.backbone.command import Context, Executed
from samverkan.backbone.database import Pool, connect
from samverkan.backbone.decider import Order
from samverkan.backbone.journal.commands import JournalCommands
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.journal.states import States
from samverkan.backbone.parking.policy import ParkingLimit, RetryPolicy
from samverkan.backbone.relay.relay import Relay, RelayPolicy
from samverkan.backbone.service import Reaction
from samverkan.backbone.subscription.apply import Applier
from samverkan.backbone.subscription.batch import Batches
from samverkan.backbone.subscription.reacting import Reader
from samverkan.backbone.subscription.subscription import Subscription, SubscriptionPolicy
from samverkan.backbone.view import View
from samverkan.backbone.view_table import ViewTables
from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.embedded.postgres import EmbeddedPostgres
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.deploy.topics import ensure_topics
from samverkan.schemas.catalogue import PARTICIPANT, Topic
from samverkan.schemas.codec import ALL
from samverkan.schemas.event import Event


def told(topic: Topic) -> dict[str, Any]:
    """The topic as a member process is told of it."""
    return {"name": topic.name, "owner": topic.owner, "partitions": topic.partitions}


@dataclass
class World:
    """One broker and one database server; databases and topics are made as asked for."""

    postgres: EmbeddedPostgres
    kafka: EmbeddedKafka

    async def topic(self, like: Topic = PARTICIPANT, partitions: int = 3) -> Topic:
        """A topic of its own, owned as `like` is."""
        topic = replace(like, name=f"{like.name}.{uuid4().hex[:8]}", partitions=partitions)
        await ensure_topics(self.kafka.bootstrap, [topic])
        return topic

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Pool]:
        """A migrated database with the tally table."""
        name = await self.database()
        pool = await connect(self.dsn(name), max_size=40)
        try:
            yield pool
        finally:
            async with asyncio.timeout(10):
                await pool.close()
            await self._manage(f"drop database {name} with (force)")

    async def database(self) -> str:
        """The name of a new database, copied from one that was migrated once; 0.03 s."""
        template = "invariants_template"
        if not await self._exists(template):
            migrate(self.postgres.create_database("invariants_unready"), *_backbone_migrations())
            await self._manage(TALLY_TABLE, database="invariants_unready")
            await self._manage(f"alter database invariants_unready rename to {template}")
        name = f"world_{uuid4().hex[:10]}"
        await self._manage(f"create database {name} template {template} strategy file_copy")
        return name

    def dsn(self, name: str) -> str:
        """How a process of its own connects."""
        return self.postgres.dsn(name)

    async def _exists(self, name: str) -> bool:
        return bool(await self._manage(f"select from pg_database where datname = '{name}'"))

    async def _manage(self, statement: str, *, database: str = "postgres") -> list[Any]:
        connection = await asyncpg.connect(self.dsn(database))
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()

    async def produce(self, topic: Topic, records: Sequence[Raw]) -> None:
        """Put records on a topic as its relay would: in order per partition."""
        await produce(self.kafka.bootstrap, topic, records)

    async def read(self, topic: Topic) -> list[ConsumerRecord[Any, Any]]:
        """Everything on a topic, in order per partition, with an ordinary client and no group."""
        return await read_topic(self.kafka.bootstrap, topic.name)

    async def ends(self, topic: Topic) -> dict[tuple[str, int], int]:
        """The end offset of each partition that holds something."""
        return await end_offsets(self.kafka.bootstrap, topic.name)


def _backbone_migrations() -> list[Path]:
    return [folder for folder in folders_of("intake") if "backbone" in folder.parts]


async def produce(bootstrap: str, topic: Topic, records: Sequence[Raw]) -> None:
    """Put records on a topic, in order per partition."""
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, max_request_size=3_500_000, linger_ms=5) as producer:
        sent = [
            await producer.send(
                topic.name,
                record.value,
                key=record.key,
                headers=list(record.headers),
                partition=record.partition_of(topic),
            )
            for record in records
        ]
        await asyncio.gather(*sent)


async def end_offsets(bootstrap: str, name: str) -> dict[tuple[str, int], int]:
    """The end offset of each partition that holds something."""
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap) as consumer:
        return {(tp.topic, tp.partition): end for tp, end in (await _ends(consumer, name)).items() if end}


async def read_topic(bootstrap: str, name: str) -> list[ConsumerRecord[Any, Any]]:
    """Everything on a topic, in order per partition."""
    async with AIOKafkaConsumer(
        bootstrap_servers=bootstrap, auto_offset_reset="earliest", max_partition_fetch_bytes=8_000_000
    ) as consumer:
        ends = {partition: end for partition, end in (await _ends(consumer, name)).items() if end}
        consumer.assign(list(ends))
        for partition in ends:
            consumer.seek(partition, 0)
        records: list[ConsumerRecord[Any, Any]] = []
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                records.extend(batch)
        return records


async def _ends(consumer: AIOKafkaConsumer, name: str) -> dict[TopicPartition, int]:
    await consumer._client._maybe_wait_metadata()
    consumer._client.add_topic(name)
    await consumer._client.force_metadata_update()
    partitions = consumer.partitions_for_topic(name)
    assert partitions, f"{name} is not there"
    ends: dict[TopicPartition, int] = await consumer.end_offsets([TopicPartition(name, p) for p in partitions])
    return ends


class Writer:
    """The writing half: commands into a journal, and a relay."""

    def __init__(self, pool: Pool, topic: Topic, *, views: Sequence[View[Any]] = ()) -> None:
        self.pool = pool
        self.topic = topic
        self.journal = Journal(topic)
        self.states = States(self.journal)
        self.views = ViewTables(views or [Tallies()], shared=True)
        self.commands = JournalCommands(pool, self.journal, self.states, self.views, on_commit=lambda: None)

    async def ready(self) -> "Writer":
        """The partition count is normally learnt from Kafka by the relay."""
        await self.pool.execute(
            "insert into topic values ($1, $2) on conflict do nothing", self.topic.name, self.topic.partitions
        )
        return self

    async def count(self, stream_id: UUID, purpose: str = "test", **more: Any) -> Executed:
        """Count once."""
        context = Context(now=datetime.now(UTC), command_id=uuid4())
        return await self.commands.execute(Order(COUNTER, stream_id, Count(purpose)), context, **more)

    def relay(self, kafka: EmbeddedKafka, **policy: float) -> Relay:
        """A relay of this journal."""
        return Relay(self.pool, self.topic, kafka.bootstrap, RelayPolicy(**policy))  # type: ignore[arg-type]


class Follower:
    """The reading half: a subscription to `topics` into a store."""

    def __init__(
        self,
        pool: Pool,
        topics: Sequence[Topic],
        *,
        name: str | None = None,
        owns: Topic | None = None,
        reactions: Mapping[type[Event], Reaction] | None = None,
        limit: ParkingLimit | None = None,
        retry: RetryPolicy | None = None,
        views: Sequence[View[Any]] = (),
    ) -> None:
        self.pool = pool
        self.topics = topics
        self.name = name or f"follower-{uuid4().hex[:8]}"
        journal = Journal(owns) if owns else None
        self.batches = Batches(
            Reader({topic.name: topic for topic in topics}, ALL, reactions or {}),
            ViewTables(views or [Tallies()], shared=owns is not None),
            self.name,
            journal,
            States(journal) if journal else None,
        )
        self.applier = Applier(pool, self.name, self.batches, SystemClock(), limit=limit, retry=retry)

    def subscription(self, kafka: EmbeddedKafka, **policy: float) -> Subscription:
        """A member of this follower's consumer group."""
        return Subscription(
            self.name,
            self.topics,
            kafka.bootstrap,
            self.applier,
            SubscriptionPolicy(**policy),  # type: ignore[arg-type]
        )

    async def tallies(self) -> dict[UUID, tuple[int, ...]]:
        """The versions that each stream's row has folded, in the order folded."""
        rows = await self.pool.fetch("select stream_id, versions from tally")
        return {row["stream_id"]: tuple(row["versions"]) for row in rows}


@asynccontextmanager
async def running(*parts: Relay | Subscription) -> AsyncIterator[None]:
    """Run relays and subscriptions until the block ends, then stop them as a service would."""
    tasks = [asyncio.create_task(part.run()) for part in parts]
    try:
        yield
    finally:
        for part in parts:
            part.drain() if isinstance(part, Relay) else part.stop()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome


async def eventually(condition: Any, *, seconds: float = 100.0) -> None:
    """Wait until the (async) condition holds; fails with the condition's last value."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (value := await condition()):
        assert asyncio.get_running_loop().time() < deadline, f"not within {seconds} s: {value!r}"
        await asyncio.sleep(0.02)
