"""The parts of a service, put together by hand on a real broker and database: what the invariant suite takes apart."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from counters import COUNTER, TALLY_TABLE, Count, Tallies

from samverkan.backbone.clock import SystemClock
from samverkan.backbone.command import Context, Executed
from samverkan.backbone.database import Pool, connect
from samverkan.backbone.decider import Order
from samverkan.backbone.journal.commands import JournalCommands, States
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.parking.policy import ParkingLimit, RetryPolicy
from samverkan.backbone.relay.relay import Relay, RelayPolicy
from samverkan.backbone.service import Reaction
from samverkan.backbone.subscription.apply import Applier
from samverkan.backbone.subscription.batch import Batches
from samverkan.backbone.subscription.reacting import Reader
from samverkan.backbone.subscription.subscription import Subscription, SubscriptionPolicy
from samverkan.backbone.view_table import ViewTables
from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.embedded.postgres import EmbeddedPostgres
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.deploy.topics import ensure_topics
from samverkan.schemas.catalogue import PARTICIPANT, Topic
from samverkan.schemas.codec import ALL
from samverkan.schemas.event import Event


@dataclass
class World:
    """One broker and one database server; databases and topics are made as asked for."""

    postgres: EmbeddedPostgres
    kafka: EmbeddedKafka
    names: list[str] = field(default_factory=list)

    async def topic(self, like: Topic = PARTICIPANT, partitions: int = 3) -> Topic:
        """A topic of its own, owned as `like` is."""
        topic = replace(like, name=f"{like.name}.{uuid4().hex[:8]}", partitions=partitions)
        await ensure_topics(self.kafka.bootstrap, [topic])
        return topic

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Pool]:
        """A migrated database with the tally table."""
        name = f"world_{uuid4().hex[:10]}"
        dsn = self.postgres.create_database(name)
        migrate(dsn, *_backbone_migrations())
        pool = await connect(dsn, max_size=40)
        try:
            await pool.execute(TALLY_TABLE)
            yield pool
        finally:
            await asyncio.wait_for(pool.close(), 10)
            self.postgres.drop_database(name)


def _backbone_migrations() -> list[Path]:
    return [folder for folder in folders_of("intake") if "backbone" in folder.parts]


class Writer:
    """The writing half: commands into a journal, and a relay."""

    def __init__(self, pool: Pool, topic: Topic) -> None:
        self.pool = pool
        self.topic = topic
        self.journal = Journal(topic)
        self.states = States(self.journal)
        self.views = ViewTables([Tallies()], shared=True)
        self.commands = JournalCommands(
            pool, self.journal, self.states, self.views, on_commit=lambda: None, ready=lambda: True
        )

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
    ) -> None:
        self.pool = pool
        self.topics = topics
        self.name = name or f"follower-{uuid4().hex[:8]}"
        journal = Journal(owns) if owns else None
        self.batches = Batches(
            Reader({topic.name: topic for topic in topics}, ALL, reactions or {}),
            ViewTables([Tallies()], shared=owns is not None),
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


async def eventually(condition: Any, *, seconds: float = 20.0) -> None:
    """Wait until the (async) condition holds; fails with the condition's last value."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (value := await condition()):
        assert asyncio.get_running_loop().time() < deadline, f"not within {seconds} s: {value!r}"
        await asyncio.sleep(0.02)
