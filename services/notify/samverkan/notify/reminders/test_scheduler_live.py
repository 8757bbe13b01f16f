"""The scheduler on a real database: two replicas at the same moment, and the statements that it polls with."""

import asyncio
from datetime import date
from uuid import UUID, uuid5

from samverkan.backbone.database import transaction
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.testing.record import stream
from samverkan.backbone.view_table import ViewTables, keys_by_table
from samverkan.notify.conftest import Live
from samverkan.notify.reminders.test_scheduler import APPROVED, CLAIM_DAYS, morning, scheduler
from samverkan.notify.reminders.views import Reminders
from samverkan.notify.views import Notifications
from samverkan.schemas.catalogue import FUNDING

COMPENSATIONS = [uuid5(UUID(int=7), str(n)) for n in range(12)]


async def fold(live: Live, events: list[Recorded]) -> None:
    """As a subscription does."""
    tables = ViewTables(live.service.views, shared=True)
    async with transaction(live.pool) as connection:
        folding = await tables.read(connection, keys_by_table(live.service.views, events))
        for recorded in events:
            folding.apply(recorded)
        await tables.write(connection, folding)


async def test_two_replicas_at_once_fire_each_reminder_once_and_queue_each_message_once(live: Live) -> None:
    await fold(live, [event for one in COMPENSATIONS for event in stream(FUNDING, one, APPROVED)])
    replicas = [scheduler() for _ in range(4)]
    for day in (date(2026, 5, 30), date(2026, 5, 31), date(2026, 7, 23)):
        live.clock.instant = morning(day)
        await asyncio.gather(*(replica.remind(live.runtime) for replica in replicas))
    rows = await live.pool.fetch(
        "select stream_id, value::text from journal where attributes->>'type' like '%ReminderFired%' order by position"
    )
    assert len(rows) == len(set(rows)) == 2 * len(COMPENSATIONS)
    reminders = await live.runtime.queries.select(Reminders, limit=500)
    assert {row.days_before for row in reminders} == {7} and len(reminders) == len(COMPENSATIONS)
    messages = await live.runtime.queries.select(Notifications, limit=500)
    assert sorted(str(row.planned_on) for row in messages) == sorted(
        [str(CLAIM_DAYS[0][0]), str(CLAIM_DAYS[2][0])] * len(COMPENSATIONS)
    )


async def test_a_poll_reads_only_what_may_be_due(live: Live) -> None:
    """The plan of watched(): with many rows it goes by the index on the days to look at."""
    await live.pool.execute(
        "insert into compensation_watch (compensation_id, look_from, look_until) "
        "select gen_random_uuid(), date '2026-01-01' + n % 3000, date '2026-03-01' + n % 3000 "
        "from generate_series(1, 30000) as n"
    )
    await live.pool.execute("analyze compensation_watch")
    plan = await live.pool.fetch(
        "explain select * from compensation_watch "
        "where look_from <= date '2034-01-01' and look_until >= date '2034-02-01' order by compensation_id limit 500"
    )
    assert any("compensation_watch_look" in row[0] for row in plan), plan
