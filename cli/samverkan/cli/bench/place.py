"""Where the bench works: a broker and a database server of its own in a temporary folder, as durable as in earnest."""

import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import asyncpg
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from samverkan.backbone.database import Pool, connect
from samverkan.cli.bench.pace import until_async
from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.embedded.postgres import SUPERUSER, EmbeddedPostgres
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.deploy.topics import ensure_topics
from samverkan.schemas.catalogue import PARTICIPANT, Topic

FLOOR: Final = replace(PARTICIPANT, name="bench.floor")
RIVAL: Final = replace(PARTICIPANT, name="bench.rival")

Ends = dict[tuple[str, int], int]
"""Next offset by topic and partition."""


@dataclass(frozen=True)
class Place:
    """A running broker and database server, as a part's process finds them; `servers` are their process ids."""

    bootstrap: str
    sockets: str
    folder: str
    servers: dict[str, int]

    def dsn(self, database: str) -> str:
        """Where a database is."""
        return f"postgresql://{SUPERUSER}@/{database}?host={self.sockets}"

    @asynccontextmanager
    async def database(self, name: str, service: str, *, connections: int = 10) -> AsyncIterator[Pool]:
        """A new database with the tables of a service, dropped in the end: no part pays for another one's data."""
        await self.create_database(name, service)
        pool = await connect(self.dsn(name), max_size=connections)
        try:
            yield pool
        finally:
            await pool.close()
            await self._execute(f"drop database {name} with (force)")

    async def create_database(self, name: str, service: str) -> None:
        """A new database with the tables of a service."""
        await self._execute(f"create database {name}")
        migrate(self.dsn(name), *folders_of(service))

    @asynccontextmanager
    async def topics(self, topics: Sequence[Topic]) -> AsyncIterator[None]:
        """New topics, deleted in the end: a journal's log begins at 0, and so must its topic."""
        await ensure_topics(self.bootstrap, topics)
        try:
            yield
        finally:
            await self._delete([topic.name for topic in topics])

    async def ends(self, topic: Topic) -> Ends:
        """Where the topic ends now."""
        consumer = AIOKafkaConsumer(topic.name, bootstrap_servers=self.bootstrap, group_id=None)
        await consumer.start()
        try:
            ends = await consumer.end_offsets(sorted(consumer.assignment()))
            return {(partition.topic, partition.partition): offset for partition, offset in ends.items()}
        finally:
            await consumer.stop()

    async def _delete(self, names: Sequence[str]) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            await admin.delete_topics(list(names))

            async def gone() -> bool:
                return not set(names) & set(await admin.list_topics())

            await until_async(gone, seconds=30)
        finally:
            await admin.close()

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.dsn("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def place() -> Iterator[Place]:
    """Start both, end both, leave nothing."""
    with tempfile.TemporaryDirectory(prefix="samverkan-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with EmbeddedPostgres(folder / "postgres") as postgres, EmbeddedKafka(folder / "kafka") as kafka:
            servers = {"Kafka": kafka.pid, "PostgreSQL": postgres.pid}
            yield Place(kafka.bootstrap, str(postgres.socket_folder), str(folder), servers)
