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
    """Mailbox and language of every agency. The one that ships holds examples."""

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
        if self.delivery_backoff_first_seconds > self.delivery_backoff_cap_seconds:
            names = variable("delivery_backoff_first_seconds"), variable("delivery_backoff_cap_seconds")
            raise SettingsInvalid(f"{names[0]} must not be above {names[1]}")
