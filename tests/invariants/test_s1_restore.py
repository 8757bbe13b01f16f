"""S1: a store put back to an older state beneath a running subscription catches up, though nothing new arrives."""

from uuid import uuid4

from records import streams
from verdicts import applied_once
from world import Follower, World, eventually, running

TABLES = ("tally", "head", "kept_event", "subscription_offset")


async def test_s1_a_store_that_is_put_back_while_its_process_runs_and_is_idle_catches_up(world: World) -> None:
    async with world.store() as pool:
        topic = await world.topic()
        follower, ids = Follower(pool, [topic]), [uuid4() for _ in range(30)]
        log = streams(topic, ids, 4)
        await world.produce(topic, log[:60])
        async with running(follower.subscription(world.kafka)):

            async def seen(versions: int) -> bool:
                return await follower.tallies() == dict.fromkeys(ids, tuple(range(1, versions + 1)))

            await eventually(lambda: seen(2))
            for table in TABLES:
                await pool.execute(f"create table backup_{table} as table {table}")
            await world.produce(topic, log[60:])
            await eventually(lambda: seen(4))
            async with pool.acquire() as connection, connection.transaction():
                await connection.execute("select from subscription for update")
                for table in TABLES:
                    columns = "topic, partition, topic_id, next_offset" if table == "subscription_offset" else "*"
                    await connection.execute(f"delete from {table}")
                    await connection.execute(
                        f"insert into {table} overriding system value select {columns} from backup_{table}"
                    )
                assert await connection.fetchval("select sum(seen) from tally") == 2 * len(ids)
            await eventually(lambda: seen(4))
        await applied_once(pool, dict.fromkeys(ids, 4))
