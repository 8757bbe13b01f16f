"""A notification: one agency is told once by one channel that one event happened, and how that ended. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal, assert_never
from uuid import UUID, uuid5

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.schemas.catalogue import NOTIFICATION as TOPIC
from samverkan.schemas.notification import (
    Channel,
    NotificationDelivered,
    NotificationFailed,
    NotificationInterrupted,
    NotificationQueued,
    NotificationReactionRefused,
    NotificationRequeued,
)

Event = (
    NotificationQueued
    | NotificationDelivered
    | NotificationFailed
    | NotificationInterrupted
    | NotificationRequeued
    | NotificationReactionRefused
)


@dataclass(frozen=True)
class QueueNotification:
    """Tell `recipient` (an agency code) of an event, in the words of `template`."""

    case_id: UUID
    recipient: str
    template: str
    about_event: UUID
    channel: Channel = Channel.MAIL
    due_on: date | None = None
    planned_on: date | None = None
    about_budget: bool | None = None


@dataclass(frozen=True)
class RecordDelivery:
    """The receiving server accepted the message; `status` is a webhook's answer."""

    message_id: str
    delivered_at: datetime
    status: int | None = None


@dataclass(frozen=True)
class RecordFailure:
    """It will not arrive; `code` says why, see `NotificationFailed`."""

    code: str


@dataclass(frozen=True)
class RecordInterruption:
    """An attempt that was begun then ended unknown."""

    begun_at: datetime


@dataclass(frozen=True)
class RequeueNotification:
    """Send again what failed."""


Command = QueueNotification | RecordDelivery | RecordFailure | RecordInterruption | RequeueNotification


@dataclass(frozen=True)
class Notification:
    """Nothing, listed on a page or queued, and then delivered or failed; what failed may be queued again."""

    queued: NotificationQueued | None = None
    delivered: bool = False
    failure_code: str | None = None
    interrupted_at: datetime | None = None

    @property
    def state(self) -> Literal["none", "listed", "queued", "delivered", "failed"]:
        """How far it has come."""
        if self.queued is None:
            return "none"
        if self.queued.channel is Channel.PAGE:
            return "listed"
        if self.delivered:
            return "delivered"
        return "queued" if self.failure_code is None else "failed"


def notification_id(event_id: UUID, recipient: str, channel: Channel = Channel.MAIL) -> UUID:
    """The stream of one notification: derived, so that the same event never tells an agency twice by one channel."""
    return uuid5(event_id, recipient if channel is Channel.MAIL else f"{recipient}/{channel.value}")


def decide(command: Command, notification: Notification) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    match command:
        case QueueNotification():
            return _queue(command, notification)
        case RecordDelivery():
            return _deliver(command, notification)
        case RecordFailure():
            return _fail(command, notification)
        case RecordInterruption():
            return _interrupt(command, notification)
        case RequeueNotification():
            return _requeue(notification)
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
        case NotificationInterrupted(begun_at=instant):
            return replace(notification, interrupted_at=instant)
        case NotificationRequeued():
            return replace(notification, failure_code=None)
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
        channel=command.channel,
        template=command.template,
        about_event=command.about_event,
        due_on=command.due_on,
        planned_on=command.planned_on,
        about_budget=command.about_budget,
    )
    if notification.queued is None:
        return [queued]
    if notification.queued == queued:
        return []
    raise Refused("already-queued")


def _deliver(command: RecordDelivery, notification: Notification) -> Sequence[Event]:
    queued = _sent(notification)
    if notification.failure_code is not None:
        raise Refused("already-failed", failure=notification.failure_code)
    if notification.delivered:
        return []  # a resend after a crash: the first acceptance is the proof
    return [
        NotificationDelivered(
            case_id=queued.case_id,
            recipient=queued.recipient,
            channel=queued.channel,
            message_id=command.message_id,
            delivered_at=command.delivered_at,
            status=command.status,
            about_budget=queued.about_budget,
        )
    ]


def _fail(command: RecordFailure, notification: Notification) -> Sequence[Event]:
    queued = _sent(notification)
    if notification.delivered:
        raise Refused("already-delivered")
    if notification.failure_code is not None:
        return []
    return [
        NotificationFailed(
            case_id=queued.case_id,
            recipient=queued.recipient,
            channel=queued.channel,
            code=command.code,
            about_budget=queued.about_budget,
        )
    ]


def _interrupt(command: RecordInterruption, notification: Notification) -> Sequence[Event]:
    queued = _sent(notification)
    if notification.delivered:
        raise Refused("already-delivered")
    if notification.failure_code is not None:
        raise Refused("already-failed", failure=notification.failure_code)
    if notification.interrupted_at is not None and notification.interrupted_at >= command.begun_at:
        return []
    return [
        NotificationInterrupted(
            case_id=queued.case_id,
            recipient=queued.recipient,
            channel=queued.channel,
            begun_at=command.begun_at,
            about_budget=queued.about_budget,
        )
    ]


def _requeue(notification: Notification) -> Sequence[Event]:
    queued = _sent(notification)
    if notification.delivered:
        raise Refused("already-delivered")
    if notification.failure_code is None:
        return []
    return [
        NotificationRequeued(
            case_id=queued.case_id,
            recipient=queued.recipient,
            channel=queued.channel,
            about_budget=queued.about_budget,
        )
    ]


def _sent(notification: Notification) -> NotificationQueued:
    """What is to be sent at all."""
    if notification.queued is None:
        raise Refused("not-queued")
    if notification.queued.channel is Channel.PAGE:
        raise Refused("nothing-to-send")
    return notification.queued


NOTIFICATION: Final = Aggregate("notification", TOPIC.name, Notification(), decide, evolve, refusal)
