"""A rival of the relay: faststream-outbox (modern-python), from its own table to acknowledged in Kafka.

Configured for speed, as far as its options go: several workers, for each waits for the acknowledgement of one row, and
only rows that wait at once share a request; rows claimed and deleted in large batches; no type casting and no logging;
payload and headers passed on as bytes, never decoded. Of 4 to 200 workers, 500 to 4 000 rows claimed and 1 to 500
deleted at a time, this was among the fastest (2026-11, 2 cores): more workers only wait for each other.
"""

import asyncio
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, Final

from faststream.kafka import KafkaBroker

from samverkan.cli.bench.figures import Speed
from samverkan.cli.bench.place import Place
from samverkan.cli.bench.records import Sent
from samverkan.cli.bench.stopwatch import Stopwatch
from samverkan.schemas.catalogue import Topic

INSTALLED: Final = find_spec("faststream_outbox") is not None
WORKERS: Final = 12
CLAIMED: Final = 500
DELETED: Final = 200
MEANS: Final = (
    f"faststream-outbox: rows claimed {CLAIMED} at a time, published by {WORKERS} workers with acks=all and "
    f"idempotence, deleted {DELETED} at a time (its batched flush); no order within a stream, no log, no hash"
)
_QUEUE: Final = "bench"


async def relay(place: Place, topic: Topic, records: Sequence[Sent]) -> Speed:
    """Put the records into an outbox table, then measure from the start of its relay to the last acknowledgement."""
    from faststream_outbox import OutboxBroker, make_outbox_table
    from sqlalchemy import MetaData
    from sqlalchemy.ext.asyncio import create_async_engine

    async with place.database("outbox", "intake") as pool:
        metadata = MetaData()
        table = make_outbox_table(metadata, table_name="outbox")
        engine = create_async_engine(
            "postgresql+asyncpg:///outbox",
            connect_args={"host": place.sockets, "user": "postgres"},
            pool_size=WORKERS + 2,
        )
        try:
            async with engine.begin() as connection:
                await connection.run_sync(metadata.create_all)
            rows = [
                (_QUEUE, record.value, {name: text.decode() for name, text in record.headers}) for record in records
            ]
            await pool.copy_records_to_table("outbox", records=rows, columns=["queue", "payload", "headers"])
            await pool.execute("analyze outbox")
            kafka = KafkaBroker(place.bootstrap, acks="all", enable_idempotence=True, logger=None, apply_types=False)
            broker = OutboxBroker(engine, outbox_table=table, logger=None, apply_types=False)
            return await _run(place, broker, kafka, topic, len(records))
        finally:
            await engine.dispose()


async def _run(place: Place, broker: Any, kafka: KafkaBroker, topic: Topic, rows: int) -> Speed:
    watch, done = Stopwatch(place.servers), asyncio.Event()

    async def whole(message: Any) -> Any:
        return message

    @broker.subscriber(  # type: ignore[untyped-decorator]
        _QUEUE,
        max_workers=WORKERS,
        fetch_batch_size=CLAIMED,
        min_fetch_interval=0.005,
        max_fetch_interval=0.1,
        terminal_flush_batch_size=DELETED,
        decoder=whole,
    )
    async def publish(message: Any) -> None:
        key = message.headers["ce_subject"].encode()
        await kafka.publish(message.body, topic.name, key=key, headers=message.headers)
        watch.add(1)
        if watch.count == rows:
            done.set()

    await kafka.start()
    try:
        watch.restart()
        await broker.start()
        async with asyncio.timeout(300):
            await done.wait()
        return watch.speed()
    finally:
        await broker.stop()
        await kafka.stop()
