"""aiokafka's consumer, with what a reader of others' records cannot do without.

The library decodes the names of headers while it unpacks a batch: one name that is no UTF-8, which the broker accepts
from any producer, raises out of `getmany` at every call and hides the rest of its batch for ever. Here such a batch is
fetched and unpacked again with the name left as bytes, and the reader rejects that one record.

FastStream polls again for ever, and at once, whatever else `getmany` raises, and says so once at most. So what does not
pass is told to the subscription, which ends the process.
"""

import asyncio
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.conn import CloseReason
from aiokafka.errors import ConsumerStoppedError, KafkaError, OffsetOutOfRangeError
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.util import decode_varint

log = structlog.get_logger(__name__)

Fetched = dict[TopicPartition, list[ConsumerRecord[Any, Any]]]

_FETCH_BYTES = 1_048_576  # of a partition; a first batch that is larger comes whole
_STOP_SECONDS = 5.0  # for fetches to notice that they are cancelled
_IDLE_MS = 500  # a poll ends at once when a record comes; how soon a loop without records comes round
_BATCH_START = struct.Struct(">qi")  # base offset, and the length of what follows
_READ_UNCOMMITTED = 0  # as the consumer reads


@dataclass(frozen=True)
class Watch:
    """Who is told how polling goes. `polled`: the loop came round. `lost`: Kafka has not the record at a position.
    `failed`: no poll will ever succeed again. `dropped`: records of any partition were taken out and lost, and are
    fetched again."""

    polled: Callable[[], object] = lambda: None
    lost: Callable[[TopicPartition], object] = lambda _: None
    failed: Callable[[Exception], object] = lambda _: None
    dropped: Callable[[], object] = lambda: None


class TolerantConsumer(AIOKafkaConsumer):  # type: ignore[misc]
    """A consumer that no record can stop, and that says when something else has."""

    def __init__(self, *topics: str, watch: Watch = Watch(), **options: Any) -> None:
        super().__init__(*topics, **options)
        self._watch = watch
        self._asked_for: frozenset[TopicPartition] = frozenset()

    async def stop(self) -> None:
        """As the library's, which awaits the fetches that it cancels and takes their cancellation for the caller's: a
        drain in the middle of a fetch went no further (aiokafka 0.14)."""
        try:
            if self._fetcher is not None:
                await self._cancel_fetches(self._fetcher)
        finally:
            await super().stop()

    async def _cancel_fetches(self, fetcher: Any) -> None:
        under_way = [fetcher._fetch_task, *fetcher._pending_tasks]
        for task in under_way:
            task.cancel()
        ended, _ = await asyncio.wait(under_way, timeout=_STOP_SECONDS)
        for task in ended:
            if not task.cancelled():
                task.exception()  # looked at, or asyncio says that nobody did
        fetcher._pending_tasks.clear()

    def ask_for_all(self) -> bool:
        """Join the group anew if it has given us less than there is; once for each set of partitions.

        A member that returns under its name gets from Kafka what it had, without a rebalance (KIP-345), so partitions
        that were added while it was away would be nobody's: the library joins anew only at a change that it sees
        itself. When the others have the rest, this moves partitions once and is otherwise harmless (S9).
        """
        assigned: frozenset[TopicPartition] = frozenset(self.assignment())
        there = frozenset(
            TopicPartition(topic, partition)
            for topic in self.subscription()
            for partition in self.partitions_for_topic(topic) or ()
        )
        if not assigned or there <= assigned or there == self._asked_for:
            return False
        self._asked_for = there
        self._coordinator.request_rejoin()
        return True

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> Fetched:
        """As the library's, and with records whose header names are bytes where they are no text.

        When unpacking raises for one partition, the library has lost what it had taken out for others, and moved their
        positions: they are set back, and it is taken out again.

        Without records it waits longer than asked: FastStream sleeps as long as it polled in vain, and what comes
        meanwhile lies there; with its 10 ms an idle process polled 50 times a second.
        """
        patience_ms = max(timeout_ms, _IDLE_MS)
        before = {partition: self._position_of(partition) for partition in self.assignment()}
        try:
            fetched: Fetched = await super().getmany(*partitions, timeout_ms=patience_ms, max_records=max_records)
        except UnicodeDecodeError:
            unpacked = [each for each in self._fetcher._records if each in partitions or not partitions]
            self._set_back(before)
            fetched = await self._fetch_unreadable(unpacked)
        except OffsetOutOfRangeError as error:
            for partition in error.args[0]:
                self._watch.lost(partition)
            raise
        except ConsumerStoppedError:
            raise
        except KafkaError as error:  # FastStream waits and polls again
            self._set_back(before)
            if self._group_id is not None and self._coordinator._coordination_task.done():
                self._watch.failed(error)
            self._watch.polled()
            raise
        except RuntimeError as error:
            if self._close_dead_connections():
                return {}
            self._watch.failed(error)
            raise
        except Exception as error:
            self._watch.failed(error)
            raise
        self._watch.polled()
        return fetched

    def _set_back(self, before: Mapping[TopicPartition, int | None]) -> None:
        """Nothing was handed over: go back where positions moved from. Does nothing where none moved, for an error that
        comes with every poll must not keep other partitions from being read."""
        moved = [partition for partition, position in before.items() if self._position_of(partition) != position]
        for partition in moved:
            if (position := before[partition]) is not None and partition in self.assignment():
                self.seek(partition, position)
        if moved:
            self._watch.dropped()

    def _close_dead_connections(self) -> bool:
        """Close connections whose transport is closed; False when there are none.

        uvloop raises RuntimeError from a write to a transport that the broker's death has closed. aiokafka expects
        OSError there, keeps the connection, and would write to it for ever.
        """
        dead = [
            connection
            for connection in self._client._conns.values()
            if connection._writer is not None and connection._writer.transport.is_closing()
        ]
        for connection in dead:
            connection.close(reason=CloseReason.CONNECTION_BROKEN)
        return bool(dead)

    async def _fetch_unreadable(self, partitions: Iterable[TopicPartition]) -> Fetched:
        """The records from the position of the first of them whose next batches the library cannot unpack. Only those
        that have something unpacked are asked: the broker lets whoever has read all of a partition wait."""
        for partition in partitions:
            position = self._position_of(partition)
            if position is None:
                continue
            content = await self._fetch(partition, position)
            records = [record for record in unpack(partition, content) if record.offset >= position]
            if self._position_of(partition) != position:  # somebody went elsewhere while this was fetched
                continue
            if not all(isinstance(name, str) for record in records for name, _ in record.headers):
                log.warning("header_not_text", topic=partition.topic, partition=partition.partition, offset=position)
                self.seek(partition, records[-1].offset + 1)
                return {partition: records}
        return {}

    def _position_of(self, partition: TopicPartition) -> int | None:
        subscription = self._subscription.subscription
        state = None if subscription is None else subscription.assignment.state_value(partition)
        position: int | None = None if state is None else state._position
        return position

    async def _fetch(self, partition: TopicPartition, position: int) -> bytes:
        leader = self._client.cluster.leader_for_partition(partition)
        asked = [(partition.topic, [(partition.partition, position, _FETCH_BYTES)])]
        request = FetchRequest(100, 1, _FETCH_BYTES, _READ_UNCOMMITTED, asked)
        answer = await self._client.send(leader, request)
        for _, partitions in answer.topics:
            for _, error, *_, content in partitions:
                if error:
                    raise KafkaError(f"fetch at {position}: error {error}")
                return content or b""
        return b""


def unpack(partition: TopicPartition, content: bytes) -> Iterator[ConsumerRecord[Any, Any]]:
    """The records of whole batches, control batches left out; a name of a header that is no UTF-8 stays bytes."""
    start = 0
    while start + _BATCH_START.size <= len(content):
        _, length = _BATCH_START.unpack_from(content, start)
        end = start + _BATCH_START.size + length
        if end > len(content):
            return  # the broker cuts the last batch of an answer where the limit falls
        batch = _DefaultRecordBatchPy(content[start:end])
        if not batch.is_control_batch:
            yield from _records(partition, batch)
        start = end


def _records(partition: TopicPartition, batch: Any) -> Iterator[ConsumerRecord[Any, Any]]:
    batch._maybe_uncompress()
    reading = _Reading(batch._buffer, batch._pos)
    for _ in range(batch._num_records):
        reading.varint()  # length
        reading.varint()  # attributes
        timestamp = batch.first_timestamp + reading.varint()
        offset = batch.base_offset + reading.varint()
        key, value = reading.nullable(), reading.nullable()
        headers = tuple((_name(reading.nullable() or b""), reading.nullable()) for _ in range(reading.varint()))
        yield ConsumerRecord(
            partition.topic,
            partition.partition,
            offset,
            timestamp,
            batch.timestamp_type,
            key,
            value,
            None,
            -1 if key is None else len(key),
            -1 if value is None else len(value),
            headers,
        )


class _Reading:
    """A position in a batch's bytes."""

    def __init__(self, content: bytearray, position: int) -> None:
        self._content = content
        self._position = position

    def varint(self) -> int:
        number: int
        number, self._position = decode_varint(self._content, self._position)
        return number

    def nullable(self) -> bytes | None:
        length = self.varint()
        if length < 0:
            return None
        self._position += length
        return bytes(self._content[self._position - length : self._position])


def _name(name: bytes) -> Any:
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name
