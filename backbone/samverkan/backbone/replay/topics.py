"""Reads topics from their first record to their end: an ordinary consumer without a group, which leaves no trace."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from samverkan.backbone.errors import Transient
from samverkan.backbone.replay.history import History
from samverkan.backbone.subscription.consumer import TolerantConsumer
from samverkan.schemas.catalogue import Topic

SETTLE_SECONDS: Final = 5.0
"""How long a hole in a log may be one that is just being filled: the relay sends to several partitions at once."""

_FETCH_BYTES: Final = 4 * 1024 * 1024
_RECORDS: Final = 5_000  # of one poll; what is read stays in memory anyway
SILENT_SECONDS: Final = 20.0  # a broker that restarts is back within this


async def read_topics(
    bootstrap: str,
    topics: Sequence[Topic],
    *,
    settle_seconds: float = SETTLE_SECONDS,
    tell: Callable[[int, int], None] = lambda _read, _left: None,
) -> History:
    """All records of these topics, from offset 0 to the end that they had when it was reached. `tell` is called after
    each poll with how many records have been read, and about how many are left.

    Transient: Kafka cannot be reached, does not know a topic, or fell silent.
    """
    history = History({topic.name: topic for topic in topics})
    consumer = TolerantConsumer(
        *history.topics,
        bootstrap_servers=bootstrap,
        client_id="samverkan-replay",
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=_FETCH_BYTES,
        fetch_max_wait_ms=100,
    )
    try:
        await consumer.start()
        partitions = sorted(consumer.assignment())
        if unknown := sorted(history.topics.keys() - {partition.topic for partition in partitions}):
            raise Transient("topic-unknown", ", ".join(unknown))
        begins = await consumer.beginning_offsets(partitions)
        for partition, offset in begins.items():
            consumer.seek(partition, offset)  # so that a poll that fails knows where it began
        history.begins = {(partition.topic, partition.partition): offset for partition, offset in begins.items()}
        deadline = asyncio.get_running_loop().time() + settle_seconds
        while True:
            await _read_to(consumer, await consumer.end_offsets(partitions), history, tell)
            if not history.missing_indexes() or asyncio.get_running_loop().time() > deadline:
                return history
            await asyncio.sleep(0.2)
    except KafkaError as error:
        raise Transient("kafka-unreachable", type(error).__name__) from None
    finally:
        await consumer.stop()


async def _read_to(
    consumer: TolerantConsumer,
    ends: Mapping[TopicPartition, int],
    history: History,
    tell: Callable[[int, int], None],
) -> None:
    """Positions decide, not records: an end may be a marker, which no record stands for."""
    heard = asyncio.get_running_loop().time()
    while True:
        left = {partition: end - await consumer.position(partition) for partition, end in ends.items()}
        behind = [partition for partition, records in left.items() if records > 0]
        if not behind:
            return
        tell(len(history.arrivals), sum(left[partition] for partition in behind))
        fetched = await consumer.getmany(*behind, timeout_ms=500, max_records=_RECORDS)
        now = asyncio.get_running_loop().time()
        if fetched:
            heard = now
        elif now - heard > SILENT_SECONDS:
            raise Transient("kafka-silent", f"no record for {SILENT_SECONDS:.0f} s")
        for records in fetched.values():
            for record in records:
                history.take(record)
