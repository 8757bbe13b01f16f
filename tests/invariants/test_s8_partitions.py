"""S8: partitions can be added to a live topic: existing streams keep theirs, and a new reader sees no hole."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions

from records import raw
from samverkan.schemas.catalogue import Topic
from samverkan.schemas.headers import from_headers
from verdicts import applied_once, topic_follows_log
from world import Follower, World, Writer, eventually, running


async def test_s8_partitions_added_to_a_live_topic_move_no_stream_and_leave_no_hole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samverkan.backbone.relay.relay.PARTITIONS_REFRESH_SECONDS", 0.3)
    monkeypatch.setattr("samverkan.backbone.subscription.subscription.METADATA_SECONDS", 0.5)
    topic = await world.topic(partitions=2)
    async with world.store() as own, world.store() as live, world.store() as late:
        writer = await Writer(own, topic).ready()
        follower, newcomer = Follower(live, [topic]), Follower(late, [topic])
        old, new = (
            [uuid4() for _ in range(12)],
            [_stream_of(number % 6, replace(topic, partitions=6)) for number in range(24)],
        )
        relay = writer.relay(world.kafka)
        async with running(relay, follower.subscription(world.kafka)):
            for stream in old:
                await writer.count(stream)
            await eventually(lambda: _tallied(follower, dict.fromkeys(old, 1)))
            await _add_partitions(world, topic.name, 6)

            async def learnt() -> bool:
                return relay.partitions == 6

            await eventually(learnt)
            for stream in [*old, *new, *old]:
                await writer.count(stream)
            expected = {**dict.fromkeys(old, 3), **dict.fromkeys(new, 1)}
            await eventually(lambda: _tallied(follower, expected))
        async with running(newcomer.subscription(world.kafka)):
            await eventually(lambda: _tallied(newcomer, expected))
        await applied_once(live, expected)
        await applied_once(late, expected)
        records = await world.read(topic)
        await topic_follows_log(own, records)
        partitions: dict[UUID, set[int]] = {}
        for record in records:
            partitions.setdefault(from_headers(record.headers).stream_id, set()).add(record.partition)
        assert all(len(each) == 1 for each in partitions.values()), "a stream moved"
        assert {p for stream in old for p in partitions[stream]} <= {0, 1}
        assert {p for stream in new for p in partitions[stream]} == set(range(6)), "new streams use new partitions"


def _stream_of(partition: int, topic: Topic) -> UUID:
    """A stream that its key puts there."""
    return next(one for one in iter(uuid4, None) if raw(topic, one, 1, 0).partition_of(topic) == partition)


async def _tallied(follower: Follower, expected: dict[Any, int]) -> bool:
    return {stream: len(versions) for stream, versions in (await follower.tallies()).items()} == expected


async def _add_partitions(world: World, name: str, number: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=world.kafka.bootstrap)
    await admin.start()
    try:
        await admin.create_partitions({name: NewPartitions(number)})
    finally:
        await admin.close()
