"""What notify's queries and its delivery read. Pure fold."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.schemas.catalogue import NOTIFICATION
from samverkan.schemas.notification import NotificationDelivered, NotificationFailed, NotificationQueued


@dataclass(frozen=True)
class NotificationRow:
    """A notification: `state` is queued, delivered or failed. `failure_code` is an SMTP reply code."""

    notification_id: UUID
    version: int = 0
    case_id: UUID | None = None
    recipient: str | None = None
    channel: str | None = None
    template: str | None = None
    about_event: UUID | None = None
    state: str | None = None
    queued_at: datetime | None = None
    delivered_at: datetime | None = None
    message_id: str | None = None
    failure_code: str | None = None


class Notifications(View[NotificationRow]):
    """One row per notification; every column is notify's own."""

    table: ClassVar = "notification"
    row: ClassVar = NotificationRow
    events: ClassVar = NOTIFICATION.events

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: NotificationRow, recorded: Recorded) -> NotificationRow:
        row = replace(row, version=recorded.envelope.version)
        match recorded.event:
            case NotificationQueued() as queued:
                return replace(
                    row,
                    case_id=queued.case_id,
                    recipient=queued.recipient,
                    channel=queued.channel.value,
                    template=queued.template,
                    about_event=queued.about_event,
                    state="queued",
                    queued_at=recorded.envelope.recorded_at,
                )
            case NotificationDelivered(delivered_at=instant, message_id=message_id):
                return replace(row, state="delivered", delivered_at=instant, message_id=message_id)
            case NotificationFailed(code=code):
                return replace(row, state="failed", failure_code=code)
            case _:
                return row
