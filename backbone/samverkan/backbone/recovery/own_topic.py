"""The own topic as its owner reads it again: through the same strict reader as any subscriber."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Container, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from samverkan.backbone.errors import Transient
from samverkan.backbone.subscription.arrival import Arrival, Rejected, read_record
from samverkan.backbone.subscription.consumer import TolerantConsumer
from samverkan.backbone.subscription.topic_id import read_topic_ids
from samverkan.schemas.catalogue import Topic

log = structlog.get_logger(__name__)

_FETCH_BYTES: Final = 4 * 1024 * 1024
_RECORDS: Final = 2_000  # read at once, and held of each partition while the others catch up
SILENT_SECONDS: Final = 20.0  # a broker that restarts is back within this


@dataclass(frozen=True)
class Shape:
    """What the broker says of the topic. `topic_id` None: it tells none."""

    topic_id: UUID | None
    begins: dict[int, int]
    ends: dict[int, int]

    @property
    def partitions(self) -> int:
        """How many there are."""
        return len(self.ends)

    @property
    def empty(self) -> bool:
        """Whether no record is there."""
        return self.begins == self.ends


class OwnTopic:
    """An ordinary consumer without a group, which leaves no trace. KafkaError and Transient: ask again later."""

    def __init__(self, consumer: TolerantConsumer, topic: Topic) -> None:
        self._consumer = consumer
        self._topic = topic

    async def shape(self) -> Shape:
        """The topic's id, and the offsets where its partitions begin and end now."""
        name = self._topic.name
        await self._consumer._client.force_metadata_update()
        partitions = [TopicPartition(name, each) for each in sorted(self._consumer.partitions_for_topic(name) or ())]
        if not partitions:
            raise Transient("topic-unknown", name)
        ids = await read_topic_ids(self._consumer, [name])
        begins = await self._consumer.beginning_offsets(partitions)
        ends = await self._consumer.end_offsets(partitions)
        return Shape(ids.get(name), _by_partition(begins), _by_partition(ends))

    async def read(self, starts: Mapping[int, int], ends: Mapping[int, int]) -> AsyncIterator[list[Arrival]]:
        """All events between these offsets, in order per partition. Records that are no events of ours are left out:
        every reader rejects them."""
        pending = self._begin(starts, ends)
        while pending:
            fetched = await self._fetch(pending)
            yield [each for records in fetched.values() for each in self._events(records)]
            pending = await self._behind(pending, ends)

    async def merged(
        self, starts: Mapping[int, int], ends: Mapping[int, int], first: int, given_up: Container[int]
    ) -> AsyncIterator[Arrival]:
        """The events with log index `first`, `first` + 1, … as far as they follow each other but for `given_up`; lower
        ones, which stand there as repeats, come as they are met. Ends at the first index that is not there."""
        queues: dict[int, deque[Arrival]] = {partition: deque() for partition in starts}
        unread = self._begin(starts, ends)
        while True:
            for partition in [p for p in unread if not queues[p.partition]]:
                while not queues[partition.partition] and partition in unread:
                    fetched = await self._fetch([partition])
                    queues[partition.partition].extend(self._events(fetched.get(partition, ())))
                    if not await self._behind([partition], ends):
                        unread.remove(partition)
            while first in given_up:
                first += 1
            head = min((queue for queue in queues.values() if queue), key=lambda q: q[0].log_index, default=None)
            if head is None or head[0].log_index > first:
                return
            arrival = head.popleft()
            first = max(first, arrival.log_index + 1)
            yield arrival

    def _begin(self, starts: Mapping[int, int], ends: Mapping[int, int]) -> list[TopicPartition]:
        partitions = [TopicPartition(self._topic.name, p) for p, start in starts.items() if start < ends[p]]
        self._consumer.assign(partitions)
        for partition in partitions:
            self._consumer.seek(partition, starts[partition.partition])
        return partitions

    async def _behind(self, partitions: Sequence[TopicPartition], ends: Mapping[int, int]) -> list[TopicPartition]:
        """Positions decide, not records: an end may be a marker, which no record stands for."""
        return [each for each in partitions if await self._consumer.position(each) < ends[each.partition]]

    async def _fetch(self, partitions: Sequence[TopicPartition]) -> Mapping[TopicPartition, Sequence[Any]]:
        deadline = asyncio.get_running_loop().time() + SILENT_SECONDS
        while True:
            before = [await self._consumer.position(each) for each in partitions]
            fetched = await self._consumer.getmany(*partitions, timeout_ms=500, max_records=_RECORDS)
            if fetched or before != [await self._consumer.position(each) for each in partitions]:
                return fetched
            if asyncio.get_running_loop().time() > deadline:
                raise Transient("kafka-silent", f"no record for {SILENT_SECONDS:.0f} s")

    def _events(self, records: Sequence[Any]) -> list[Arrival]:
        read = [read_record(record, self._topic) for record in records]
        for each in read:
            if isinstance(each, Rejected):
                log.warning("own_topic_rejected", partition=each.partition, offset=each.offset, code=each.code)
        return [each for each in read if not isinstance(each, Rejected)]


@asynccontextmanager
async def own_topic(bootstrap: str, topic: Topic) -> AsyncIterator[OwnTopic]:
    """The topic, readable while the block runs."""
    consumer = TolerantConsumer(
        bootstrap_servers=bootstrap,
        client_id=f"recovery-{topic.owner}",
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="none",
        max_partition_fetch_bytes=_FETCH_BYTES,
        fetch_max_wait_ms=100,
        retry_backoff_ms=500,  # 100 in every process kept a broker that starts on two cores from starting (2026-11)
    )
    try:
        await consumer.start()
        consumer._client.add_topic(topic.name)
        yield OwnTopic(consumer, topic)
    except (TimeoutError, RuntimeError) as error:  # uvloop's RuntimeError: the broker's death closed the transport
        raise Transient("kafka-unreachable", type(error).__name__) from None
    finally:
        try:
            async with asyncio.timeout(5.0):
                await consumer.stop()
        except (KafkaError, TimeoutError):
            pass  # it may be broken: its own errors change nothing any more


def _by_partition(offsets: Mapping[TopicPartition, int]) -> dict[int, int]:
    return {partition.partition: offset for partition, offset in offsets.items()}
