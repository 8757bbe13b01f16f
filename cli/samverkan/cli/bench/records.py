"""Records as they lie in Kafka: what floors and rivals are given, so that all move the very same bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from samverkan.cli.bench.place import Ends, Place
from samverkan.schemas.catalogue import Topic


@dataclass(frozen=True, slots=True)
class Sent:
    """One record as it was sent."""

    partition: int
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]

    @property
    def size(self) -> int:
        """Bytes of key, value and headers."""
        return len(self.key) + len(self.value) + sum(len(name) + len(text) for name, text in self.headers)


async def read_records(place: Place, topic: Topic, begin: Ends, count: int) -> list[Sent]:
    """The first so many records after `begin`, whatever partition they are on."""
    consumer = AIOKafkaConsumer(bootstrap_servers=place.bootstrap, group_id=None)
    await consumer.start()
    records: list[Sent] = []
    try:
        assign(consumer, topic, begin)
        while len(records) < count:
            fetched: Mapping[TopicPartition, Sequence[Any]] = await consumer.getmany(timeout_ms=100, max_records=2000)
            records += [Sent(r.partition, r.key, r.value, list(r.headers)) for rs in fetched.values() for r in rs]
    finally:
        await consumer.stop()
    return records[:count]


def mean_size(records: Sequence[Sent]) -> int:
    """Bytes of a record on average."""
    return sum(record.size for record in records) // len(records)


def assign(consumer: AIOKafkaConsumer, topic: Topic, begin: Ends) -> None:
    """Read all partitions of the topic, each from where it was at `begin`."""
    partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
    consumer.assign(partitions)
    for partition in partitions:
        consumer.seek(partition, begin.get((partition.topic, partition.partition), 0))
