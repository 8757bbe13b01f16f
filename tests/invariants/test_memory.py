"""Memory of a subscription does not depend on how much it has read."""

import gc
from uuid import uuid4

from aiokafka import ConsumerRecord

from records import streams
from verdicts import applied_once
from world import Follower, World, eventually, running

AT_ONCE = 10


async def test_s_nothing_holds_the_records_of_a_batch_that_was_applied(world: World) -> None:
    """FastStream keeps the message in the context of its task, and whatever is called later from there keeps the
    context: asyncpg's timers did, for each new statement, for five minutes and several thousand records."""
    topic, ids = await world.topic(partitions=1), [uuid4() for _ in range(4)]
    await world.produce(topic, streams(topic, ids, 50))
    async with world.store() as pool:
        follower = Follower(pool, [topic])

        async def all_applied() -> bool:
            return sum(map(len, (await follower.tallies()).values())) == 200

        async with running(follower.subscription(world.kafka, max_records=AT_ONCE)):
            await eventually(all_applied)
            await eventually(lambda: let_go(topic.name), seconds=20)
        await applied_once(pool, dict.fromkeys(ids, 50))


async def let_go(topic: str) -> bool:
    """Whether records of at most one batch are still alive."""
    gc.collect()
    alive = [one for one in gc.get_objects() if isinstance(one, ConsumerRecord) and one.topic == topic]
    return len(alive) <= AT_ONCE
