"""Example states and commands of notify's aggregates: docs/states/ shows what each pair leads to."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from samverkan.backbone.testing.machine import Machine
from samverkan.notify.notification import (
    NOTIFICATION,
    Notification,
    QueueNotification,
    RecordDelivery,
    RecordFailure,
)
from samverkan.schemas.notification import Channel, NotificationDelivered, NotificationFailed, NotificationQueued

_CASE, _EVENT, _NOW = UUID(int=1), UUID(int=2), datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def _state(notification: Notification) -> str:
    if notification.queued is None:
        return "none"
    if notification.delivered:
        return "delivered"
    return "queued" if notification.failure_code is None else "failed"


_QUEUED: Final = NotificationQueued(
    case_id=_CASE, recipient="kommun", channel=Channel.MAIL, template="news", about_event=_EVENT
)

_NOTIFICATION: Final = Machine(
    NOTIFICATION,
    states={
        "none": (),
        "queued": (_QUEUED,),
        "delivered": (
            _QUEUED,
            NotificationDelivered(
                case_id=_CASE, recipient="kommun", channel=Channel.MAIL, message_id="<1@x>", delivered_at=_NOW
            ),
        ),
        "failed": (
            _QUEUED,
            NotificationFailed(case_id=_CASE, recipient="kommun", channel=Channel.MAIL, code="550"),
        ),
    },
    commands={
        "QueueNotification": QueueNotification(_CASE, "kommun", "news", _EVENT),
        "QueueNotification in other words": QueueNotification(_CASE, "kommun", "task", _EVENT),
        "RecordDelivery": RecordDelivery("<1@x>", _NOW),
        "RecordFailure": RecordFailure("550"),
    },
    name_of=_state,
    names=("none", "queued", "delivered", "failed"),
)

MACHINES: Final = (_NOTIFICATION,)
