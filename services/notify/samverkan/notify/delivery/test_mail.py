"""The mails say that something happened, and nothing about whom."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest

from samverkan.notify.choices import BUDGET, LATE, LATE_BUDGET, NEWS, REMINDER, TASK
from samverkan.notify.delivery.mail import compose, message_id, read_templates
from samverkan.notify.recipients import Recipient
from samverkan.notify.views import NotificationRow

TEMPLATES = read_templates()
NAMES = (NEWS, TASK, REMINDER, LATE, BUDGET, LATE_BUDGET)
FILLED = {"reference", "due_on", "planned_on"}  # an opaque id and days of law
SENDER = "samverkan@samverkan.example"
MAILBOX = Recipient(mailbox="arbetsmarknadsenheten@kommun.example", language="sv")
ROW = NotificationRow(
    UUID("55555555-5555-4555-8555-555555555555"),
    case_id=UUID("11111111-1111-4111-8111-111111111111"),
    recipient="kommun",
    template="news",
    state="queued",
    queued_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
)


def test_every_template_is_there_in_both_languages() -> None:
    assert set(TEMPLATES) == {(language, name) for language in ("sv", "en") for name in NAMES}


def test_nothing_but_the_reference_and_days_are_ever_filled_in() -> None:
    for (_, name), template in TEMPLATES.items():
        filled = re.findall(r"\{(.*?)\}", template.body)
        assert "reference" in filled and len(filled) == len(set(filled))
        assert set(filled) <= ({"reference"} if name in (NEWS, TASK) else FILLED)
        assert "{" not in template.subject


def test_the_mail_carries_the_opaque_reference_and_what_machines_need() -> None:
    raw = compose(ROW, SENDER, MAILBOX, TEMPLATES["sv", "news"]).as_bytes()
    mail = message_from_bytes(raw, policy=default)
    assert mail["To"] == "arbetsmarknadsenheten@kommun.example"
    assert mail["Subject"] == "Det har hänt något i ett ärende"
    assert mail["Message-ID"] == "<55555555-5555-4555-8555-555555555555@samverkan.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "sv"
    assert mail["Date"] == "Mon, 02 Mar 2026 08:00:00 +0000"
    body = mail.get_body()
    assert body is not None
    text = body.get_content()
    assert "Öppna systemet" in text
    assert "11111111-1111-4111-8111-111111111111" in text


@pytest.mark.parametrize("name", NAMES)
def test_a_resend_has_the_same_bytes(name: str) -> None:
    first, second = (compose(ROW, SENDER, MAILBOX, TEMPLATES["sv", name]).as_bytes() for _ in range(2))
    assert first == second


def test_the_message_id_follows_from_the_stream() -> None:
    assert message_id(ROW, SENDER) == f"<{ROW.notification_id}@samverkan.example>"
