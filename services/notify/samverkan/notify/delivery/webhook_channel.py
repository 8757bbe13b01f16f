"""Webhooks: every claimed message at once, each to its agency's endpoint, given up after a stated time."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Final
from uuid import UUID, uuid5

import structlog

from samverkan.backbone.command import Context
from samverkan.backbone.decider import Order
from samverkan.backbone.runtime import Runtime
from samverkan.notify.delivery.attempts import Attempt
from samverkan.notify.delivery.endpoint import ENDPOINT, DisableWebhook, Endpoints, endpoint_id
from samverkan.notify.delivery.sending import Later, Outcome
from samverkan.notify.delivery.webhook import GONE, WebhookSender
from samverkan.notify.notification import RecordDelivery, RecordFailure
from samverkan.notify.recipients import Recipient
from samverkan.schemas.notification import Channel

DISABLED: Final = "endpoint-disabled"
NO_ENDPOINT: Final = "no-endpoint"
_LOOK_AGAIN: Final = timedelta(seconds=60)  # at a disabled endpoint: how late messages flow once it is enabled

log = structlog.stdlib.get_logger(__name__)


class WebhookChannel:
    """See `sending.Sending`."""

    channel = Channel.WEBHOOK

    def __init__(self, sender: WebhookSender, recipients: Mapping[str, Recipient], give_up_seconds: float) -> None:
        self._sender = sender
        self._recipients = recipients
        self._give_up = timedelta(seconds=give_up_seconds)
        self._under_way: set[UUID] = set()

    def is_under_way(self, attempt: Attempt) -> bool:
        """All that were begun and not spoken of."""
        return attempt.row.notification_id in self._under_way

    async def send(
        self, runtime: Runtime, attempts: Sequence[Attempt], until: float
    ) -> AsyncIterator[tuple[Attempt, Outcome | Later]]:
        """See `sending.Sending.send`. Nobody waits for a slow receiver but its own messages."""
        if monotonic() > until:
            for attempt in attempts:
                yield attempt, Later(tried=False)
            return
        tasks = {asyncio.create_task(self._send(runtime, attempt)): attempt for attempt in attempts}
        waiting = set(tasks)
        try:
            while waiting:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    attempt, result = tasks[task], task.result()
                    self._under_way.discard(attempt.row.notification_id)
                    yield attempt, result
        finally:
            for task in waiting:
                task.cancel()

    async def _send(self, runtime: Runtime, attempt: Attempt) -> Outcome | Later:
        row, now = attempt.row, runtime.now()
        recipient = row.recipient or ""
        target = self._recipients[recipient].target if recipient in self._recipients else None
        if target is None:
            return self._failed(attempt, NO_ENDPOINT, now)
        endpoint = await runtime.queries.get(Endpoints, endpoint_id(recipient))
        if endpoint is not None and endpoint.state == "disabled":
            return self._failed(attempt, DISABLED, now, now + _LOOK_AGAIN)
        self._under_way.add(row.notification_id)
        answer = await self._sender.send(row, target, now)
        if answer.accepted:
            return RecordDelivery(str(row.notification_id), runtime.now(), answer.status)
        log.warning("webhook_refused", notification=str(row.notification_id), recipient=recipient, code=answer.code)
        result = self._failed(attempt, answer.code, now)
        if answer.status == GONE or isinstance(result, RecordFailure):
            await self._disable(runtime, recipient, answer.code)
        return result

    def _failed(self, attempt: Attempt, code: str, now: datetime, at: datetime | None = None) -> Outcome | Later:
        asked_for_at = attempt.row.requeued_at or attempt.row.queued_at or now  # again means another full time
        if now - asked_for_at >= self._give_up:
            return RecordFailure(f"given-up-{code}")
        return Later(code, at)

    async def _disable(self, runtime: Runtime, recipient: str, code: str) -> None:
        stream = endpoint_id(recipient)
        row = await runtime.queries.get(Endpoints, stream)
        context = Context(runtime.now(), uuid5(stream, f"disable/{0 if row is None else row.version}"))
        await runtime.commands.execute(Order(ENDPOINT, stream, DisableWebhook(recipient, code)), context)
        log.error("webhook_disabled", recipient=recipient, code=code)
