"""How fast an agency applies: events kept, folded into its views, offsets moved, beside floor and rivals."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from aiokafka import AIOKafkaConsumer

from samverkan.agency.views import views_for
from samverkan.backbone.clock import SystemClock
from samverkan.backbone.database import Pool, transaction
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.monitor import tell
from samverkan.backbone.subscription.apply import Applied, Applier
from samverkan.backbone.subscription.batch import Batches
from samverkan.backbone.subscription.reacting import Reader
from samverkan.backbone.subscription.subscription import Subscription, SubscriptionPolicy
from samverkan.backbone.view_table import ViewTables
from samverkan.cli.bench import faststream_rivals as rivals
from samverkan.cli.bench.figures import Contender, PartFigures, Rate, Speed
from samverkan.cli.bench.filling import fill
from samverkan.cli.bench.place import Place
from samverkan.cli.bench.records import assign, mean_size, read_records
from samverkan.cli.bench.relaying import relay_all
from samverkan.cli.bench.report import told
from samverkan.cli.bench.size import FEW_STREAMS, MANY_STREAMS, Size
from samverkan.cli.bench.stopwatch import Stopwatch
from samverkan.cli.up.say import progress
from samverkan.schemas.catalogue import MAY_SEE, PARTICIPANT, Role, Topic

_TABLE: Final = """
create table copied (
    topic text, partition integer, kafka_offset bigint, key bytea, headers bytea, value bytea
)
"""
_OURS: Final = "events checked, kept as they came, folded into AF's views, heads and offsets moved; 2 000 a transaction"
_FLOOR: Final = "aiokafka getmany and COPY into one table without index, 2 000 a transaction; nothing read"

MAX_RECORDS: Final = SubscriptionPolicy().max_records
ROLE: Final = Role.EMPLOYMENT_SERVICE  # AF may see every compartment: the most that any agency folds


async def measure(place: Place, size: Size) -> PartFigures:
    """Over few streams and over many."""
    rates = []
    for streams, events in ((FEW_STREAMS, size.events_of_few), (MANY_STREAMS, size.events_of_many)):
        if events > 0:
            rates.append(await _measure(place, size, streams, events))
            progress(told(rates[-1]))
    return PartFigures("apply", rates=tuple(rates))


async def _measure(place: Place, size: Size, streams: int, events: int) -> Rate:
    ours: list[Speed] = []
    floor: list[Speed] = []
    batch: list[Speed] = []
    single: list[Speed] = []
    async with place.topics([PARTICIPANT]), place.database("apply_from", "intake") as pool:
        await fill(pool, Journal(PARTICIPANT), streams, events)
        await relay_all(place, pool, PARTICIPANT, events)
        bytes_per_event = mean_size(await read_records(place, PARTICIPANT, {}, min(events, 5_000)))
        for number in range(size.repeats):
            async with place.database("apply_ours", "agency") as store:
                ours.append(await apply_all(place, store, PARTICIPANT, events))
            if not size.rivals:
                continue
            async with place.database("apply_floor", "agency") as store:
                floor.append(await _copy_by_hand(place, store, PARTICIPANT, events))
            async with place.database("apply_rival", "agency") as store:
                batch.append(await rivals.executemany(place, store, PARTICIPANT, events, group=f"m{number}"))
            async with place.database("apply_rival", "agency") as store:
                single.append(
                    await rivals.one_by_one(place, store, PARTICIPANT, size.single_events, group=f"o{number}")
                )
    contenders = [Contender("samverkan", _OURS, events, tuple(ours))]
    if size.rivals:
        contenders += [
            Contender("floor", _FLOOR, events, tuple(floor)),
            Contender("FastStream executemany", rivals.EXECUTEMANY, events, tuple(batch)),
            Contender("FastStream one by one", rivals.ONE_BY_ONE, size.single_events, tuple(single)),
        ]
    return Rate(f"apply, {streams:,} streams", bytes_per_event, tuple(contenders))


def agency_batches(name: str, topic: Topic, role: Role = ROLE) -> Batches:
    """What an agency of this role applies."""
    return Batches(
        Reader({topic.name: topic}, MAY_SEE[role], {}), ViewTables(views_for(role), shared=False), name, None, None
    )


async def apply_all(
    place: Place, store: Pool, topic: Topic, events: int, *, on_progress: Callable[[int], None] = lambda _: None
) -> Speed:
    """Apply a topic from its beginning into an empty store, as the service's own subscription does."""
    name, watch, done = "agency.bench", Stopwatch(place.servers, skip_first=True), asyncio.Event()

    def on_applied(applied: Applied) -> None:
        tell(applied, datetime.now(UTC))  # as every service does
        if applied.events:
            watch.add(len(applied.events))
            on_progress(watch.count)
        if watch.count >= events:
            done.set()

    subscription = Subscription(
        name,
        [topic],
        place.bootstrap,
        Applier(store, name, agency_batches(name, topic), SystemClock()),
        SubscriptionPolicy(),
        on_applied=on_applied,
    )
    running = asyncio.create_task(subscription.run())
    waiting = asyncio.create_task(done.wait())
    try:
        await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
        return watch.speed()
    finally:
        waiting.cancel()
        subscription.stop()
        await running


async def _copy_by_hand(place: Place, store: Pool, topic: Topic, events: int) -> Speed:
    await store.execute(_TABLE)
    consumer = AIOKafkaConsumer(bootstrap_servers=place.bootstrap, group_id=None, fetch_max_wait_ms=100)
    await consumer.start()
    watch = Stopwatch(place.servers, skip_first=True)
    try:
        assign(consumer, topic, {})
        while watch.count < events:
            fetched = await consumer.getmany(timeout_ms=100, max_records=MAX_RECORDS)
            records = [
                (r.topic, r.partition, r.offset, r.key, b"".join(text for _, text in r.headers), r.value)
                for batch in fetched.values()
                for r in batch
            ]
            if records:
                async with transaction(store) as connection:
                    await connection.copy_records_to_table("copied", records=records)
                watch.add(len(records))
        return watch.speed()
    finally:
        await consumer.stop()
