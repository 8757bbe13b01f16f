"""Signed webhooks as Standard Webhooks 1.0 describes them: webhook-id, webhook-timestamp, webhook-signature (v1).

A message says what a mail says: an opaque reference, and that something happened. Its id is the notification's, the
same at every attempt, so the receiver drops what it has. Only a 2xx answer is a delivery; a redirect is followed
nowhere; the body of an answer is not read.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import httpcore
import orjson
from standardwebhooks import Webhook

from samverkan.notify.delivery.addresses import AddressRefused, CheckedBackend
from samverkan.notify.recipients import WebhookTarget
from samverkan.notify.views import NotificationRow

GONE: Final = 410
_CONNECTIONS: Final = 20  # at once, over all receivers


@dataclass(frozen=True)
class Answer:
    """What a receiver answered: an HTTP status, or the reason why there is none (`timeout`, `address-refused`)."""

    status: int | None
    reason: str = ""

    @property
    def accepted(self) -> bool:
        """Only 2xx is."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def code(self) -> str:
        """For logs, events and operators."""
        return str(self.status) if self.status is not None else self.reason


def body_of(row: NotificationRow) -> bytes:
    """The same bytes at every attempt. No personal data: ids, the text's name and days of law."""
    return orjson.dumps(
        {
            "type": f"samverkan.notification.{row.template}",
            "timestamp": row.queued_at,
            "data": {
                "notification_id": row.notification_id,
                "case_id": row.case_id,
                "about_event": row.about_event,
                "due_on": row.due_on,
                "planned_on": row.planned_on,
            },
        },
        option=orjson.OPT_OMIT_MICROSECONDS | orjson.OPT_UTC_Z,
    )


def headers_of(
    row: NotificationRow, body: bytes, secrets: Sequence[str], now: datetime
) -> dict[bytes | str, bytes | str]:
    """The three headers. One signature for each secret: while secrets change, a receiver may know either."""
    message_id = str(row.notification_id)
    signatures = [Webhook(secret).sign(message_id, now, body.decode()) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


class WebhookSender:
    """Sends one message to one receiver. Connections are not kept: agencies' endpoints are few and called seldom."""

    def __init__(self, timeout_seconds: float, *, allow_private: bool) -> None:
        self._timeout_seconds = timeout_seconds
        self._backend = CheckedBackend(allow_private=allow_private)

    async def send(self, row: NotificationRow, target: WebhookTarget, now: datetime) -> Answer:
        """Never raises what a receiver can cause; within `timeout_seconds`, all told."""
        body = body_of(row)
        headers: dict[bytes | str, bytes | str] = {
            "content-type": "application/json",
            "user-agent": "samverkan-notify",
            **headers_of(row, body, target.secrets, now),
        }
        try:
            async with (
                asyncio.timeout(self._timeout_seconds),
                httpcore.AsyncConnectionPool(max_keepalive_connections=0, network_backend=self._backend) as pool,
                pool.stream("POST", target.url, headers=headers, content=body) as response,
            ):
                return Answer(response.status)
        except AddressRefused:
            return Answer(None, "address-refused")
        except (TimeoutError, httpcore.TimeoutException):
            return Answer(None, "timeout")
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            return Answer(None, "unreachable")
