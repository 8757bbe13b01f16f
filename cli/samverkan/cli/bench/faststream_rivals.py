"""Rivals of apply: what a team would write with FastStream's Kafka subscriber, without folding a single view.

Both keep each event once, in a table with the columns and indexes of ours but the hash, and the head of each stream, in
the transaction that they acknowledge after. Payloads are decoded as FastStream does by default; types are not cast.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.middlewares import AckPolicy

from samverkan.backbone.database import Pool
from samverkan.backbone.subscription.subscription import SubscriptionPolicy
from samverkan.cli.bench.figures import Speed
from samverkan.cli.bench.place import Place
from samverkan.cli.bench.stopwatch import Stopwatch
from samverkan.schemas.catalogue import Topic

EXECUTEMANY: Final = (
    "FastStream batch subscriber, JSON decoded, 2 000 records a transaction: executemany into a table like ours, "
    "executemany that moves each stream's head, then acknowledged; no views, hashes, checks, holes or forks"
)
ONE_BY_ONE: Final = "the same, one transaction for each event: insert, move the head, commit, acknowledge"

_TABLES: Final = """
create table rival_event (
    stream_id uuid not null, version integer not null, topic text not null, partition integer not null,
    kafka_offset bigint not null, source text not null, log_index bigint not null, event_id uuid not null,
    correlation_id uuid not null, recorded_at timestamptz not null, attributes json not null, value bytea not null,
    applied_at timestamptz not null default now(), applied_order bigint generated always as identity,
    primary key (stream_id, version), unique (source, log_index)
);
create index on rival_event (correlation_id, applied_order);
create table rival_head (stream_id uuid primary key, version integer not null);
"""
_KEEP: Final = """
insert into rival_event (stream_id, version, topic, partition, kafka_offset, source, log_index, event_id,
    correlation_id, recorded_at, attributes, value)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing
"""
_MOVE: Final = """
insert into rival_head values ($1, $2)
on conflict (stream_id) do update set version = greatest(rival_head.version, excluded.version)
"""

Kept = tuple[Any, ...]


async def executemany(place: Place, store: Pool, topic: Topic, events: int, *, group: str) -> Speed:
    """Batch by batch."""
    policy = SubscriptionPolicy()
    options = {"batch": True, "batch_timeout_ms": policy.batch_timeout_ms, "max_records": policy.max_records}
    return await _consume(place, store, topic, events, group=group, options=options)


async def one_by_one(place: Place, store: Pool, topic: Topic, events: int, *, group: str) -> Speed:
    """Event by event; as many as are asked for, however many the topic has."""
    return await _consume(place, store, topic, events, group=group, options={})


async def _consume(
    place: Place, store: Pool, topic: Topic, events: int, *, group: str, options: dict[str, Any]
) -> Speed:
    await store.execute(_TABLES)
    watch, done = Stopwatch(place.servers, skip_first=True), asyncio.Event()
    broker = KafkaBroker(place.bootstrap, logger=None, apply_types=False)

    async def decoded(message: KafkaMessage, decode: Callable[[KafkaMessage], Awaitable[object]]) -> KafkaMessage:
        await decode(message)
        return message

    @broker.subscriber(  # type: ignore[untyped-decorator]
        topic.name,
        group_id=f"rival-{group}",
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        fetch_max_wait_ms=100,
        decoder=decoded,
        **options,
    )
    async def handle(message: KafkaMessage) -> None:
        if done.is_set():
            return
        raw = message.raw_message
        records = raw if isinstance(raw, tuple | list) else (raw,)
        await _keep(store, [_kept(record) for record in records])
        await message.ack()
        watch.add(len(records))
        if watch.count >= events:
            done.set()

    await broker.start()
    try:
        async with asyncio.timeout(300):
            await done.wait()
        return watch.speed()
    finally:
        await broker.stop()


async def _keep(store: Pool, kept: Sequence[Kept]) -> None:
    heads: dict[UUID, int] = {}
    for row in kept:
        heads[row[0]] = max(row[1], heads.get(row[0], 0))
    async with store.acquire() as connection, connection.transaction():
        if len(kept) == 1:
            await connection.execute(_KEEP, *kept[0])
            await connection.execute(_MOVE, kept[0][0], kept[0][1])
        else:
            await connection.executemany(_KEEP, kept)
            await connection.executemany(_MOVE, sorted(heads.items()))


def _kept(record: Any) -> Kept:
    attributes = {name.removeprefix("ce_"): text.decode() for name, text in record.headers}
    return (
        UUID(attributes["subject"]),
        int(attributes["streamversion"]),
        record.topic,
        record.partition,
        record.offset,
        attributes["source"],
        int(attributes["logindex"]),
        UUID(attributes["id"]),
        UUID(attributes["correlationid"]),
        datetime.fromisoformat(attributes["recordedtime"]),
        attributes,
        record.value,
    )
