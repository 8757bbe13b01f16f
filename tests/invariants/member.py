"""What a member process runs: one relay or one subscription of the counters, until SIGTERM drains it."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from counters import on_consent_given
from samverkan.backbone.database import Connection, Pool, connect
from samverkan.backbone.frozen import watch_frozen
from samverkan.backbone.relay.relay import Relay, RelayPolicy
from samverkan.backbone.subscription.batch import Attempt, Batches
from samverkan.backbone.subscription.consumer import TolerantConsumer
from samverkan.backbone.subscription.positions import PositionsListener
from samverkan.backbone.subscription.subscription import Subscription, SubscriptionPolicy
from samverkan.schemas.participant import ConsentGiven
from world import Follower, topic_named


def run(kind: str, spec: Any) -> None:
    """Run one until it is told to stop."""
    asyncio.run(_run(KINDS[kind], spec))


async def _run(kind: Callable[..., Awaitable[None]], spec: Mapping[str, Any]) -> None:
    await kind(**spec)


async def relay(*, dsn: str, bootstrap: str, topic: dict[str, Any], policy: dict[str, float]) -> None:
    """A relay; several stand by for each other."""
    pool = await connect(dsn, max_size=3, frozen_seconds=1.0)
    running = Relay(pool, topic_named(**topic), bootstrap, RelayPolicy(**policy))  # type: ignore[arg-type]
    print(running._holder, flush=True)  # the first line of the log: who this is in the database
    async with _watching(pool, 1.0):
        await _until_stopped(running)
    await pool.close()


async def subscriber(
    *,
    dsn: str,
    bootstrap: str,
    topics: list[dict[str, Any]],
    name: str,
    owns: dict[str, Any] | None = None,
    policy: dict[str, float] | None = None,
    slow_listener_seconds: float = 0.0,
    slow_write_seconds: float = 0.0,
    frozen_seconds: float = 15.0,
) -> None:
    """A member of the group `name`. The sleeps widen the moments in which a kill or a rebalance hurts."""
    if slow_listener_seconds:
        _slow_listener(slow_listener_seconds)
    if slow_write_seconds:
        _slow_write(slow_write_seconds)
    _short_session()
    pool = await connect(dsn, max_size=5, frozen_seconds=frozen_seconds)
    follower = Follower(
        pool,
        [topic_named(**topic) for topic in topics],
        name=name,
        owns=topic_named(**owns) if owns else None,
        reactions={ConsentGiven: on_consent_given} if owns else None,
    )
    running = Subscription(
        name,
        follower.topics,
        bootstrap,
        follower.applier,
        SubscriptionPolicy(**policy or {}),  # type: ignore[arg-type]
    )
    async with _watching(pool, frozen_seconds):
        await _until_stopped(running)
    await pool.close()


async def publisher(*, dsn: str, bootstrap: str, topic: dict[str, Any], chunk_events: int) -> None:
    """A publishing service that takes its events back so many at a time, and waits a moment after each."""
    from publishers import Publisher
    from samverkan.backbone.recovery import recovery

    recovery.CHUNK_EVENTS = chunk_events  # type: ignore[misc]
    pool = await connect(dsn, max_size=5, frozen_seconds=1.0)
    made = Publisher(pool, topic_named(**topic), bootstrap)
    quick = made.recovery._write

    async def slow(*given: Any) -> int:
        written = await quick(*given)
        await asyncio.sleep(0.05)
        return written

    made.recovery._write = slow  # type: ignore[method-assign,assignment]
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    async with made.running():
        await stopping.wait()
    await pool.close()


@asynccontextmanager
async def _watching(pool: Pool, seconds: float) -> AsyncIterator[None]:
    """As every process of a service does (app.py)."""
    watching = asyncio.create_task(watch_frozen(pool, seconds))
    try:
        yield
    finally:
        watching.cancel()


async def _until_stopped(part: Relay | Subscription) -> None:
    stop = part.drain if isinstance(part, Relay) else part.stop
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
    await part.run()


def _short_session() -> None:
    """The broker gives a killed member's partitions away as soon as it allows: six seconds."""
    usual = TolerantConsumer.__init__

    def short(self: Any, *topics: str, **options: Any) -> None:
        usual(self, *topics, **{**options, "session_timeout_ms": 6000, "heartbeat_interval_ms": 500})

    TolerantConsumer.__init__ = short  # type: ignore[method-assign]


def _slow_listener(seconds: float) -> None:
    """The positions listener awaits, so that records arrive before it has set a position (S1)."""
    quick = PositionsListener.on_partitions_assigned

    async def slow(self: Any, assigned: Any) -> None:
        await asyncio.sleep(seconds)
        quick(self, assigned)

    PositionsListener.on_partitions_assigned = slow  # type: ignore[method-assign,assignment]


def _slow_write(seconds: float) -> None:
    """A transaction stays open with everything written but the offsets."""
    quick = Batches.write

    async def slow(self: Batches, connection: Connection, attempt: Attempt, now: Any) -> None:
        await quick(self, connection, attempt, now)
        await asyncio.sleep(seconds)

    Batches.write = slow  # type: ignore[method-assign]


KINDS: Final[Mapping[str, Callable[..., Awaitable[None]]]] = {
    "relay": relay,
    "subscriber": subscriber,
    "publisher": publisher,
}
