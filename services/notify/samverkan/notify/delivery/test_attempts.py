"""Claims on a real database: each message is one replica's, a dead one's are taken over, a settled one is nobody's."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid5

from samverkan.backbone.database import sql
from samverkan.backbone.decider import Order
from samverkan.notify.conftest import Live
from samverkan.notify.delivery import attempts as attempts_module
from samverkan.notify.delivery.attempts import CLAIMED_AT_ONCE, DatabaseAttempts, stuck
from samverkan.notify.notification import (
    NOTIFICATION,
    QueueNotification,
    RecordDelivery,
    RecordFailure,
    RequeueNotification,
)
from samverkan.schemas.notification import Channel

CASE = UUID("11111111-1111-4111-8111-111111111111")


async def queue(live: Live, number: int, channel: Channel = Channel.MAIL) -> list[UUID]:
    ids = [uuid5(CASE, f"{channel.value}/{n}") for n in range(number)]
    for one in ids:
        await live.does(Order(NOTIFICATION, one, QueueNotification(CASE, "kommun", "news", one, channel)), "queue")
    return ids


async def test_two_replicas_never_hold_the_same_message(live: Live) -> None:
    ids = await queue(live, 2 * CLAIMED_AT_ONCE + 5)
    replicas = [DatabaseAttempts(60.0) for _ in range(6)]
    taken = await asyncio.gather(*(one.claim(live.runtime, Channel.MAIL) for one in replicas))
    claimed = [attempt.row.notification_id for attempts in taken for attempt in attempts]
    assert len(claimed) == len(set(claimed))
    rest = [await replicas[0].claim(live.runtime, Channel.MAIL) for _ in range(3)]
    claimed += [attempt.row.notification_id for attempts in rest for attempt in attempts]
    assert sorted(claimed) == sorted(ids)
    assert max(map(len, taken)) <= CLAIMED_AT_ONCE


async def test_a_channel_claims_its_own_messages_only(live: Live) -> None:
    await queue(live, 1, Channel.WEBHOOK)
    assert await DatabaseAttempts(60.0).claim(live.runtime, Channel.MAIL) == []
    (attempt,) = await DatabaseAttempts(60.0).claim(live.runtime, Channel.WEBHOOK)
    assert (attempt.number, attempt.interrupted_at, attempt.row.state) == (1, None, "queued")


async def test_a_dead_replicas_message_is_taken_over_and_the_unknown_attempt_is_told(live: Live) -> None:
    await queue(live, 1)
    await DatabaseAttempts(0.05).claim(live.runtime, Channel.MAIL)
    begun_at, live.clock.instant = live.clock.instant, live.clock.instant + timedelta(seconds=9)
    heir = DatabaseAttempts(60.0)
    assert await heir.claim(live.runtime, Channel.MAIL) == []
    await asyncio.sleep(0.1)
    (attempt,) = await heir.claim(live.runtime, Channel.MAIL)
    assert (attempt.number, attempt.interrupted_at) == (2, begun_at)


async def test_what_was_postponed_is_nobodys_until_its_time_and_then_no_interruption(live: Live) -> None:
    await queue(live, 1)
    one, other = DatabaseAttempts(60.0), DatabaseAttempts(60.0)
    (attempt,) = await one.claim(live.runtime, Channel.MAIL)
    await one.postpone(live.runtime, attempt, live.clock.instant + timedelta(seconds=30), "450")
    assert await other.claim(live.runtime, Channel.MAIL) == []
    live.clock.instant += timedelta(seconds=30)
    (again,) = await other.claim(live.runtime, Channel.MAIL)
    assert (again.number, again.interrupted_at) == (2, None)


async def test_what_was_released_untried_counts_as_no_attempt(live: Live) -> None:
    await queue(live, 1)
    one = DatabaseAttempts(60.0)
    (attempt,) = await one.claim(live.runtime, Channel.MAIL)
    await one.release(live.runtime, attempt)
    (again,) = await DatabaseAttempts(60.0).claim(live.runtime, Channel.MAIL)
    assert (again.number, again.interrupted_at) == (1, None)


async def test_a_settled_message_is_nobodys_even_for_who_read_it_before(live: Live) -> None:
    """The row may have been read as queued just before: settling is what the claim itself looks at."""
    (one,) = await queue(live, 1)
    attempts = DatabaseAttempts(60.0)
    (attempt,) = await attempts.claim(live.runtime, Channel.MAIL)
    await attempts.settle(live.runtime, attempt, 2)  # before the view says so
    assert await DatabaseAttempts(60.0).claim(live.runtime, Channel.MAIL) == []
    await live.does(Order(NOTIFICATION, one, RecordDelivery("<1@x>", live.clock.instant)), "deliver")
    assert await DatabaseAttempts(60.0).claim(live.runtime, Channel.MAIL) == []


async def test_what_failed_and_was_queued_again_is_delivered_anew(live: Live) -> None:
    (one,) = await queue(live, 1)
    attempts = DatabaseAttempts(60.0)
    (attempt,) = await attempts.claim(live.runtime, Channel.MAIL)
    await live.does(Order(NOTIFICATION, one, RecordFailure("550")), "fail")
    await attempts.settle(live.runtime, attempt, 2)
    await live.does(Order(NOTIFICATION, one, RequeueNotification()), "again")
    (again,) = await DatabaseAttempts(60.0).claim(live.runtime, Channel.MAIL)
    assert (again.row.notification_id, again.interrupted_at) == (one, None)


async def test_a_replica_that_lost_its_claim_changes_nothing_any_more(live: Live) -> None:
    await queue(live, 1)
    dead, heir = DatabaseAttempts(0.02), DatabaseAttempts(60.0)
    (attempt,) = await dead.claim(live.runtime, Channel.MAIL)
    await asyncio.sleep(0.05)
    await heir.claim(live.runtime, Channel.MAIL)
    await dead.postpone(live.runtime, attempt, live.clock.instant, "450")
    assert await DatabaseAttempts(60.0).claim(live.runtime, Channel.MAIL) == []


async def test_operators_see_what_was_tried_and_what_waits_long(live: Live) -> None:
    first, second = await queue(live, 2)
    attempts = DatabaseAttempts(60.0)
    for attempt in await attempts.claim(live.runtime, Channel.MAIL):
        if attempt.row.notification_id == first:
            await attempts.postpone(live.runtime, attempt, live.clock.instant + timedelta(hours=1), "450")
        else:
            await attempts.release(live.runtime, attempt)
    hour_ago = live.clock.instant - timedelta(hours=1)
    (tried,) = await stuck(live.runtime, hour_ago, 10)
    assert (tried.notification_id, tried.attempts, tried.last_code) == (first, 1, "450")
    both = await stuck(live.runtime, live.clock.instant + timedelta(seconds=1), 10)
    assert {row.notification_id for row in both} == {first, second}


async def test_a_poll_reads_none_of_10_000_messages_that_wait_for_their_time(live: Live) -> None:
    await live.pool.execute(
        "insert into notification (notification_id, version, recipient, channel, state, queued_at, not_before) "
        "select gen_random_uuid(), 1, 'af', 'webhook', 'queued', $1, $2 from generate_series(1, 10000)",
        live.clock.instant,
        live.clock.instant + timedelta(hours=1),
    )
    await live.pool.execute("analyze notification")
    await queue(live, 1, Channel.WEBHOOK)
    plan = await live.pool.fetch(
        f"explain analyze {sql(attempts_module.__package__, 'claim.sql')}",
        "webhook",
        CASE,
        60.0,
        20,
        live.clock.instant,
    )
    text = "\n".join(row[0] for row in plan)
    assert "notification_due" in text and "Seq Scan on notification" not in text, text
    assert await live.pool.fetchval("select count(*) from delivery_attempt") == 1


async def test_what_is_long_settled_is_forgotten(live: Live) -> None:
    await queue(live, 1)
    attempts = DatabaseAttempts(60.0)
    (attempt,) = await attempts.claim(live.runtime, Channel.MAIL)
    await attempts.settle(live.runtime, attempt, 2)
    await attempts.sweep(live.runtime)
    count = "select count(*) from delivery_attempt"
    assert await live.pool.fetchval(count) == 1
    await live.pool.execute("update delivery_attempt set settled_at = now() - interval '25 hours'")
    await attempts.sweep(live.runtime)
    assert await live.pool.fetchval(count) == 0
