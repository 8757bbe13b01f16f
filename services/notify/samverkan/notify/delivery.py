"""Delivery: queued notifications leave by SMTP, and what became of them is recorded.

At least once: a crash between the mail server's acceptance and our record sends the same mail again, with the same
Message-ID and the same bytes. Never quietly lost: a notification stays queued until it is delivered or refused for
good.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Final
from uuid import UUID, uuid5

import aiosmtplib
import structlog

from samverkan.backbone.command import Context
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Refused, Transient
from samverkan.backbone.parking.policy import RetryPolicy
from samverkan.backbone.runtime import Runtime
from samverkan.notify.mail import Template, compose, message_id
from samverkan.notify.notification import NOTIFICATION, RecordDelivery, RecordFailure
from samverkan.notify.recipients import Recipient
from samverkan.notify.settings import NotifySettings
from samverkan.notify.views import NotificationRow, Notifications

_ROUND: Final = 200  # mails of one connection, about; more wait for the next round
_PERMANENT: Final = 500  # SMTP replies from here on are final (RFC 5321 §4.2.1)

log = structlog.stdlib.get_logger(__name__)

Outcome = RecordDelivery | RecordFailure


@dataclass
class Backoff:
    """When something that failed for now is tried again. In memory: after a restart it is tried at once."""

    policy: RetryPolicy
    random: Random
    attempts: dict[UUID | None, int] = field(default_factory=dict)
    not_before: dict[UUID | None, datetime] = field(default_factory=dict)

    def failed(self, what: UUID | None, now: datetime) -> None:
        """Wait longer than the last time."""
        attempts = self.attempts.get(what, 0)
        self.attempts[what] = attempts + 1
        self.not_before[what] = self.policy.retry_at(attempts, now, self.random)

    def succeeded(self, what: UUID | None) -> None:
        """Forget it."""
        self.attempts.pop(what, None)
        self.not_before.pop(what, None)

    def waiting(self, what: UUID | None, now: datetime) -> bool:
        """Whether it is too early."""
        return what in self.not_before and now < self.not_before[what]


class Delivery:
    """The worker. One per service: two would send each mail twice, recognisably."""

    def __init__(
        self,
        settings: NotifySettings,
        recipients: Mapping[str, Recipient],
        templates: Mapping[tuple[str, str], Template],
        random: Random,
    ) -> None:
        self._settings = settings
        self._recipients = recipients
        self._templates = templates
        policy = RetryPolicy(settings.delivery_backoff_first_seconds, cap_seconds=settings.delivery_backoff_cap_seconds)
        self._backoff = Backoff(policy, random)  # None stands for the mail server and our own database
        # Outcomes that could not be recorded: recorded next time instead of sending once more.
        self._unrecorded: dict[UUID, Outcome] = {}

    async def run(self, runtime: Runtime) -> None:
        """Deliver until cancelled. Cancelling in the middle of a mail is a crash like any other: it is sent again."""
        while True:
            await self.deliver_queued(runtime)
            await asyncio.sleep(self._settings.delivery_poll_interval_seconds)

    async def deliver_queued(self, runtime: Runtime) -> int:
        """One round over what is queued, oldest first; the number of notifications that were settled."""
        now = runtime.now()
        if self._backoff.waiting(None, now):
            return 0
        try:
            due = await self._due(runtime, now)
            if due and not await _confirmed(runtime):
                return 0
            settled = await self._deliver(runtime, due) if due else 0
        except (Transient, aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            self._backoff.failed(None, now)
            log.warning("delivery_interrupted", reason=type(error).__name__)
            return 0
        self._backoff.succeeded(None)
        return settled

    async def _due(self, runtime: Runtime, now: datetime) -> list[NotificationRow]:
        """What is queued and need not wait, oldest first; those that wait never hide those that need not."""
        due: list[NotificationRow] = []
        after: UUID | None = None
        while len(due) < _ROUND:
            rows = await runtime.queries.select(Notifications, after=after, limit=_ROUND, state="queued")
            due += [row for row in rows if not self._backoff.waiting(row.notification_id, now)]
            if len(rows) < _ROUND:
                break
            after = rows[-1].notification_id
        return sorted(due, key=_queued_first)

    async def _deliver(self, runtime: Runtime, rows: list[NotificationRow]) -> int:
        unsent = [row for row in rows if row.notification_id not in self._unrecorded]
        settled = 0
        if unsent:
            async with self._connection() as server:
                for row in unsent:
                    outcome = await self._send(server, row, runtime)
                    if outcome is not None:
                        self._unrecorded[row.notification_id] = outcome
                        await self._record(runtime, row, outcome)
                        settled += 1
        for row in rows:
            kept = self._unrecorded.get(row.notification_id)
            if kept is not None:
                await self._record(runtime, row, kept)
                settled += 1
        return settled

    async def _send(self, server: aiosmtplib.SMTP, row: NotificationRow, runtime: Runtime) -> Outcome | None:
        """What became of it; None when it shall be tried again later.

        Only a refusal of this recipient or of this content is final. A refusal of ourselves (sender, authentication,
        greeting) says nothing about the notification: it interrupts the round.
        """
        recipient = self._recipients.get(row.recipient or "")
        template = None if recipient is None else self._templates.get((recipient.language, row.template or ""))
        if recipient is None or template is None:  # an agency or a text that was taken away: it waits for its return
            log.error("notification_undeliverable", notification=str(row.notification_id), recipient=row.recipient)
            self._backoff.failed(row.notification_id, runtime.now())
            return None
        message = compose(row, self._settings.mail_sender, recipient, template)
        try:
            await server.send_message(message)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            return self._refused(row, refused.recipients[0].code, runtime)
        except aiosmtplib.SMTPDataError as refused:
            return self._refused(row, refused.code, runtime)
        self._backoff.succeeded(row.notification_id)
        return RecordDelivery(message_id(row, self._settings.mail_sender), runtime.now())

    def _refused(self, row: NotificationRow, code: int, runtime: Runtime) -> RecordFailure | None:
        log.warning("mail_refused", notification=str(row.notification_id), recipient=row.recipient, smtp_code=code)
        if code >= _PERMANENT:
            self._backoff.succeeded(row.notification_id)
            return RecordFailure(str(code))
        self._backoff.failed(row.notification_id, runtime.now())
        return None

    async def _record(self, runtime: Runtime, row: NotificationRow, outcome: Outcome) -> None:
        context = Context(
            now=runtime.now(),
            command_id=uuid5(row.notification_id, type(outcome).__name__),
            correlation_id=row.case_id,
        )
        try:
            await runtime.commands.execute(Order(NOTIFICATION, row.notification_id, outcome), context)
        except Refused as refused:  # settled by somebody else in the meantime: theirs stands
            log.warning("outcome_refused", notification=str(row.notification_id), code=refused.code)
        del self._unrecorded[row.notification_id]

    def _connection(self) -> aiosmtplib.SMTP:
        settings = self._settings
        return aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_username,
            password=None if settings.smtp_password is None else settings.smtp_password.get_secret_value(),
            timeout=settings.smtp_timeout_seconds,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
        )


async def _confirmed(runtime: Runtime) -> bool:
    """A database that was put back to the past knows too little: a mail that was delivered waits there again."""
    try:
        await runtime.confirm()
    except Transient as error:
        log.warning("delivery_postponed", code=error.code)
        return False
    return True


def _queued_first(row: NotificationRow) -> tuple[str, str]:
    return ("" if row.queued_at is None else row.queued_at.isoformat(), str(row.notification_id))
