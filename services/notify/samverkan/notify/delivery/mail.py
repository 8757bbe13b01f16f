"""The mail of a notification. Pure: the same row gives the same bytes, so that a resend is recognisable as one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from samverkan.notify.recipients import Recipient
from samverkan.notify.views import NotificationRow

_FOLDER: Final = Path(__file__).parents[1] / "mails"


@dataclass(frozen=True)
class Template:
    """One text in one language. Filled into the body: `{reference}`, and in reminders `{due_on}` and `{planned_on}`."""

    subject: str
    body: str


def read_templates(folder: Path = _FOLDER) -> Mapping[tuple[str, str], Template]:
    """The templates by (language, name)."""
    return {
        (file.stem, name): Template(**table)
        for file in sorted(folder.glob("*.toml"))
        for name, table in tomllib.loads(file.read_text(encoding="utf-8")).items()
    }


def message_id(row: NotificationRow, sender: str) -> str:
    """The Message-ID: derived from the stream, so that whoever gets a mail twice can see that it is one."""
    return f"<{row.notification_id}@{sender.rpartition('@')[2]}>"


def compose(row: NotificationRow, sender: str, recipient: Recipient, template: Template) -> EmailMessage:
    """The message. It holds nothing about a person: an opaque reference, and that something happened."""
    assert row.queued_at is not None
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = recipient.mailbox
    message["Subject"] = template.subject
    message["Date"] = format_datetime(row.queued_at)
    message["Message-ID"] = message_id(row, sender)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday reply comes back
    message.set_content(
        template.body.strip().format(reference=row.case_id, due_on=row.due_on, planned_on=row.planned_on) + "\n"
    )
    message["Content-Language"] = recipient.language  # afterwards: set_content drops every Content- header
    return message
