"""Notifications folded into rows, and the rows through a real database and back."""

from datetime import UTC, datetime
from uuid import UUID

from samverkan.backbone.database import connect, transaction
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view_table import Folding, ViewTables, keys_by_table
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.notify.test_notification import CASE, DELIVERED, FAILED, QUEUED
from samverkan.notify.views import NotificationRow, Notifications
from samverkan.schemas.catalogue import NOTIFICATION
from samverkan.schemas.envelope import Envelope
from samverkan.schemas.event import Event

FIRST = UUID("55555555-5555-4555-8555-555555555555")
SECOND = UUID("66666666-6666-4666-8666-666666666666")
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def stream(stream_id: UUID, *events: Event) -> list[Recorded]:
    return [
        Recorded(
            NOTIFICATION.name,
            Envelope(stream_id, NOTIFICATION.source, event.wire_type(), stream_id, version, NOW, NOW, CASE),
            event,
        )
        for version, event in enumerate(events, 1)
    ]


def folded(events: list[Recorded]) -> Folding:
    folding = Folding([Notifications()])
    for recorded in events:
        folding.apply(recorded)
    return folding


def row(*events: Event) -> NotificationRow:
    found: NotificationRow = folded(stream(FIRST, *events)).rows["notification"][FIRST]
    return found


def test_a_notification_is_queued_and_then_delivered_or_failed() -> None:
    queued = row(QUEUED)
    assert (queued.state, queued.queued_at, queued.recipient, queued.version) == ("queued", NOW, "kommun", 1)
    delivered = row(QUEUED, DELIVERED)
    assert (delivered.state, delivered.message_id, delivered.delivered_at) == ("delivered", "<1@x>", NOW)
    failed = row(QUEUED, FAILED)
    assert (failed.state, failed.failure_code) == ("failed", "550")


async def test_the_rows_survive_the_tables_of_the_migration(database: str) -> None:
    migrate(database, *folders_of("notify"))
    events = [*stream(FIRST, QUEUED, DELIVERED), *stream(SECOND, QUEUED, FAILED)]
    tables, folding = ViewTables([Notifications()], shared=True), folded(events)
    async with await connect(database) as pool:
        async with transaction(pool) as connection:
            await tables.write(connection, folding)
        async with transaction(pool) as connection:
            read = await tables.read(connection, keys_by_table((Notifications(),), events))
    assert read.rows == folding.rows
