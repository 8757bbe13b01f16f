"""Where the bench works: a broker and a database server of its own in a temporary folder, as durable as in earnest."""

import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from samverkan.backbone.database import Pool, connect
from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.embedded.postgres import EmbeddedPostgres
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.deploy.topics import ensure_topics
from samverkan.schemas.catalogue import PARTICIPANT, Topic

FLOOR = replace(PARTICIPANT, name="bench.floor")


@dataclass(frozen=True)
class Place:
    """A running broker and database server."""

    kafka: EmbeddedKafka
    postgres: EmbeddedPostgres
    folder: Path

    @asynccontextmanager
    async def database(self, name: str, service: str) -> AsyncIterator[Pool]:
        """A new database with the tables of a service."""
        dsn = self.postgres.create_database(name)
        migrate(dsn, *folders_of(service))
        pool = await connect(dsn)
        try:
            yield pool
        finally:
            await pool.close()

    async def topics(self, topics: Sequence[Topic]) -> None:
        """Create topics."""
        await ensure_topics(self.kafka.bootstrap, topics)


@contextmanager
def place() -> Iterator[Place]:
    """Start both, end both, leave nothing."""
    with tempfile.TemporaryDirectory(prefix="samverkan-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with EmbeddedPostgres(folder / "postgres") as postgres, EmbeddedKafka(folder / "kafka") as kafka:
            yield Place(kafka, postgres, folder)
