"""How fast an agency applies: events kept as they came, folded into its views, offsets moved, beside getmany + COPY."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from samverkan.agency.views import views_for
from samverkan.backbone.clock import SystemClock
from samverkan.backbone.database import Pool, transaction
from samverkan.backbone.monitor import tell
from samverkan.backbone.subscription import store
from samverkan.backbone.subscription.apply import Applied, Applier
from samverkan.backbone.subscription.batch import Batches
from samverkan.backbone.subscription.reacting import Reader
from samverkan.backbone.subscription.subscription import Subscription, SubscriptionPolicy
from samverkan.backbone.view_table import ViewTables
from samverkan.cli.bench.figures import Rate, Speed, Stopwatch
from samverkan.cli.bench.place import Place
from samverkan.schemas.catalogue import MAY_SEE, Role, Topic

_TABLE: Final = """
create table copied (
    topic text, partition integer, kafka_offset bigint, key bytea, headers bytea, value bytea
)
"""

Ends = Mapping[tuple[str, int], int]
"""Next offset by topic and partition."""

MAX_RECORDS = SubscriptionPolicy().max_records
_ROLE = Role.EMPLOYMENT_SERVICE  # AF may see every compartment: the most that any agency folds


async def measure_apply(place: Place, topic: Topic, streams: int, begin: Ends, events: int, size: int) -> Rate:
    """Apply the records after `begin` into an empty agency store, then copy the same ones into one table by hand."""
    async with place.database(f"apply_{streams}", "agency") as pool:
        ours = await _subscribe(place, pool, topic, begin, events)
    async with place.database(f"copy_{streams}", "agency") as pool:
        floor = await _copy_by_hand(place, pool, topic, begin, events)
    return Rate(
        f"apply, {streams} streams",
        "events kept, folded into an agency's views, offsets moved; floor: aiokafka getmany, COPY into one table",
        events,
        size,
        ours,
        floor,
    )


async def read_ends(place: Place, topic: Topic) -> dict[tuple[str, int], int]:
    """Where the topic ends now."""
    consumer = AIOKafkaConsumer(topic.name, bootstrap_servers=place.kafka.bootstrap, group_id=None)
    await consumer.start()
    try:
        ends = await consumer.end_offsets(sorted(consumer.assignment()))
        return {(partition.topic, partition.partition): offset for partition, offset in ends.items()}
    finally:
        await consumer.stop()


def agency_batches(name: str, topic: Topic) -> Batches:
    """What an agency of this role applies."""
    return Batches(
        Reader({topic.name: topic}, MAY_SEE[_ROLE], {}), ViewTables(views_for(_ROLE), shared=False), name, None, None
    )


async def _subscribe(place: Place, pool: Pool, topic: Topic, begin: Ends, events: int) -> Speed:
    async with transaction(pool) as connection:
        await store.move_offsets(connection, begin, {})
    name, watch, done = "agency.bench", Stopwatch(skip_first=True), asyncio.Event()

    def on_applied(applied: Applied) -> None:
        tell(applied, datetime.now(UTC))  # as every service does
        if applied.events:
            watch.add(len(applied.events))
        if watch.count >= events:
            done.set()

    subscription = Subscription(
        name,
        [topic],
        place.kafka.bootstrap,
        Applier(pool, name, agency_batches(name, topic), SystemClock()),
        SubscriptionPolicy(),
        on_applied=on_applied,
    )
    task = asyncio.create_task(subscription.run())
    try:
        await asyncio.wait([task, asyncio.ensure_future(done.wait())], return_when=asyncio.FIRST_COMPLETED)
        return watch.speed()
    finally:
        subscription.stop()
        await task


async def _copy_by_hand(place: Place, pool: Pool, topic: Topic, begin: Ends, events: int) -> Speed:
    await pool.execute(_TABLE)
    consumer = AIOKafkaConsumer(bootstrap_servers=place.kafka.bootstrap, group_id=None, fetch_max_wait_ms=100)
    await consumer.start()
    watch = Stopwatch(skip_first=True)
    try:
        partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        consumer.assign(partitions)
        for partition in partitions:
            consumer.seek(partition, begin.get((partition.topic, partition.partition), 0))
        while watch.count < events:
            fetched = await consumer.getmany(timeout_ms=100, max_records=MAX_RECORDS)
            records = [
                (r.topic, r.partition, r.offset, r.key, b"".join(text for _, text in r.headers), r.value)
                for batch in fetched.values()
                for r in batch
            ]
            if records:
                async with transaction(pool) as connection:
                    await connection.copy_records_to_table("copied", records=records)
                watch.add(len(records))
        return watch.speed()
    finally:
        await consumer.stop()
