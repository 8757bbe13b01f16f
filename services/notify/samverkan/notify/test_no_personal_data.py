"""No message says who it is about: every event of the golden story is told by every channel in both languages, and
every message is searched for everything that any compartment of the story holds."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from samverkan.backbone.telemetry.scrub import contains_person_number
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.notify.app import build
from samverkan.notify.choices import Choices
from samverkan.notify.delivery.mail import compose, read_templates
from samverkan.notify.delivery.test_worker import settings_for, teller
from samverkan.notify.delivery.webhook import body_of
from samverkan.notify.reactions import NOTICES, reactions
from samverkan.notify.recipients import Recipient
from samverkan.notify.reminders.test_scheduler import scheduler
from samverkan.notify.views import NotificationRow, Notifications
from samverkan.schemas.event import Sealed
from samverkan.schemas.notification import Channel
from samverkan.schemas.sample_story import story

EVERY_WAY = (Channel.MAIL, Channel.WEBHOOK)
_TOLD_ANYWAY = {"1", "2", "3", "4", "5", "sv", "true", "false"}  # too short to be anybody's


def personal() -> set[str]:
    """Every value that stands in a compartment of the story."""
    return {
        text
        for _, _, event in story()
        for field in event.__class__.model_fields
        for text in _texts(getattr(event, field), sealed=False)
        if len(text) > 2 and text.lower() not in _TOLD_ANYWAY
    }


def _texts(value: Any, *, sealed: bool) -> Iterator[str]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), sealed=sealed or isinstance(value, Sealed))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(key, sealed=sealed)
            yield from _texts(inner, sealed=sealed)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _texts(inner, sealed=sealed)
    elif sealed and value is not None:
        yield str(value)


async def every_notification() -> list[NotificationRow]:
    """What the golden story tells of, and what it is reminded of on each day on which anything is due."""
    runtime = MemoryRuntime(build(settings_for(25)), datetime(2026, 1, 1, 8, tzinfo=UTC))
    chosen = {
        code: dict.fromkeys(("news", "task", "reminder"), EVERY_WAY) for code in ("kommun", "af", "fk", "forbund")
    }
    object.__setattr__(runtime.service, "reactions", reactions(Choices(chosen)))
    remindful, telling = scheduler(choices=Choices(chosen)), teller(Choices(chosen))
    for topic, envelope, event in story():
        if topic.owner != "notify":
            runtime.clock = max(runtime.clock, envelope.recorded_at)
            await runtime.happened(topic, envelope.stream_id, event)
            await telling.tell(runtime)
            await remindful.remind(runtime)
    return list(await runtime.select(Notifications, limit=10_000))


async def test_no_message_holds_anything_of_a_compartment() -> None:
    templates, seeded = read_templates(), personal()
    assert len(seeded) > 30, "the story tells of somebody"
    rows = await every_notification()
    told = [event for _, _, event in story() if type(event) in NOTICES]
    assert len(rows) > 2 * len(told) and {row.template for row in rows} >= {"news", "task", "reminder-late"}
    for row in rows:
        messages = [body_of(row).decode()]
        for language in ("sv", "en"):
            mailbox = Recipient(mailbox="a@agency.example", language=language)
            mail = compose(row, "samverkan@samverkan.example", mailbox, templates[language, row.template or ""])
            body = mail.get_body()
            assert body is not None
            messages.append("\n".join([*map(str, mail.values()), body.get_content()]))
        for message in messages:
            assert not contains_person_number(_without_ids(row, message))
            text = _without_ids(row, message)
            found = {value for value in seeded if re.search(rf"\b{re.escape(value)}\b", text, re.IGNORECASE)}
            assert found == set(), f"{row.template} to {row.recipient} tells {found}"


async def test_the_search_finds_what_a_message_would_tell() -> None:
    """A search that finds nothing must be able to find something."""
    assert any("198808112380" in value for value in personal())
    assert contains_person_number("198808112380")


def test_no_template_has_a_place_for_anything_but_ids_and_days() -> None:
    for (language, name), template in read_templates().items():
        filled = template.body.format(reference="R", due_on="D", planned_on="P")
        assert "{" not in filled + template.subject, (language, name)


def _without_ids(row: NotificationRow, message: str) -> str:
    """Opaque ids and days of law are told; a digit of theirs is nobody's amount."""
    ids = (row.notification_id, row.case_id, row.about_event, row.due_on, row.planned_on, row.queued_at)
    for known in filter(None, ids):
        message = message.replace(str(known), "")
    return message.replace(row.queued_at.isoformat()[:10] if row.queued_at else "-", "")
