"""S2: the loss of one broker of several stops no reader, not even at its start."""

from uuid import uuid4

from records import streams
from samverkan.backbone.subscription.subscription import Subscription, SubscriptionPolicy
from samverkan.deploy.embedded.ports import free_ports
from world import Follower, World, eventually, running


async def test_s2_a_subscription_starts_with_the_brokers_that_are_left_of_those_it_was_told(world: World) -> None:
    topic = await world.topic()
    ids = [uuid4() for _ in range(3)]
    await world.produce(topic, streams(topic, ids, 2))
    (nobody,) = free_ports(1)
    async with world.store() as pool:
        follower = Follower(pool, [topic])
        bootstrap = f"127.0.0.1:{nobody},{world.kafka.bootstrap}"
        subscription = Subscription(follower.name, [topic], bootstrap, follower.applier, SubscriptionPolicy())

        async def arrived() -> bool:
            return await follower.tallies() == dict.fromkeys(ids, (1, 2))

        async with running(subscription):
            await eventually(arrived, seconds=20)
