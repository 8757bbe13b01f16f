"""Kafka record batches made by hand: what no well-meant client can be made to send."""

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaClient, TopicPartition
from aiokafka.errors import NotLeaderForPartitionError
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record.util import calc_crc32c_py, encode_varint

from records import Raw
from samverkan.schemas.catalogue import Topic

Header = tuple[bytes, bytes | None]
Content = tuple[bytes | None, bytes | None, Iterable[Header]]

_NO_PRODUCER = (-1, -1, -1)


def batch(records: Iterable[Content]) -> bytes:
    """A batch (format 2, not compressed) of records whose header names are whatever bytes."""
    packed = [_record(number, *record) for number, record in enumerate(records)]
    now = 1_772_442_000_000  # 2026-03-02T09:00:00Z
    after_crc = struct.pack(">hiqqqhii", 0, len(packed) - 1, now, now, *_NO_PRODUCER, len(packed)) + b"".join(packed)
    after_length = struct.pack(">ibI", -1, 2, calc_crc32c_py(after_crc)) + after_crc
    return struct.pack(">qi", 0, len(after_length)) + after_length


def content(record: Raw, *more: Header) -> Content:
    """A record for `batch`, with more headers."""
    return record.key, record.value, [*((name.encode(), value) for name, value in record.headers), *more]


async def produce_batch(bootstrap: str, topic: Topic, partition: int, packed: bytes) -> int:
    """Send one batch as it is; the broker's error code, 0 when it was taken."""
    async with sending(bootstrap, topic) as send:
        return await send(partition, packed)


@asynccontextmanager
async def sending(bootstrap: str, topic: Topic) -> AsyncIterator[Callable[[int, bytes], Awaitable[int]]]:
    """What sends batches as they are, as `produce_batch` does, over one connection.

    A broker that has heard of a new topic and does not lead it yet is asked again.
    """
    client = AIOKafkaClient(bootstrap_servers=bootstrap)
    await client.bootstrap()

    async def send(partition: int, packed: bytes) -> int:
        leader = client.cluster.leader_for_partition(TopicPartition(topic.name, partition))
        request = ProduceRequest(
            required_acks=-1, timeout=5000, topics=[(topic.name, [(partition, packed)])], transactional_id=None
        )
        async with asyncio.timeout(10):
            while True:
                answer: Any = await client.send(leader, request)
                ((_, ((_, error, *_),)),) = answer.topics
                if error != NotLeaderForPartitionError.errno:
                    return int(error)
                await asyncio.sleep(0.1)

    try:
        client.add_topic(topic.name)
        await client.force_metadata_update()
        yield send
    finally:
        await client.close()


def _record(number: int, key: bytes | None, value: bytes | None, headers: Iterable[Header]) -> bytes:
    headers = list(headers)
    body = b"\x00" + _varint(0) + _varint(number) + _nullable(key) + _nullable(value) + _varint(len(headers))
    for name, content in headers:
        body += _varint(len(name)) + name + _nullable(content)
    return _varint(len(body)) + body


def _nullable(content: bytes | None) -> bytes:
    return _varint(-1) if content is None else _varint(len(content)) + content


def _varint(number: int) -> bytes:
    written: list[int] = []
    encode_varint(number, written.append)
    return bytes(written)
