"""A notification: one agency is told once that one event happened, and how that ended. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, assert_never
from uuid import UUID, uuid5

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.schemas.catalogue import NOTIFICATION as TOPIC
from samverkan.schemas.notification import (
    Channel,
    NotificationDelivered,
    NotificationFailed,
    NotificationQueued,
    NotificationReactionRefused,
)

Event = NotificationQueued | NotificationDelivered | NotificationFailed | NotificationReactionRefused


@dataclass(frozen=True)
class QueueNotification:
    """Tell `recipient` (an agency code) of an event, in the words of `template`."""

    case_id: UUID
    recipient: str
    template: str
    about_event: UUID


@dataclass(frozen=True)
class RecordDelivery:
    """The receiving mail server accepted the message."""

    message_id: str
    delivered_at: datetime


@dataclass(frozen=True)
class RecordFailure:
    """The receiving mail server refused it for good; `code` is its SMTP reply code."""

    code: str


Command = QueueNotification | RecordDelivery | RecordFailure


@dataclass(frozen=True)
class Notification:
    """Nothing, queued, and then delivered or failed."""

    queued: NotificationQueued | None = None
    delivered: bool = False
    failure_code: str | None = None


def notification_id(event_id: UUID, recipient: str) -> UUID:
    """The stream of one notification: derived, so that the same event never tells the same agency twice."""
    return uuid5(event_id, recipient)


def decide(command: Command, notification: Notification) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    match command:
        case QueueNotification():
            return _queue(command, notification)
        case RecordDelivery():
            return _deliver(command, notification)
        case RecordFailure():
            return _fail(command, notification)
        case _:
            assert_never(command)


def evolve(notification: Notification, event: Event) -> Notification:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case NotificationQueued():
            return replace(notification, queued=event)
        case NotificationDelivered():
            return replace(notification, delivered=True)
        case NotificationFailed(code=code):
            return replace(notification, failure_code=code)
        case NotificationReactionRefused():
            return notification
        case _:
            assert_never(event)


def refusal(command: object, refused: Refused) -> NotificationReactionRefused:
    """The outcome of a reaction that the rules refused."""
    return NotificationReactionRefused(command=type(command).__name__, code=refused.code)


def _queue(command: QueueNotification, notification: Notification) -> Sequence[Event]:
    queued = NotificationQueued(
        case_id=command.case_id,
        recipient=command.recipient,
        channel=Channel.MAIL,
        template=command.template,
        about_event=command.about_event,
    )
    if notification.queued is None:
        return [queued]
    if notification.queued == queued:
        return []
    raise Refused("already-queued")


def _deliver(command: RecordDelivery, notification: Notification) -> Sequence[Event]:
    queued = _queued(notification)
    if notification.failure_code is not None:
        raise Refused("already-failed", smtp_code=notification.failure_code)
    if notification.delivered:
        return []  # a resend after a crash: the first acceptance is the proof
    return [
        NotificationDelivered(
            case_id=queued.case_id,
            recipient=queued.recipient,
            channel=queued.channel,
            message_id=command.message_id,
            delivered_at=command.delivered_at,
        )
    ]


def _fail(command: RecordFailure, notification: Notification) -> Sequence[Event]:
    queued = _queued(notification)
    if notification.delivered:
        raise Refused("already-delivered")
    if notification.failure_code is not None:
        return []
    return [
        NotificationFailed(
            case_id=queued.case_id, recipient=queued.recipient, channel=queued.channel, code=command.code
        )
    ]


def _queued(notification: Notification) -> NotificationQueued:
    if notification.queued is None:
        raise Refused("not-queued")
    return notification.queued


NOTIFICATION: Final = Aggregate("notification", TOPIC.name, Notification(), decide, evolve, refusal)
