"""One row per notification about a shared case; all columns are owned by samverkan.notification."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.notification import NotificationDelivered, NotificationFailed, NotificationQueued


@dataclass(frozen=True)
class NotificationRow:
    """Who was told, how, and whether it arrived: `state` is queued, delivered or failed."""

    notification_id: UUID
    case_id: UUID | None = None
    recipient: str | None = None
    channel: str | None = None
    template: str | None = None
    state: str | None = None
    delivered_at: datetime | None = None


class Notifications(View[NotificationRow]):
    """The notifications about the shared cases."""

    table: ClassVar = "case_notification"
    row: ClassVar = NotificationRow
    events: ClassVar = (NotificationQueued, NotificationDelivered, NotificationFailed)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per notification."""
        return [recorded.stream_id]

    def fold(self, row: NotificationRow, recorded: Recorded) -> NotificationRow:
        """Take over what the event says."""
        match recorded.event:
            case NotificationQueued() as queued:
                return replace(
                    row,
                    case_id=recorded.envelope.correlation_id,
                    recipient=queued.recipient,
                    channel=queued.channel.value,
                    template=queued.template,
                    state="queued",
                )
            case NotificationDelivered(delivered_at=instant):
                return replace(row, state="delivered", delivered_at=instant)
            case NotificationFailed():
                return replace(row, state="failed")
            case _:
                return row
