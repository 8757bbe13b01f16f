"""S1: the client forgets records that it has already taken out when another partition of the same poll raises."""

from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CorruptRecordException, KafkaError, UnsupportedCodecError

from batches import batch, content, produce_batch
from records import raw, streams
from samverkan.backbone.database import Pool
from samverkan.backbone.recovery.own_topic import own_topic
from samverkan.backbone.subscription.consumer import TolerantConsumer, Watch
from samverkan.schemas.catalogue import Topic
from verdicts import applied_once
from world import Follower, World, eventually, running


@pytest.mark.parametrize("offset", [10, 59], ids=["", "of which nothing shows, for they were the last"])
async def test_s1_records_that_the_client_drops_with_an_error_are_not_taken_for_none(
    world: World, monkeypatch: pytest.MonkeyPatch, offset: int
) -> None:
    """The second drop comes after the reposition that the first one led to: what then begins above the place that was
    sought is no proof that Kafka has nothing there."""
    usual, drops_left = AIOKafkaConsumer.getmany, 2

    async def drops(self: Any, *partitions: Any, **options: Any) -> Any:
        nonlocal drops_left
        fetched = await usual(self, *partitions, **options)
        if drops_left and any(record.offset == offset for records in fetched.values() for record in records):
            drops_left -= 1
            raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "a header of another partition")
        return fetched

    monkeypatch.setattr(AIOKafkaConsumer, "getmany", drops)
    topic, ids = await world.topic(partitions=1), [uuid4() for _ in range(4)]
    async with world.store() as pool:
        follower = Follower(pool, [topic])
        await world.produce(topic, streams(topic, ids, 15))
        async with running(follower.subscription(world.kafka, max_records=7)):
            await eventually(lambda: stands_at(pool, 60), seconds=30)
        await applied_once(pool, dict.fromkeys(ids, 15))


async def stands_at(pool: Pool, offset: int) -> bool:
    """Whether the store has come so far."""
    return bool(await pool.fetchval("select next_offset >= $1 from subscription_offset", offset))


@pytest.mark.parametrize("error", [UnsupportedCodecError("snappy"), CorruptRecordException()])
async def test_s1_what_a_poll_took_out_before_it_failed_is_taken_out_again(
    world: World, monkeypatch: pytest.MonkeyPatch, error: KafkaError
) -> None:
    """Whoever reads without a store has no other way to notice: replay, and the comparison of a log with its topic."""
    usual, topic, told = AIOKafkaConsumer.getmany, await world.topic(partitions=1), []
    await world.produce(topic, streams(topic, [uuid4()], 5))

    async def fails(*given: Any, **options: Any) -> Any:
        if await usual(*given, **options):
            monkeypatch.undo()
            raise error

    watch = Watch(dropped=lambda: told.append("dropped"))
    options = {"bootstrap_servers": world.kafka.bootstrap, "auto_offset_reset": "earliest"}
    async with TolerantConsumer(topic.name, watch=watch, **options) as consumer:
        consumer.seek(TopicPartition(topic.name, 0), 0)
        monkeypatch.setattr(AIOKafkaConsumer, "getmany", fails)
        with pytest.raises(type(error)):
            await consumer.getmany(timeout_ms=20_000)
        offsets: list[int] = []
        while len(offsets) < 5:
            fetched = await consumer.getmany(timeout_ms=200)
            offsets += [record.offset for records in fetched.values() for record in records]
    assert offsets == [0, 1, 2, 3, 4]
    assert told == ["dropped"]


async def test_w2_s1_the_own_topic_is_read_whole_among_headers_whose_names_are_no_text(world: World) -> None:
    """Its partitions are read in turn, and the one asked for must answer, not another that has something unreadable."""
    topic, ids = await world.topic(partitions=3), [uuid4() for _ in range(12)]
    log = streams(topic, ids, 10)
    assert {record.partition_of(topic) for record in log} == {0, 1, 2}
    for half in (log[:60], log[60:]):
        await world.produce(topic, half)
        await produce_unreadable(world, topic)
    async with own_topic(world.kafka.bootstrap, topic) as reading:
        shape = await reading.shape()
        merged = [arrival.log_index async for arrival in reading.merged(shape.begins, shape.ends, 0, ())]
        assert merged == list(range(120))
        read = [each.log_index async for events in reading.read(shape.begins, shape.ends) for each in events]
        assert sorted(read) == list(range(120))


async def test_s1_only_partitions_that_were_asked_for_are_answered(world: World) -> None:
    """Whoever reads one partition at a time would take the records of another for its own, or lose them."""
    topic = await world.topic(partitions=2)
    await produce_unreadable(world, topic)
    both = [TopicPartition(topic.name, partition) for partition in range(2)]
    async with TolerantConsumer(bootstrap_servers=world.kafka.bootstrap) as consumer:
        consumer.assign(both)
        for partition in both:
            consumer.seek(partition, 0)
        await eventually(lambda: _lie_there(consumer, both))
        first, second = consumer._fetcher._records
        assert set(await consumer.getmany(second, timeout_ms=5_000)) == {second}
        assert set(await consumer.getmany(first, timeout_ms=5_000)) == {first}


async def produce_unreadable(world: World, topic: Topic) -> None:
    """A record on every partition with a header whose name is no text."""
    for partition in range(topic.partitions):
        packed = batch([content(raw(topic, uuid4(), 1, 10**6), (b"\xff", b"x"))])
        assert await produce_batch(world.kafka.bootstrap, topic, partition, packed) == 0


async def _lie_there(consumer: TolerantConsumer, partitions: list[TopicPartition]) -> bool:
    """Whether records of all of them were fetched and wait to be taken out."""
    return set(consumer._fetcher._records) == set(partitions)
