"""Example states and commands of notify's aggregates: docs/states/ shows what each pair leads to."""

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from samverkan.backbone.testing.machine import Machine
from samverkan.notify.delivery.endpoint import ENDPOINT, DisableWebhook, EnableWebhook
from samverkan.notify.notification import (
    NOTIFICATION,
    QueueNotification,
    RecordDelivery,
    RecordFailure,
    RecordInterruption,
    RequeueNotification,
)
from samverkan.notify.reminders.reminder import REMINDER, Deadline, FireReminder, SettleReminder
from samverkan.schemas.notification import (
    Channel,
    DeadlineKind,
    NotificationDelivered,
    NotificationFailed,
    NotificationInterrupted,
    NotificationQueued,
    ReminderFired,
    ReminderSettled,
    Settlement,
    WebhookDisabled,
)

_CASE, _EVENT, _NOW = UUID(int=1), UUID(int=2), datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
_LATER = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def _queued(channel: Channel) -> NotificationQueued:
    return NotificationQueued(case_id=_CASE, recipient="kommun", channel=channel, template="news", about_event=_EVENT)


_QUEUED: Final = _queued(Channel.MAIL)
_NOTIFICATION: Final = Machine(
    NOTIFICATION,
    states={
        "none": (),
        "listed": (_queued(Channel.PAGE),),
        "queued": (_QUEUED,),
        "queued, once interrupted": (
            _QUEUED,
            NotificationInterrupted(case_id=_CASE, recipient="kommun", channel=Channel.MAIL, begun_at=_NOW),
        ),
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
        "RecordInterruption": RecordInterruption(_NOW),
        "RecordInterruption, a later one": RecordInterruption(_LATER),
        "RequeueNotification": RequeueNotification(),
    },
)

_DUE = date(2026, 7, 30)
_DEADLINE: Final = Deadline(DeadlineKind.CLAIM, _EVENT, _CASE, "2026-01-01", _DUE, ("kommun",))


def _fired(days_before: int, day: date) -> ReminderFired:
    return ReminderFired(
        kind=DeadlineKind.CLAIM,
        subject_id=_EVENT,
        case_id=_CASE,
        period="2026-01-01",
        due_on=_DUE,
        days_before=days_before,
        planned_on=day,
        fired_on=day,
        recipients=("kommun",),
    )


_SETTLED: Final = ReminderSettled(
    kind=DeadlineKind.CLAIM,
    subject_id=_EVENT,
    case_id=_CASE,
    due_on=_DUE,
    settlement=Settlement.CLOSED,
    settled_on=date(2026, 7, 20),
)
_MAY_31, _JUNE_30, _JULY_23 = date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 23)
_REMINDER: Final = Machine(
    REMINDER,
    states={
        "not fired": (),
        "fired 60 days before": (_fired(60, _MAY_31),),
        "fired 7 days before": (_fired(60, _MAY_31), _fired(7, _JULY_23)),
        "settled": (_fired(60, _MAY_31), _SETTLED),
    },
    commands={
        "FireReminder, 60 days before": FireReminder(_DEADLINE, 60, _MAY_31, _MAY_31),
        "FireReminder, 30 days before": FireReminder(_DEADLINE, 30, _JUNE_30, _JUNE_30),
        "FireReminder, 7 days before, late": FireReminder(_DEADLINE, 7, _JULY_23, date(2026, 7, 27)),
        "FireReminder, 7 days before, too early": FireReminder(_DEADLINE, 7, _JULY_23, _JUNE_30),
        "SettleReminder": SettleReminder(Settlement.CLOSED, date(2026, 7, 20)),
    },
)

_ENDPOINT: Final = Machine(
    ENDPOINT,
    states={"enabled": (), "disabled": (WebhookDisabled(recipient="af", code="410"),)},
    commands={"DisableWebhook": DisableWebhook("af", "410"), "EnableWebhook": EnableWebhook("af")},
)

MACHINES: Final = (_NOTIFICATION, _REMINDER, _ENDPOINT)
