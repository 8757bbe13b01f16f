"""From a command to another store: the plain way, before anything goes wrong."""

from uuid import uuid4

from world import Follower, World, Writer, eventually, running


async def test_what_is_counted_arrives_once_and_in_order(world: World) -> None:
    topic = await world.topic()
    async with world.store() as own, world.store() as other:
        writer, follower = Writer(own, topic), Follower(other, [topic])
        relay, subscription = writer.relay(world.kafka), follower.subscription(world.kafka)
        streams = [uuid4() for _ in range(5)]
        await writer.ready()
        async with running(relay, subscription):
            for _ in range(4):
                for stream_id in streams:
                    await writer.count(stream_id)
                    relay.wake()

            async def arrived() -> bool:
                return await follower.tallies() == dict.fromkeys(streams, (1, 2, 3, 4))

            await eventually(arrived)
