"""Live agency stores on a real broker and database, filled with the golden log by the real subscription."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2

from samverkan.backbone.clock import SystemClock
from samverkan.backbone.database import connect, prepare_connection
from samverkan.backbone.subscription.apply import Applier
from samverkan.backbone.subscription.batch import Batches
from samverkan.backbone.subscription.subscription import Subscription, SubscriptionPolicy
from samverkan.backbone.view_table import ViewTables
from samverkan.cli.replay import Live, agency_store
from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.embedded.postgres import EmbeddedPostgres
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.deploy.topics import ensure_topics
from samverkan.schemas.catalogue import TOPICS, agency
from samverkan.schemas.codec import encode
from samverkan.schemas.envelope import to_attributes
from samverkan.schemas.headers import Headers, to_headers
from samverkan.schemas.sample_chapters.step import sample_id
from samverkan.schemas.sample_story import story

Written = tuple[str, bytes, bytes, Headers]
"""Topic, key, value and headers of a record to be written."""

BROKEN_STREAM = sample_id("broken")
PARTITIONS = {topic.name: topic.partitions for topic in TOPICS}


async def publish(bootstrap: str, records: Sequence[Written]) -> None:
    """Write records by hand, in this order, each to the partition of its key."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True)
    await producer.start()
    try:
        sent = [
            await producer.send(
                topic, value, key, (murmur2(key) & 0x7FFFFFFF) % PARTITIONS[topic], headers=list(headers)
            )
            for topic, key, value, headers in records
        ]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


def golden_records() -> list[Written]:
    """The golden log as records."""
    return [
        (topic.name, str(envelope.stream_id).encode(), encode(event), to_headers(to_attributes(envelope)))
        for topic, envelope, event in story()
    ]


def with_attributes(record: Written, **attributes: str) -> Written:
    """The record with these attributes instead."""
    topic, key, value, headers = record
    changed = dict(headers) | {f"ce_{name}": text.encode() for name, text in attributes.items()}
    return topic, key, value, tuple(sorted(changed.items()))


def broken_records() -> list[Written]:
    """A record of somebody who does not own the topic, and an event that cannot be read."""
    first, *_ = log = golden_records()
    stream = str(BROKEN_STREAM)
    index = str(sum(record[0] == first[0] for record in log))
    topic, _, _, headers = with_attributes(first, subject=stream, streamversion="1", logindex=index)
    return [with_attributes(first, source="/samverkan/placement"), (topic, stream.encode(), b"{not json", headers)]


@contextmanager
def broker(folder: Path) -> Iterator[str]:
    """A broker of its own, because topics here carry the catalogue's names: the golden log, then the broken records."""

    async def fill(bootstrap: str) -> None:
        await ensure_topics(bootstrap, TOPICS)
        await publish(bootstrap, [*golden_records(), *broken_records()])

    with EmbeddedKafka(folder) as kafka:
        asyncio.run(fill(kafka.bootstrap))
        yield kafka.bootstrap


class LiveAgency:
    """One agency's store."""

    def __init__(self, postgres: EmbeddedPostgres, code: str) -> None:
        self.store = agency_store(agency(code))
        self.database = f"replay_{uuid4().hex[:8]}"
        self._postgres = postgres
        self.dsn = postgres.create_database(self.database)
        migrate(self.dsn, *folders_of("agency"))

    @property
    def live(self) -> Live:
        """What the replay is told of it."""
        return Live(self.store, self.dsn)

    async def catch_up(self, bootstrap: str, records: int) -> None:
        """Run its subscription until it has taken so many records."""
        pool = await connect(self.dsn)
        batches = Batches(self.store.reader, ViewTables(self.store.views, shared=False), self.store.name, None, None)
        subscription = Subscription(
            self.store.name,
            list(self.store.reader.topics.values()),
            bootstrap,
            Applier(pool, self.store.name, batches, SystemClock()),
            SubscriptionPolicy(),
        )
        task = asyncio.create_task(subscription.run())
        try:
            async with asyncio.timeout(60):
                while sum(subscription.positions().values()) < records:  # noqa: ASYNC110 - nothing says "that far"
                    await asyncio.sleep(0.02)
        finally:
            subscription.stop()
            await task
            await pool.close()

    async def execute(self, statement: str, *values: Any) -> str:
        """Change the store behind everybody's back."""
        connection = await asyncpg.connect(self.dsn)
        try:
            await prepare_connection(connection)
            return await connection.execute(statement, *values)
        finally:
            await connection.close()

    def drop(self) -> None:
        """Delete the database."""
        self._postgres.drop_database(self.database)
