"""Delivery to a real mail server: accepted, refused for good, refused for now, silent, and crashed in between."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from random import Random
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP
from pydantic import SecretStr

from samverkan.backbone.command import Context, Executed
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Transient
from samverkan.backbone.parking.policy import RetryPolicy
from samverkan.backbone.runtime import Runtime
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.notify.app import build
from samverkan.notify.choices import Choices
from samverkan.notify.delivery.attempts import CLAIMED_AT_ONCE, Attempt
from samverkan.notify.delivery.mail import read_templates
from samverkan.notify.delivery.mail_channel import MailChannel
from samverkan.notify.delivery.sending import Later, Sending
from samverkan.notify.delivery.worker import Delivery
from samverkan.notify.patience import Patience
from samverkan.notify.recipients import Recipient
from samverkan.notify.settings import NotifySettings
from samverkan.notify.telling.followed import Window
from samverkan.notify.telling.municipality import TOLD_TO_THE_MUNICIPALITY
from samverkan.notify.telling.teller import Teller
from samverkan.notify.test_reactions import CASE, STARTED
from samverkan.notify.views import NotificationRow, Notifications
from samverkan.schemas.catalogue import PLACEMENT
from samverkan.schemas.notification import Channel

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PLACEMENT_ID = UUID("22222222-2222-4222-8222-222222222222")
KOMMUN, AF = "arbetsmarknadsenheten@kommun.example", "lokala-samarbeten@af.example"
RECIPIENTS: Mapping[str, Recipient] = {
    "kommun": Recipient(mailbox=KOMMUN, language="sv"),
    "af": Recipient(mailbox=AF, language="en"),
}


@dataclass
class MailServer:
    """What the server received, and how it answers: by recipient at RCPT, or once for the content."""

    port: int = 0
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    rcpt: dict[str, str] = field(default_factory=dict)
    data: str = "250 accepted"
    sender: str = "250 OK"

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        envelope.mail_from = address
        return self.sender

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.data.startswith("250"):
            self.mails.append((envelope.rcpt_tos[0], envelope.content))
        return self.data


@asynccontextmanager
async def serving(mail_server: MailServer) -> AsyncIterator[MailServer]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mail_server, hostname="localhost"), "127.0.0.1", mail_server.port)
    mail_server.port = server.sockets[0].getsockname()[1]
    try:
        yield mail_server
    finally:
        server.close()


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    async with serving(MailServer()) as running:
        yield running


def settings_for(port: int) -> NotifySettings:
    return NotifySettings(
        database_url=SecretStr("postgresql://localhost/notify"),
        kafka_bootstrap="localhost:9092",
        http_port=0,
        smtp_host="127.0.0.1",
        smtp_port=port,
        mail_sender="samverkan@samverkan.example",
    )


@dataclass
class MemoryAttempts:
    """Claims of one process: what a database keeps for several."""

    held: set[UUID] = field(default_factory=set)
    numbers: dict[UUID, int] = field(default_factory=dict)
    not_before: dict[UUID, datetime] = field(default_factory=dict)
    codes: dict[UUID, str | None] = field(default_factory=dict)
    interrupted: dict[UUID, datetime] = field(default_factory=dict)

    async def claim(self, runtime: Runtime, channel: Channel) -> Sequence[Attempt]:
        rows = await runtime.queries.select(Notifications, limit=1000, state="queued", channel=channel.value)
        due = [
            row
            for row in rows
            if row.notification_id not in self.held
            and self.not_before.get(row.notification_id, runtime.now()) <= runtime.now()
        ]
        due = due[:CLAIMED_AT_ONCE]
        for row in due:
            self.held.add(row.notification_id)
            self.numbers[row.notification_id] = self.numbers.get(row.notification_id, 0) + 1
        return [
            Attempt(row, self.numbers[row.notification_id], self.interrupted.pop(row.notification_id, None))
            for row in due
        ]

    async def settle(self, runtime: Runtime, attempt: Attempt, version: int) -> None:  # noqa: ARG002
        self.held.discard(attempt.row.notification_id)

    async def postpone(self, runtime: Runtime, attempt: Attempt, until: datetime, code: str | None) -> None:  # noqa: ARG002
        key = attempt.row.notification_id
        self.held.discard(key)
        self.not_before[key], self.codes[key] = until, code

    async def release(self, runtime: Runtime, attempt: Attempt) -> None:  # noqa: ARG002
        self.held.discard(attempt.row.notification_id)

    async def sweep(self, runtime: Runtime) -> None:
        """Nothing is kept for long."""


@dataclass
class MemoryFollowed:
    """What a database keeps: which events were looked through."""

    done: set[UUID] = field(default_factory=set)

    @asynccontextmanager
    async def next(self, runtime: Runtime) -> AsyncIterator[Window]:
        assert isinstance(runtime, MemoryRuntime)
        events = [
            recorded
            for stream in runtime.streams.values()
            for recorded in stream
            if type(recorded.event) in TOLD_TO_THE_MUNICIPALITY and recorded.envelope.id not in self.done
        ]
        yield Window(events)
        self.done |= {recorded.envelope.id for recorded in events}


def teller(choices: Choices = Choices(), patience_seconds: float = 0.0) -> Teller:  # noqa: B008 - frozen
    return Teller(choices, MemoryFollowed(), 0.02, Patience(patience_seconds))


def delivering(*channels: Sending, attempts: MemoryAttempts | None = None) -> Delivery:
    return Delivery(channels, attempts or MemoryAttempts(), RetryPolicy(2.0), Random(1), 0.5, 300.0)


def delivery_to(port: int, recipients: Mapping[str, Recipient] = RECIPIENTS) -> Delivery:
    return delivering(MailChannel(settings_for(port), recipients, read_templates()))


async def queued(runtime_class: type[MemoryRuntime] = MemoryRuntime) -> MemoryRuntime:
    """A runtime with one notification to the municipality and one to AF."""
    runtime = runtime_class(build(settings_for(25)), NOW)
    await runtime.happened(PLACEMENT, PLACEMENT_ID, STARTED)
    await teller().tell(runtime)
    return runtime


async def rows(runtime: MemoryRuntime) -> dict[str, NotificationRow]:
    return {row.recipient or "": row for row in await runtime.select(Notifications)}


async def states(runtime: MemoryRuntime) -> dict[str, str | None]:
    return {recipient: row.state for recipient, row in (await rows(runtime)).items()}


async def test_queued_notifications_are_delivered_with_their_proof(mail_server: MailServer) -> None:
    runtime = await queued()
    assert await delivery_to(mail_server.port).deliver_queued(runtime) == 2
    assert await states(runtime) == {"kommun": "delivered", "af": "delivered"}
    received = {to: message_from_bytes(content) for to, content in mail_server.mails}
    for recipient, to in (("kommun", KOMMUN), ("af", AF)):
        row = (await rows(runtime))[recipient]
        assert received[to]["Message-ID"] == row.message_id == f"<{row.notification_id}@samverkan.example>"
        assert row.delivered_at == NOW
    assert received[AF]["Content-Language"] == "en"


async def test_what_is_delivered_is_not_sent_again(mail_server: MailServer) -> None:
    runtime, delivery = await queued(), delivery_to(mail_server.port)
    await delivery.deliver_queued(runtime)
    assert await delivery.deliver_queued(runtime) == 0
    assert len(mail_server.mails) == 2


async def test_no_mail_says_more_than_the_reference_of_the_case(mail_server: MailServer) -> None:
    await delivery_to(mail_server.port).deliver_queued(await queued())
    for _, content in mail_server.mails:
        text = message_from_bytes(content).get_payload(decode=True)
        assert isinstance(text, bytes)
        assert str(CASE).encode() in text
        assert not [word for word in (b"introduktionsjobb", b"placering", b"placement", b"2026-03-02") if word in text]


async def test_a_recipient_refused_for_good_fails_and_the_others_are_delivered(mail_server: MailServer) -> None:
    mail_server.rcpt[KOMMUN] = "550 No such mailbox"
    runtime = await queued()
    assert await delivery_to(mail_server.port).deliver_queued(runtime) == 2
    assert await states(runtime) == {"kommun": "failed", "af": "delivered"}
    assert (await rows(runtime))["kommun"].failure_code == "550"


async def test_content_refused_for_good_fails(mail_server: MailServer) -> None:
    mail_server.data = "554 Not wanted here"
    runtime = await queued()
    await delivery_to(mail_server.port).deliver_queued(runtime)
    assert await states(runtime) == {"kommun": "failed", "af": "failed"}


async def test_a_temporary_refusal_waits_ever_longer_and_holds_up_nobody_else(mail_server: MailServer) -> None:
    mail_server.rcpt[KOMMUN] = "450 Greylisted"
    runtime, delivery = await queued(), delivery_to(mail_server.port)
    assert await delivery.deliver_queued(runtime) == 1
    assert await states(runtime) == {"kommun": "queued", "af": "delivered"}
    mail_server.rcpt.clear()
    runtime.clock = NOW + timedelta(seconds=1)
    assert await delivery.deliver_queued(runtime) == 0  # 2 s ± 20 %
    runtime.clock = NOW + timedelta(seconds=3)
    assert await delivery.deliver_queued(runtime) == 1
    assert await states(runtime) == {"kommun": "delivered", "af": "delivered"}


async def test_a_refused_sender_says_nothing_about_the_notifications(mail_server: MailServer) -> None:
    mail_server.sender = "550 Sender not allowed"
    runtime = await queued()
    assert await delivery_to(mail_server.port).deliver_queued(runtime) == 0
    assert await states(runtime) == {"kommun": "queued", "af": "queued"}


async def test_a_mail_server_that_is_away_loses_nothing() -> None:
    away = MailServer()
    async with serving(away):
        pass
    runtime, delivery = await queued(), delivery_to(away.port)
    assert await delivery.deliver_queued(runtime) == 0
    async with serving(away):
        assert await delivery.deliver_queued(runtime) == 0  # backing off
        runtime.clock = NOW + timedelta(seconds=3)
        assert await delivery.deliver_queued(runtime) == 2
    assert len(away.mails) == 2


class PutBack(MemoryRuntime):
    """Its database was put back to before the mails were sent, and nobody has compared it yet."""

    async def confirm(self) -> None:
        raise Transient("not-ready")


async def test_w2_what_a_restored_database_has_queued_is_not_sent_before_its_events_came_back(
    mail_server: MailServer,
) -> None:
    delivery, runtime = delivery_to(mail_server.port), await queued()
    runtime.__class__ = PutBack
    assert await delivery.deliver_queued(runtime) == 0
    assert mail_server.mails == []
    runtime.__class__ = MemoryRuntime
    assert await delivery.deliver_queued(runtime) == 2, "and at once when they have, without a longer wait"


class ForgetfulRuntime(MemoryRuntime):
    """Its database is away for the first outcomes; notifications were queued before."""

    lost = 0

    async def execute(self, order: Order, context: Context, **more: Any) -> Executed:
        if type(order.command).__name__ == "RecordDelivery" and self.lost < 1:
            self.lost += 1
            raise Transient("database-unreachable")
        return await super().execute(order, context, **more)


async def test_an_outcome_that_could_not_be_recorded_is_recorded_later_without_a_second_mail(
    mail_server: MailServer,
) -> None:
    runtime = await queued(runtime_class=ForgetfulRuntime)
    delivery = delivery_to(mail_server.port)
    assert await delivery.deliver_queued(runtime) == 0
    assert len(mail_server.mails) == 1
    runtime.clock = NOW + timedelta(seconds=3)
    assert await delivery.deliver_queued(runtime) == 2
    assert len(mail_server.mails) == 2
    assert {row.state for row in (await rows(runtime)).values()} == {"delivered"}


async def test_a_crash_before_the_record_sends_the_same_mail_again(mail_server: MailServer) -> None:
    runtime = await queued(runtime_class=ForgetfulRuntime)
    await delivery_to(mail_server.port).deliver_queued(runtime)
    await delivery_to(mail_server.port).deliver_queued(runtime)  # a new process knows nothing of the first
    assert len(mail_server.mails) == 3
    to, content = mail_server.mails[0]
    assert [again for again_to, again in mail_server.mails[1:] if again_to == to] == [content]
    assert set(await states(runtime)) == {"kommun", "af"}


async def test_an_agency_without_mailbox_waits_and_holds_up_nobody_else(mail_server: MailServer) -> None:
    runtime = await queued()
    assert await delivery_to(mail_server.port, {"af": RECIPIENTS["af"]}).deliver_queued(runtime) == 1
    assert await states(runtime) == {"kommun": "queued", "af": "delivered"}


async def test_the_worker_goes_on_until_it_is_cancelled(mail_server: MailServer) -> None:
    runtime = await queued()
    worker = asyncio.create_task(delivery_to(mail_server.port).run(runtime))
    async with asyncio.timeout(10):
        while set((await states(runtime)).values()) != {"delivered"}:  # noqa: ASYNC110 - another task's record is awaited
            await asyncio.sleep(0.01)
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker


class AnsweringLate:
    """A channel whose server answers when the test says so; it is waited for as aiosmtplib does."""

    channel = Channel.MAIL

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.answer = asyncio.get_running_loop().create_future()

    def is_under_way(self, attempt: Attempt) -> bool:  # noqa: ARG002
        return False

    async def send(
        self,
        runtime: Runtime,  # noqa: ARG002
        attempts: Sequence[Attempt],
        until: float,  # noqa: ARG002
    ) -> AsyncIterator[tuple[Attempt, Later]]:
        self.asked.set()
        await asyncio.wait_for(self.answer, 60)  # noqa: TID251 - what the library does
        for attempt in attempts:
            yield attempt, Later(tried=False)


async def test_a_worker_that_is_cancelled_just_as_the_server_answers_ends_all_the_same() -> None:
    """asyncio.wait_for of Python 3.11 gives the answer and forgets that its task was to end."""
    channel = AnsweringLate()
    worker = asyncio.create_task(delivering(channel).run(MemoryRuntime(build(settings_for(25)), NOW)))
    await channel.asked.wait()
    channel.answer.set_result(None)
    worker.cancel()
    ended, _ = await asyncio.wait({worker}, timeout=5)
    assert ended == {worker} and worker.cancelled()
