"""What notify's queries and its delivery read. Pure fold."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.schemas.event import Event
from samverkan.schemas.notification import (
    Channel,
    NotificationDelivered,
    NotificationFailed,
    NotificationInterrupted,
    NotificationQueued,
    NotificationReactionRefused,
    NotificationRequeued,
)


@dataclass(frozen=True)
class NotificationRow:
    """A notification: `state` is listed (on a page only), queued, delivered or failed.

    `failure_code` and `message_id` are those of the events. `interruptions`: how many attempts ended unknown, so how
    often the recipient may have got the message besides once. `requeued_at`: when it was last asked for again.
    """

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
    due_on: date | None = None
    planned_on: date | None = None
    status: int | None = None
    interruptions: int = 0
    requeued_at: datetime | None = None


class Notifications(View[NotificationRow]):
    """One row per notification; every column is notify's own."""

    table: ClassVar = "notification"
    row: ClassVar = NotificationRow
    events: ClassVar[tuple[type[Event], ...]] = (
        NotificationQueued,
        NotificationDelivered,
        NotificationFailed,
        NotificationInterrupted,
        NotificationRequeued,
        NotificationReactionRefused,
    )

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
                    state="listed" if queued.channel is Channel.PAGE else "queued",
                    queued_at=recorded.envelope.recorded_at,
                    due_on=queued.due_on,
                    planned_on=queued.planned_on,
                )
            case NotificationDelivered() as delivered:
                return replace(
                    row,
                    state="delivered",
                    delivered_at=delivered.delivered_at,
                    message_id=delivered.message_id,
                    status=delivered.status,
                )
            case NotificationFailed(code=code):
                return replace(row, state="failed", failure_code=code)
            case NotificationInterrupted():
                return replace(row, interruptions=row.interruptions + 1)
            case NotificationRequeued():
                return replace(row, state="queued", failure_code=None, requeued_at=recorded.envelope.recorded_at)
            case _:
                return row
