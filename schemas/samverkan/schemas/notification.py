"""Events of a notification, a reminder and a receiving address (topic samverkan.notification, published by notify).

No personal data at all.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from samverkan.schemas.event import Event, Many, Open
from samverkan.schemas.wire_enum import WireEnum


class Channel(WireEnum):
    """How a notification travels."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    PAGE = "page"
    UNKNOWN = "unknown"


class DeadlineKind(WireEnum):
    """What is to be done before a deadline: claim a work month, renew a decision before it expires, follow up a closed
    case, take the shared assessment again, do the next thing with a budget, do what the plan says."""

    CLAIM = "claim"
    DECISION = "decision"
    FOLLOW_UP = "follow-up"
    ASSESSMENT = "assessment"
    BUDGET = "budget"
    ACTIVITY = "activity"
    UNKNOWN = "unknown"


class Settlement(WireEnum):
    """Why a deadline is one no more: it was met or its reason is gone, it was moved, or its day passed."""

    CLOSED = "closed"
    MOVED = "moved"
    PASSED = "passed"
    UNKNOWN = "unknown"


class NotificationQueued(Event):
    """An agency is to be told that something happened in a case; `template` names the text.

    `recipient` is an agency's code, never an address. With `about_budget`, `case_id` is the budget's stream.
    `due_on` is the day of the deadline that it reminds of, `planned_on` the day on which it should have gone out.
    `page` is the channel of what only stands on the agency's page: nothing is sent, and nothing proves a reader.
    """

    legal_basis: ClassVar = "FL 8 §"
    case_id: Open[UUID]
    recipient: Open[str]
    channel: Open[Channel]
    template: Open[str]
    about_event: Open[UUID]
    due_on: Open[date | None] = None
    planned_on: Open[date | None] = None
    about_budget: Open[bool | None] = None


class NotificationDelivered(Event):
    """The receiving server accepted the message. `message_id` is the proof to be found in its log: the Message-ID of a
    mail, the webhook-id of a webhook, which was answered with `status`.
    """

    legal_basis: ClassVar = "FL 8 §"
    case_id: Open[UUID]
    recipient: Open[str]
    channel: Open[Channel]
    message_id: Open[str]
    delivered_at: Open[AwareDatetime]
    status: Open[int | None] = None
    about_budget: Open[bool | None] = None


class NotificationFailed(Event):
    """The message will not arrive. `code` is the SMTP reply with which it was refused for good, or `given-up-` and the
    last HTTP status or reason when a webhook was not taken within the stated time.
    """

    legal_basis: ClassVar = "FL 8 §"
    case_id: Open[UUID]
    recipient: Open[str]
    channel: Open[Channel]
    code: Open[str]
    about_budget: Open[bool | None] = None


class NotificationInterrupted(Event):
    """An attempt was begun and nobody knows how it ended: its process died, or fell silent for too long.

    The same message goes out again under the same id, so the recipient may get it twice, and this says why.
    """

    legal_basis: ClassVar = "FL 8 §"
    case_id: Open[UUID]
    recipient: Open[str]
    channel: Open[Channel]
    begun_at: Open[AwareDatetime]
    about_budget: Open[bool | None] = None


class NotificationRequeued(Event):
    """Somebody asked that a message that failed be sent again."""

    legal_basis: ClassVar = "FL 8 §"
    case_id: Open[UUID]
    recipient: Open[str]
    channel: Open[Channel]
    about_budget: Open[bool | None] = None


class WebhookDisabled(Event):
    """An agency's webhook is left alone until it is enabled again: it answered 410 Gone, or took nothing for too long.

    `code` is that answer or reason. Nothing is lost: what is queued waits, and fails when its time is out.
    """

    legal_basis: ClassVar = "FL 8 §"
    about_case: ClassVar = False
    recipient: Open[str]
    code: Open[str]


class WebhookEnabled(Event):
    """The agency says that its webhook takes messages again."""

    legal_basis: ClassVar = "FL 8 §"
    about_case: ClassVar = False
    recipient: Open[str]


class ReminderFired(Event):
    """A deadline is near and what it is for is not done: the recipients, by agency code, are told.

    The stream is one deadline: `subject_id` (a compensation, a case, a plan, a budget), `kind`, `period` (a work
    month's first day, `6-months`, an activity's id) and `due_on`. Each `days_before` is fired at most once; after a
    pause only the most urgent one, and then `fired_on` is after `planned_on`.
    """

    legal_basis: ClassVar = "FL 8 §"
    kind: Open[DeadlineKind]
    subject_id: Open[UUID]
    case_id: Open[UUID | None] = None
    period: Open[str]
    due_on: Open[date]
    days_before: Open[int]
    planned_on: Open[date]
    fired_on: Open[date]
    recipients: Open[Many[str]]


class ReminderSettled(Event):
    """A deadline that was reminded of is one no more; see `Settlement`."""

    legal_basis: ClassVar = "FL 8 §"
    kind: Open[DeadlineKind]
    subject_id: Open[UUID]
    case_id: Open[UUID | None] = None
    due_on: Open[date]
    settlement: Open[Settlement]
    settled_on: Open[date]


class NotificationReactionRefused(Event):
    """What another service's event asked of a notification was refused by its rules: an outcome, not a failure."""

    legal_basis: ClassVar = "FL 8 §"
    command: Open[str]
    code: Open[str]
