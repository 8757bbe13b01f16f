"""Webhooks to a real HTTP server: signed as Standard Webhooks says, and every way in which a receiver can fail."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook, WebhookVerificationError

from samverkan.backbone.command import Context
from samverkan.backbone.decider import Order
from samverkan.backbone.parking.policy import RetryPolicy
from samverkan.backbone.settings import SettingsInvalid
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.notify.app import build
from samverkan.notify.choices import Choices
from samverkan.notify.delivery.addresses import is_public
from samverkan.notify.delivery.endpoint import ENDPOINT, EnableWebhook, Endpoints, endpoint_id
from samverkan.notify.delivery.test_worker import MemoryAttempts
from samverkan.notify.delivery.webhook import WebhookSender, body_of, headers_of
from samverkan.notify.delivery.webhook_channel import WebhookChannel
from samverkan.notify.delivery.worker import Delivery
from samverkan.notify.notification import NOTIFICATION, RequeueNotification
from samverkan.notify.reactions import reactions
from samverkan.notify.recipients import Recipient, WebhookTarget, read_recipients
from samverkan.notify.settings import NotifySettings
from samverkan.notify.test_reactions import STARTED
from samverkan.notify.views import NotificationRow, Notifications
from samverkan.schemas.catalogue import PLACEMENT
from samverkan.schemas.notification import Channel, NotificationInterrupted

OLD, NEW = ("whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
PLACEMENT_ID = UUID("22222222-2222-4222-8222-222222222222")
CASE = UUID("11111111-1111-4111-8111-111111111111")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ROW = NotificationRow(
    UUID("55555555-5555-4555-8555-555555555555"),
    case_id=CASE,
    recipient="af",
    channel="webhook",
    template="news",
    queued_at=NOW,
    state="queued",
)


class StandsStill(datetime):
    """The clock of the receiver's library, which takes no message that is older than five minutes."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return NOW.astimezone(tz)


@pytest.fixture(autouse=True)
def receivers_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standardwebhooks.webhooks.datetime", StandsStill)


@dataclass
class Receiver:
    """An HTTP/1.1 server that remembers what it got. `status` 0: it never answers."""

    status: int = 204
    extra: str = ""
    port: int = 0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        self.got.append((headers, await reader.readexactly(int(headers["content-length"]))))
        if self.status == 0:
            await reader.read()  # until the other side has had enough
        else:
            writer.write(f"HTTP/1.1 {self.status} X\r\n{self.extra}Content-Length: 0\r\n\r\n".encode())
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiving = Receiver()
    server = await asyncio.start_server(receiving.serve, "127.0.0.1", 0)
    receiving.port = server.sockets[0].getsockname()[1]
    yield receiving
    server.close()


def recipients(port: int, host: str = "127.0.0.1", secrets: tuple[str, ...] = (NEW, OLD)) -> dict[str, Recipient]:
    target = WebhookTarget(f"http://{host}:{port}/samverkan?to=af", secrets)
    return {"af": Recipient(mailbox="a@af.example", language="sv", target=target)}


def channel(port: int, *, allow_private: bool = True, host: str = "127.0.0.1") -> WebhookChannel:
    return WebhookChannel(WebhookSender(0.5, allow_private=allow_private), recipients(port, host), 3600.0)


def delivery(way: WebhookChannel, attempts: MemoryAttempts | None = None) -> Delivery:
    return Delivery((way,), attempts or MemoryAttempts(), RetryPolicy(2.0), Random(1), 0.5, 300.0)


async def queued() -> MemoryRuntime:
    """A runtime with one webhook for AF."""
    settings = NotifySettings(
        database_url=SecretStr("postgresql://localhost/notify"),
        kafka_bootstrap="localhost:9092",
        http_port=0,
        smtp_host="127.0.0.1",
        smtp_port=25,
    )
    runtime = MemoryRuntime(build(settings), NOW)
    chosen = reactions(Choices({"af": {"news": (Channel.WEBHOOK,)}}))
    object.__setattr__(runtime.service, "reactions", chosen)
    await runtime.happened(PLACEMENT, PLACEMENT_ID, STARTED)
    return runtime


async def row(runtime: MemoryRuntime) -> NotificationRow:
    (only,) = await runtime.select(Notifications)
    return only


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_a_receiver_verifies_with_any_of_the_secrets_while_they_change(secret: str) -> None:
    body = body_of(ROW)
    headers = {str(name): str(value) for name, value in headers_of(ROW, body, (NEW, OLD), NOW).items()}
    assert Webhook(secret).verify(body, headers)["data"]["case_id"] == str(CASE)
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        Webhook("whsec_" + base64.b64encode(bytes([3]) * 32).decode()).verify(body, headers)
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        Webhook(secret).verify(body.replace(b"news", b"task"), headers)


def test_the_body_is_the_same_at_every_attempt_and_says_nothing_of_a_person() -> None:
    assert body_of(ROW) == body_of(ROW)
    told = json.loads(body_of(ROW))
    assert told["type"] == "samverkan.notification.news"
    assert set(told["data"]) == {"notification_id", "case_id", "about_event", "due_on", "planned_on"}


async def test_an_accepted_webhook_is_delivered_with_status_and_id_as_proof(receiver: Receiver) -> None:
    runtime = await queued()
    assert await delivery(channel(receiver.port)).deliver_queued(runtime) == 1
    done = await row(runtime)
    assert (done.state, done.status, done.message_id) == ("delivered", 204, str(done.notification_id))
    ((headers, body),) = receiver.got
    assert headers["webhook-id"] == str(done.notification_id)
    assert Webhook(OLD).verify(body, headers)["type"] == "samverkan.notification.news"


@pytest.mark.parametrize(("status", "extra"), [(500, ""), (404, ""), (302, "Location: http://127.0.0.1/\r\n"), (0, "")])
async def test_what_is_no_2xx_is_tried_again_later_and_a_redirect_is_followed_nowhere(
    receiver: Receiver, status: int, extra: str
) -> None:
    receiver.status, receiver.extra = status, extra
    runtime, way, attempts = await queued(), channel(receiver.port), MemoryAttempts()
    worker = delivery(way, attempts)
    assert await worker.deliver_queued(runtime) == 0
    assert (await row(runtime)).state == "queued"
    assert list(attempts.codes.values()) == ["timeout" if status == 0 else str(status)]
    assert await worker.deliver_queued(runtime) == 0 and len(receiver.got) == 1, "backing off"
    receiver.status = 200
    runtime.clock += timedelta(seconds=3)
    assert await worker.deliver_queued(runtime) == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1, "the same id at every attempt"
    assert len({body for _, body in receiver.got}) == 1


async def test_after_the_stated_time_it_fails_and_the_endpoint_is_left_alone_until_it_is_enabled(
    receiver: Receiver,
) -> None:
    receiver.status = 503
    runtime, worker = await queued(), delivery(channel(receiver.port))
    runtime.clock += timedelta(seconds=3600)
    assert await worker.deliver_queued(runtime) == 1
    assert ((await row(runtime)).state, (await row(runtime)).failure_code) == ("failed", "given-up-503")
    endpoint = await runtime.get(Endpoints, endpoint_id("af"))
    assert endpoint is not None and (endpoint.state, endpoint.code) == ("disabled", "503")


async def test_what_failed_and_is_asked_for_again_is_tried_for_the_whole_stated_time(receiver: Receiver) -> None:
    receiver.status = 503
    runtime, worker = await queued(), delivery(channel(receiver.port))
    runtime.clock += timedelta(seconds=3600)
    await worker.deliver_queued(runtime)
    again, enabled = Context(runtime.clock, UUID(int=8)), Context(runtime.clock, UUID(int=9))
    await runtime.execute(Order(NOTIFICATION, (await row(runtime)).notification_id, RequeueNotification()), again)
    await runtime.execute(Order(ENDPOINT, endpoint_id("af"), EnableWebhook("af")), enabled)
    assert await worker.deliver_queued(runtime) == 0
    endpoint = await runtime.get(Endpoints, endpoint_id("af"))
    assert endpoint is not None and endpoint.state == "enabled", "one refusal does not disable what was just enabled"
    receiver.status = 200
    runtime.clock += timedelta(seconds=60)
    assert await worker.deliver_queued(runtime) == 1
    assert (await row(runtime)).state == "delivered"


async def test_a_receiver_that_is_gone_is_left_alone_and_nothing_is_lost(receiver: Receiver) -> None:
    receiver.status = 410
    runtime, worker = await queued(), delivery(channel(receiver.port))
    await worker.deliver_queued(runtime)
    receiver.status = 200
    runtime.clock += timedelta(seconds=120)
    assert await worker.deliver_queued(runtime) == 0 and len(receiver.got) == 1, "disabled: not even tried"
    await runtime.execute(Order(ENDPOINT, endpoint_id("af"), EnableWebhook("af")), Context(runtime.clock, UUID(int=9)))
    runtime.clock += timedelta(seconds=120)
    assert await worker.deliver_queued(runtime) == 1
    assert (await row(runtime)).state == "delivered"


async def test_an_attempt_that_ended_unknown_is_told_before_it_is_sent_again(receiver: Receiver) -> None:
    runtime, attempts = await queued(), MemoryAttempts()
    attempts.interrupted[(await row(runtime)).notification_id] = NOW - timedelta(minutes=5)
    await delivery(channel(receiver.port), attempts).deliver_queued(runtime)
    events = [one.event for one in runtime.written]
    assert [type(event).__name__ for event in events][-2:] == ["NotificationInterrupted", "NotificationDelivered"]
    assert isinstance(events[-2], NotificationInterrupted)
    assert (await row(runtime)).interruptions == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "169.254.169.254", "10.0.0.1"])
async def test_no_webhook_goes_to_an_address_that_is_not_public(receiver: Receiver, host: str) -> None:
    runtime, attempts = await queued(), MemoryAttempts()
    await delivery(channel(receiver.port, allow_private=False, host=host), attempts).deliver_queued(runtime)
    assert receiver.got == []
    assert list(attempts.codes.values()) == ["address-refused"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1",
    ],
)  # fmt: skip
def test_these_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "193.180.1.1", "2a00:1450:400f::1", "64:ff9b::808:808"])
def test_these_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_a_target_never_shows_its_secrets() -> None:
    assert "whsec_" not in repr(recipients(1)) + str(recipients(1)["af"])


FILE = """
[af]
mailbox = "a@af.example"
language = "sv"
channels = {{ task = ["webhook"], news = [] }}
webhook = {{ url = "{url}", secrets_file = "af.whsec" }}
"""


@pytest.mark.parametrize(
    ("url", "secrets", "wrong"),
    [
        ("http://af.example/hook", NEW, "not https"),
        ("https://user:pw@af.example/hook", NEW, "af.webhook.url"),
        ("ftp://af.example/hook", NEW, "af.webhook.url"),
        ("https://af.example/hook", "", "secrets of af"),
        ("https://af.example/hook", "whsec_c2hvcnQ=", "secrets of af"),
        ("https://af.example/hook", NEW.removeprefix("whsec_"), "secrets of af"),
    ],
)
def test_a_wrong_webhook_stops_the_start_in_one_sentence(tmp_path: Path, url: str, secrets: str, wrong: str) -> None:
    (tmp_path / "recipients.toml").write_text(FILE.format(url=url), encoding="utf-8")
    (tmp_path / "af.whsec").write_text(secrets, encoding="ascii")
    with pytest.raises(SettingsInvalid, match=wrong) as invalid:
        read_recipients(tmp_path / "recipients.toml", ["af"])
    assert "whsec_c2" not in str(invalid.value)


def test_the_secrets_are_read_newest_first(tmp_path: Path) -> None:
    (tmp_path / "recipients.toml").write_text(FILE.format(url="https://af.example/hook"), encoding="utf-8")
    (tmp_path / "af.whsec").write_text(f"{NEW}\n{OLD}\n", encoding="ascii")
    target = read_recipients(tmp_path / "recipients.toml", ["af"])["af"].target
    assert target is not None and target.secrets == (NEW, OLD)


@pytest.mark.parametrize(
    "channels",
    [
        "{ task = [] }",
        '{ reminder = ["page"] }',
        '{ rumours = ["mail"] }',
        '{ news = ["mail", "mail"] }',
        '{ news = ["pigeon"] }',
    ],
)
def test_a_choice_that_would_leave_a_task_unheard_stops_the_start(tmp_path: Path, channels: str) -> None:
    text = f'[af]\nmailbox = "a@af.example"\nlanguage = "sv"\nchannels = {channels}\n'
    (tmp_path / "recipients.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsInvalid, match=r"af\.channels"):
        read_recipients(tmp_path / "recipients.toml", ["af"])
