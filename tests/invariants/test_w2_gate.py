"""W2 at its smallest: a service that has not compared its log with its topic decides nothing, however it is asked."""

from uuid import uuid4

import pytest

from publishers import Publisher
from samverkan.backbone.errors import Transient
from world import World


async def test_w2_nothing_is_decided_before_log_and_topic_were_compared(world: World) -> None:
    topic = await world.topic()
    async with world.store() as pool:
        publisher, stream = Publisher(pool, topic, world.kafka.bootstrap), uuid4()
        await pool.execute("insert into topic values ($1, $2)", topic.name, topic.partitions)
        with pytest.raises(Transient, match="log-not-compared"):
            await publisher.count(stream)
        assert await pool.fetchval("select count(*) from journal") == 0
        async with publisher.running():
            await publisher.opened()
            await publisher.count(stream)
        assert await pool.fetchval("select count(*) from journal") == 1
