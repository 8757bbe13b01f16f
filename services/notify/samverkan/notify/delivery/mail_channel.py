"""Mail by SMTP: one connection for all that is due, one mail after the other."""

from collections.abc import AsyncIterator, Mapping, Sequence
from time import monotonic
from typing import Final
from uuid import UUID

import aiosmtplib
import structlog

from samverkan.backbone.runtime import Runtime
from samverkan.notify.delivery.attempts import Attempt
from samverkan.notify.delivery.mail import Template, compose, message_id
from samverkan.notify.delivery.sending import Interrupted, Later, Outcome
from samverkan.notify.notification import RecordDelivery, RecordFailure
from samverkan.notify.recipients import Recipient
from samverkan.notify.settings import NotifySettings
from samverkan.schemas.notification import Channel

_PERMANENT: Final = 500  # SMTP replies from here on are final (RFC 5321 §4.2.1)

log = structlog.stdlib.get_logger(__name__)


class MailChannel:
    """See `sending.Sending`."""

    channel = Channel.MAIL

    def __init__(
        self,
        settings: NotifySettings,
        recipients: Mapping[str, Recipient],
        templates: Mapping[tuple[str, str], Template],
    ) -> None:
        self._settings = settings
        self._recipients = recipients
        self._templates = templates
        self._under_way: UUID | None = None

    def is_under_way(self, attempt: Attempt) -> bool:
        """The one whose content may have left."""
        return attempt.row.notification_id == self._under_way

    async def send(
        self, runtime: Runtime, attempts: Sequence[Attempt], until: float
    ) -> AsyncIterator[tuple[Attempt, Outcome | Later]]:
        """See `sending.Sending.send`."""
        if not attempts:
            return
        try:
            async with self._connection() as server:
                for attempt in attempts:
                    if monotonic() > until:
                        yield attempt, Later(tried=False)
                    else:
                        yield attempt, await self._send(server, attempt, runtime)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise Interrupted(type(error).__name__) from None

    async def _send(self, server: aiosmtplib.SMTP, attempt: Attempt, runtime: Runtime) -> Outcome | Later:
        """Only a refusal of this recipient or of this content is about the notification.

        A refusal of ourselves (sender, authentication, greeting) says nothing about it: it interrupts the channel.
        """
        row = attempt.row
        recipient = self._recipients.get(row.recipient or "")
        template = None if recipient is None else self._templates.get((recipient.language, row.template or ""))
        if recipient is None or template is None:  # an agency or a text that was taken away: it waits for its return
            log.error("notification_undeliverable", notification=str(row.notification_id), recipient=row.recipient)
            return Later("no-mailbox-or-text")
        message = compose(row, self._settings.mail_sender, recipient, template)
        self._under_way = row.notification_id
        try:
            await server.send_message(message)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            return self._refused(attempt, refused.recipients[0].code)
        except aiosmtplib.SMTPDataError as refused:
            return self._refused(attempt, refused.code)
        except aiosmtplib.SMTPResponseException:  # refused before the content
            self._under_way = None
            raise
        self._under_way = None
        return RecordDelivery(message_id(row, self._settings.mail_sender), runtime.now())

    def _refused(self, attempt: Attempt, code: int) -> Outcome | Later:
        row, self._under_way = attempt.row, None
        log.warning("mail_refused", notification=str(row.notification_id), recipient=row.recipient, smtp_code=code)
        return RecordFailure(str(code)) if code >= _PERMANENT else Later(str(code))

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
