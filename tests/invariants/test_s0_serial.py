"""S0: apply is serial per store, and everybody locks in one order, HTTP commands included."""

import asyncio
from collections.abc import Collection
from uuid import UUID, uuid4

from counters import Tallies
from records import placed, raw, streams
from samverkan.backbone.recorded import Recorded
from scale import scaled
from verdicts import applied_once, offsets
from world import Follower, World, Writer, topic_named

OWN = topic_named("samverkan.participant.s0")
FOREIGN = topic_named("samverkan.placement.s0", owner="placement")


class Shared(Tallies):
    """Ten rows that every event of ours and of others counts in, two at a time and in no order."""

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        first = recorded.envelope.id.int % 10
        return [UUID(int=first), UUID(int=(first * 7 + 3) % 10)]


async def test_s0_six_hundred_pairs_of_commands_and_applies_on_the_same_rows_lose_no_update(world: World) -> None:
    async with world.store() as pool:
        writers = [await Writer(pool, OWN, views=[Shared()]).ready() for _ in range(6)]  # as six processes are
        follower = Follower(pool, [FOREIGN], owns=OWN, views=[Shared()])
        foreign = placed(FOREIGN, streams(FOREIGN, [uuid4() for _ in range(20)], scaled(30)))

        async def commands(writer: Writer) -> None:
            for _ in range(scaled(100)):
                await writer.count(uuid4())

        async def applies() -> None:
            for start in range(0, len(foreign), 3):
                await follower.applier.apply(foreign[start : start + 3])

        async with asyncio.TaskGroup() as group:
            group.create_task(applies())
            for writer in writers:
                group.create_task(commands(writer))
        # A deadlock is Transient, and a command decides again, so nobody may hear of one: PostgreSQL counts them, and
        # its sessions report theirs once a second.
        await asyncio.sleep(1.5)
        deadlocks = "select deadlocks from pg_stat_database where datname = current_database()"
        assert await pool.fetchval(deadlocks) == 0, "SQLSTATE 40P01: somebody locks in another order"
        events = [
            row[0] for row in await pool.fetch("select event_id from kept_event union all select event_id from journal")
        ]
        assert len(events) == scaled(600) * 2
        expected = [0] * 10
        for event_id in events:
            for row in {event_id.int % 10, (event_id.int % 10 * 7 + 3) % 10}:
                expected[row] += 1
        seen = {row["stream_id"].int: row["seen"] for row in await pool.fetch("select stream_id, seen from tally")}
        assert [seen.get(row, 0) for row in range(10)] == expected, "updates were lost"


async def test_s0_two_members_that_apply_the_same_records_at_once_apply_them_once(world: World) -> None:
    async with world.store() as pool:
        name, ids = "one-store", [uuid4() for _ in range(10)]
        batch = placed(FOREIGN, streams(FOREIGN, ids, 30))
        members = [Follower(pool, [FOREIGN], name=name) for _ in range(4)]

        async def member(follower: Follower) -> None:
            for start in range(0, 300, 20):
                while (await offsets(pool)).get((FOREIGN.name, 0), 0) < start:  # noqa: ASYNC110 - the store is asked
                    await asyncio.sleep(0)
                await follower.applier.apply(batch[start : start + 20])

        await asyncio.gather(*(member(follower) for follower in members))
        await applied_once(pool, dict.fromkeys(ids, 30))


async def test_s0_what_waits_is_never_missed_by_what_it_waits_for(world: World) -> None:
    """Two appliers at once: one holds an event back in the moment in which the other applies what it requires."""
    from samverkan.schemas.envelope import Requirement

    async with world.store() as pool:
        first = Follower(pool, [OWN, FOREIGN], name="one-store")
        second = Follower(pool, [OWN, FOREIGN], name="one-store")
        for number in range(scaled(40)):
            case, placement = uuid4(), uuid4()
            cause = placed(OWN, [raw(OWN, case, 1, number)], start=number)
            needs = [Requirement(OWN.name, case, 1)]
            effect = placed(FOREIGN, [raw(FOREIGN, placement, 1, number, requires=needs)], start=number)
            await asyncio.gather(first.applier.apply(cause), second.applier.apply(effect))
            assert await pool.fetchval("select count(*) from held_stream") == 0, "nobody woke the one that waited"
