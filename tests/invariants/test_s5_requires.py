"""S5: an event that came too early waits, and is released in the transaction that meets what it requires."""

from uuid import UUID, uuid4

from records import placed, raw
from samverkan.backbone.database import Pool
from samverkan.backbone.parking.policy import ParkingLimit
from samverkan.schemas.envelope import Requirement
from scale import scaled
from verdicts import applied_once
from world import Follower, World, topic_named

FIRST = topic_named("samverkan.participant.s5a")
SECOND = topic_named("samverkan.placement.s5b", owner="placement")
THIRD = topic_named("samverkan.participant.s5c")
ELSEWHERE = "samverkan.funding"


def after(topic_name: str, stream: UUID, version: int = 1) -> Requirement:
    """What must be applied before."""
    return Requirement(topic_name, stream, version)


async def why(pool: Pool) -> dict[UUID, tuple[str, int]]:
    """Reason and version of every stream that stands still."""
    rows = await pool.fetch("select stream_id, reason, version from held_stream")
    return {row["stream_id"]: (row["reason"], row["version"]) for row in rows}


async def test_s5_a_too_early_event_waits_and_is_released_in_the_transaction_of_what_it_required(world: World) -> None:
    async with world.store() as pool:
        follower, case, placement = Follower(pool, [FIRST, SECOND]), uuid4(), uuid4()
        early = raw(SECOND, placement, 1, 0, requires=[after(FIRST.name, case, 2)])
        applied = await follower.applier.apply(placed(SECOND, [early, raw(SECOND, placement, 2, 1)]))
        assert applied.events == [] and await why(pool) == {placement: ("requires", 1)}
        await follower.applier.apply(placed(FIRST, [raw(FIRST, case, 1, 0)]))
        assert await why(pool) == {placement: ("requires", 1)}, "the required version is not there yet"
        applied = await follower.applier.apply(placed(FIRST, [raw(FIRST, case, 2, 1)], start=1))
        assert [(event.stream_id, event.version) for event in applied.events] == [
            (case, 2),
            (placement, 1),
            (placement, 2),
        ]
        assert await pool.fetchval("select count(distinct xmin::text) from kept_event where version = 2") == 1
        assert await pool.fetchval("select count(*) from held_requirement") == 0
        await applied_once(pool, {case: 2, placement: 2})


async def test_s5_both_in_one_batch_in_either_order_are_applied_at_once(world: World) -> None:
    async with world.store() as pool:
        follower, case, placement = Follower(pool, [FIRST, SECOND]), uuid4(), uuid4()
        early = placed(SECOND, [raw(SECOND, placement, 1, 0, requires=[after(FIRST.name, case)])])
        applied = await follower.applier.apply([*early, *placed(FIRST, [raw(FIRST, case, 1, 0)])])
        assert [event.stream_id for event in applied.events] == [case, placement]


async def test_s5_what_is_required_on_a_topic_not_subscribed_to_is_ignored(world: World) -> None:
    async with world.store() as pool:
        follower, placement = Follower(pool, [FIRST, SECOND]), uuid4()
        event = raw(SECOND, placement, 1, 0, requires=[after(ELSEWHERE, uuid4())])
        assert len((await follower.applier.apply(placed(SECOND, [event]))).events) == 1


async def test_s5_a_chain_over_three_topics_is_released_by_its_first_link(world: World) -> None:
    async with world.store() as pool:
        follower = Follower(pool, [FIRST, SECOND, THIRD])
        one, two, three = uuid4(), uuid4(), uuid4()
        await follower.applier.apply(placed(THIRD, [raw(THIRD, three, 1, 10, requires=[after(SECOND.name, two)])]))
        await follower.applier.apply(placed(SECOND, [raw(SECOND, two, 1, 0, requires=[after(FIRST.name, one)])]))
        assert await why(pool) == {three: ("requires", 1), two: ("requires", 1)}
        applied = await follower.applier.apply(placed(FIRST, [raw(FIRST, one, 1, 0)]))
        assert [event.stream_id for event in applied.events] == [one, two, three]
        assert await why(pool) == {}


async def test_s5_who_waits_for_a_parked_stream_is_released_when_that_is_mended(world: World) -> None:
    async with world.store() as pool:
        follower, case, placement = Follower(pool, [FIRST, SECOND]), uuid4(), uuid4()
        bad = raw(FIRST, case, 1, 0, purpose="constraint")
        await follower.applier.apply(placed(FIRST, [bad]))
        waits = raw(SECOND, placement, 1, 0, requires=[after(FIRST.name, case)])
        await follower.applier.apply(placed(SECOND, [waits]))
        assert await why(pool) == {case: ("parked", 1), placement: ("requires", 1)}
        await pool.execute("alter table tally drop constraint tally_seen_check")
        applied = await follower.applier.retry([case])
        assert [event.stream_id for event in applied.events] == [case, placement]


async def test_s5_waiting_never_counts_towards_the_halt(world: World) -> None:
    async with world.store() as pool:
        follower = Follower(pool, [FIRST, SECOND], limit=ParkingLimit(at_least=5))
        early = [raw(SECOND, uuid4(), 1, n, requires=[after(FIRST.name, uuid4())]) for n in range(scaled(50))]
        bad = [raw(FIRST, uuid4(), 1, 0, purpose="poison")]
        holes = [raw(FIRST, uuid4(), 2, n + 1) for n in range(50)]
        await follower.applier.apply([*placed(SECOND, early), *placed(FIRST, [*bad, *holes])])
        assert await pool.fetchval("select count(*) from held_stream") == scaled(50) + 51


async def test_s5_the_same_requirement_twice_is_one(world: World) -> None:
    async with world.store() as pool:
        follower, case, placement, other = Follower(pool, [FIRST, SECOND, THIRD]), uuid4(), uuid4(), uuid4()
        twice = [after(FIRST.name, case), after(FIRST.name, case), after(THIRD.name, case), after(FIRST.name, case, 2)]
        batch = [raw(SECOND, placement, 1, 0, requires=twice), raw(SECOND, other, 1, 1)]
        applied = await follower.applier.apply(placed(SECOND, batch))
        assert [event.stream_id for event in applied.events] == [other]
        assert await why(pool) == {placement: ("requires", 1)}


async def test_s5_a_circle_of_requirements_stands_still_alone(world: World) -> None:
    async with world.store() as pool:
        follower, one, two, other = Follower(pool, [FIRST, SECOND]), uuid4(), uuid4(), uuid4()
        circle = [
            *placed(FIRST, [raw(FIRST, one, 1, 0, requires=[after(SECOND.name, two)]), raw(FIRST, other, 1, 1)]),
            *placed(SECOND, [raw(SECOND, two, 1, 0, requires=[after(FIRST.name, one)])]),
        ]
        applied = await follower.applier.apply(circle)
        assert [event.stream_id for event in applied.events] == [other]
        assert await why(pool) == {one: ("requires", 1), two: ("requires", 1)}
        applied = await follower.applier.apply(placed(FIRST, [raw(FIRST, other, 2, 2)], start=2))
        assert [event.stream_id for event in applied.events] == [other]


async def test_s5_a_stream_that_requires_itself_stands_still_alone(world: World) -> None:
    async with world.store() as pool:
        follower, stream, other = Follower(pool, [FIRST]), uuid4(), uuid4()
        batch = [raw(FIRST, stream, 1, 0, requires=[after(FIRST.name, stream, 3)]), raw(FIRST, other, 1, 1)]
        applied = await follower.applier.apply(placed(FIRST, batch))
        assert [event.stream_id for event in applied.events] == [other]


async def test_s5_a_stream_of_the_same_id_on_another_topic_meets_no_requirement_and_takes_no_place(
    world: World,
) -> None:
    """Only the owner of a topic can speak for its streams, whoever writes the same id elsewhere."""
    async with world.store() as pool:
        follower, case, placement = Follower(pool, [FIRST, SECOND]), uuid4(), uuid4()
        await follower.applier.apply(placed(FIRST, [raw(FIRST, case, 1, 0)]))
        stranger = raw(SECOND, case, 1, 0)
        waits = raw(SECOND, placement, 1, 2, requires=[after(FIRST.name, case, 2)])
        await follower.applier.apply(placed(SECOND, [stranger, raw(SECOND, case, 2, 1), waits]))
        assert await why(pool) == {placement: ("requires", 1)}
        applied = await follower.applier.apply(placed(FIRST, [raw(FIRST, case, 2, 1)], start=1))
        assert [event.stream_id for event in applied.events] == [case, placement]
        rejected = await pool.fetch("select topic, kafka_offset, code from rejected_record order by kafka_offset")
        assert [tuple(row) for row in rejected] == [
            (SECOND.name, 0, "stream-of-another-topic"),
            (SECOND.name, 1, "stream-of-another-topic"),
        ]
        assert await pool.fetchval("select count(*) from fork") == 0
