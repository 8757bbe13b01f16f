"""Settings of notify."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr

from samverkan.backbone.settings import Settings, SettingsInvalid, variable


class NotifySettings(Settings):
    """What notify needs beyond every service's settings."""

    smtp_host: str = Field(min_length=1)
    """Mail server that takes our mail. Required."""

    smtp_port: int = Field(ge=1, le=65535)
    """Its port. Required: 25 or 587 with `starttls`, 465 with `tls`."""

    smtp_security: Literal["none", "starttls", "tls"] = "none"
    """How the connection is protected. `none` only to a server on this machine: mailboxes and references are readable
    on the way."""

    smtp_username: str | None = None
    """Account at the mail server, if it asks for one; then with a password, and never without TLS."""

    smtp_password: SecretStr | None = None
    """Its password. Secret."""

    smtp_timeout_seconds: float = Field(default=30.0, ge=1.0, le=300.0)
    """How long the mail server may take for one reply before the attempt counts as failed."""

    mail_sender: str = Field(default="samverkan@localhost.localdomain", pattern=r"^[^@\s<>]+@[A-Za-z0-9.-]+$")
    """Sender of every mail. Its domain stands in every Message-ID: when it changes, a resend looks like a new mail."""

    recipients_file: Path = Path(__file__).parent / "recipients.toml"
    """Mailbox, language, channels and webhook of every agency. The one that ships holds examples."""

    webhook_timeout_seconds: float = Field(default=15.0, ge=0.1, le=60.0)
    """How long a webhook's receiver may take, name and connection included, before the attempt counts as failed."""

    webhook_give_up_seconds: float = Field(default=259_200.0, ge=1.0, le=2_592_000.0)
    """How long a webhook is tried before it is recorded as failed and its endpoint is left alone; three days."""

    webhook_private_addresses: bool = False
    """Whether a webhook may go to this machine, a private network or without TLS. On a network with anything else on
    it, whoever writes the file of recipients could make this service call it."""

    reminder_poll_interval_seconds: float = Field(default=1.0, ge=0.05, le=3_600.0)
    """How often reminders that are due are looked for."""

    reminder_patience_seconds: float = Field(default=900.0, ge=0.0, le=86_400.0)
    """How long reminders wait for events that are known to be on their way: the one that makes a reminder needless may
    be among them. Longer than a restart takes to catch up; then they are fired all the same. So long waits, too, what a
    municipality is told: the transfer that says whose case it is may be among them."""

    telling_poll_interval_seconds: float = Field(default=0.1, ge=0.02, le=60.0)
    """How often it is looked for what a municipality is to be told: at most so late is it queued."""

    stream_poll_interval_seconds: float = Field(default=0.5, ge=0.05, le=60.0)
    """How often a page's stream looks for something new: at most so late is it there."""

    stream_heartbeat_seconds: float = Field(default=15.0, ge=0.1, le=300.0)
    """How long a stream may be silent before it says that it is alive. Longer than a proxy's patience, and it cuts."""

    streams_at_most: int = Field(default=200, ge=1, le=10_000)
    """Pages that may listen at once; one more is answered 503. Each costs a query now and then, and a socket."""

    delivery_claim_seconds: float = Field(default=300.0, ge=2.0, le=3_600.0)
    """How long a replica may be at what it has taken. After a crash it lies so long; below twice the time that one
    message may take, another replica sends it too."""

    delivery_poll_interval_seconds: float = Field(default=0.5, ge=0.05, le=60.0)
    """How often queued notifications are looked for: at most so late is a mail that waits for nothing else."""

    delivery_backoff_first_seconds: float = Field(default=2.0, ge=0.1, le=600.0)
    """Pause after a mail server's first temporary refusal or silence; doubled each time."""

    delivery_backoff_cap_seconds: float = Field(default=900.0, ge=1.0, le=86_400.0)
    """Longest such pause: how late mail flows again after an outage."""

    def model_post_init(self, context: Any) -> None:
        """Refuse pairs that contradict each other."""
        super().model_post_init(context)
        if (self.smtp_username is None) != (self.smtp_password is None):
            raise SettingsInvalid(f"{variable('smtp_username')} and {variable('smtp_password')} belong together")
        if self.smtp_username is not None and self.smtp_security == "none":
            raise SettingsInvalid(f"{variable('smtp_password')} needs {variable('smtp_security')} starttls or tls")
        for timeout in ("smtp_timeout_seconds", "webhook_timeout_seconds"):
            if 2 * getattr(self, timeout) > self.delivery_claim_seconds:
                raise SettingsInvalid(f"{variable('delivery_claim_seconds')} must be twice {variable(timeout)} or more")
        if self.delivery_backoff_first_seconds > self.delivery_backoff_cap_seconds:
            names = variable("delivery_backoff_first_seconds"), variable("delivery_backoff_cap_seconds")
            raise SettingsInvalid(f"{names[0]} must not be above {names[1]}")
