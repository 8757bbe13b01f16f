"""S6: a clock that was wrong and is put right again keeps no parked stream from being tried."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from records import placed, raw
from samverkan.backbone.parking.policy import RetryPolicy
from samverkan.backbone.subscription.apply import Applier
from world import Follower, World


class _Clock:
    """A clock that somebody sets."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant


async def test_s6_a_stream_parked_while_the_clock_was_an_hour_ahead_is_tried_when_it_is_right_again(
    world: World,
) -> None:
    topic = await world.topic()
    stream = uuid4()
    async with world.store() as pool:
        follower, clock = Follower(pool, [topic]), _Clock()
        applier = Applier(pool, follower.name, follower.batches, clock, retry=RetryPolicy(1.0, cap_seconds=60.0))
        clock.instant += timedelta(hours=1)
        await applier.apply(placed(topic, [raw(topic, stream, 1, 0, type="se.samverkan.FromTomorrow.v1")]))
        clock.instant += timedelta(seconds=0.1)
        assert await applier.retry_due() is None  # its time has not come
        clock.instant -= timedelta(hours=1)
        assert await applier.retry_due() is not None
