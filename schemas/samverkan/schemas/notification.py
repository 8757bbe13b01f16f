"""Events of a notification (topic samverkan.notification, published by notify). No personal data at all."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from samverkan.schemas.event import Event, Open
from samverkan.schemas.wire_enum import WireEnum


class Channel(WireEnum):
    """How a notification travels."""

    MAIL = "mail"
    UNKNOWN = "unknown"


class NotificationQueued(Event):
    """An agency is to be told that something happened in a case; `template` names the text.

    `recipient` is an agency's code, never an address.
    """

    legal_basis: ClassVar = "FL 8 §"
    case_id: Open[UUID]
    recipient: Open[str]
    channel: Open[Channel]
    template: Open[str]
    about_event: Open[UUID]


class NotificationDelivered(Event):
    """The receiving mail server accepted the message. `message_id` is the proof to be found in its log."""

    legal_basis: ClassVar = "FL 8 §"
    case_id: Open[UUID]
    recipient: Open[str]
    channel: Open[Channel]
    message_id: Open[str]
    delivered_at: Open[AwareDatetime]


class NotificationFailed(Event):
    """The receiving mail server refused the message for good. `code` is its SMTP reply code."""

    legal_basis: ClassVar = "FL 8 §"
    case_id: Open[UUID]
    recipient: Open[str]
    channel: Open[Channel]
    code: Open[str]


class NotificationReactionRefused(Event):
    """What another service's event asked of a notification was refused by its rules: an outcome, not a failure."""

    legal_basis: ClassVar = "FL 8 §"
    command: Open[str]
    code: Open[str]
