"""S8: partitions that were added while a static member of the group was away are read after its return."""

from dataclasses import replace
from uuid import uuid4

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions

from records import raw
from samverkan.backbone.subscription.subscription import Subscription, SubscriptionPolicy
from world import Follower, World, eventually, running


async def test_s8_a_member_that_returns_under_its_name_reads_partitions_added_while_it_was_away(world: World) -> None:
    topic = await world.topic(partitions=1)
    before, after = uuid4(), uuid4()
    async with world.store() as pool:
        follower = Follower(pool, [topic])

        def member() -> Subscription:
            policy = SubscriptionPolicy(instance="one")
            return Subscription(follower.name, [topic], world.kafka.bootstrap, follower.applier, policy)

        async def tallied() -> int:
            return len(await follower.tallies())

        await world.produce(topic, [replace(raw(topic, before, 1, 0), partition=0)])
        async with running(member()):
            await eventually(tallied, seconds=20)
        admin = AIOKafkaAdminClient(bootstrap_servers=world.kafka.bootstrap)
        await admin.start()
        try:
            await admin.create_partitions({topic.name: NewPartitions(2)})
        finally:
            await admin.close()

        async def both() -> bool:
            return await tallied() == 2

        async with running(member()):
            await world.produce(topic, [replace(raw(topic, after, 1, 1), partition=1)])
            await eventually(both, seconds=20)
