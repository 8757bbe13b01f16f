"""Where each agency is told, in which language, and by which channels of what: its own choice, kept in a file."""

import base64
import binascii
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, field_validator, model_validator

from samverkan.backbone.settings import SettingsInvalid
from samverkan.notify.choices import MUST_ARRIVE, TEMPLATES, Choices
from samverkan.schemas.notification import Channel

_SECRET_BYTES: Final = range(24, 65)  # Standard Webhooks: between 24 and 64 random bytes
_PREFIX: Final = "whsec_"


@dataclass(frozen=True)
class WebhookTarget:
    """An agency's endpoint and the secrets that it may know, the newest first. Never shown: secrets are in it."""

    url: str
    secrets: tuple[str, ...]

    def __repr__(self) -> str:
        return "WebhookTarget(…)"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class WebhookAddress(_Model):
    """An endpoint. `secrets_file` stands beside the file of recipients: one secret a line, the newest first; two while
    they change."""

    url: str
    secrets_file: str

    @field_validator("url")
    @classmethod
    def _is_an_endpoint(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.fragment:
            raise ValueError("not an address that webhooks can be sent to")
        return url


class Recipient(_Model):
    """A function mailbox, its language, and what else the agency chose."""

    mailbox: str
    language: Literal["sv", "en"]
    channels: Mapping[str, tuple[Channel, ...]] = {}
    webhook: WebhookAddress | None = None
    target: WebhookTarget | None = None

    @field_validator("mailbox")
    @classmethod
    def _is_an_address(cls, mailbox: str) -> str:
        try:
            address = Address(addr_spec=mailbox)
        except (MessageError, ValueError, IndexError):
            raise ValueError("not a mail address") from None
        if not address.username or not address.domain:
            raise ValueError("not a mail address")
        return mailbox

    @field_validator("channels")
    @classmethod
    def _are_choices(cls, channels: Mapping[str, tuple[Channel, ...]]) -> Mapping[str, tuple[Channel, ...]]:
        for template, chosen in channels.items():
            if template not in TEMPLATES:
                raise ValueError("nobody is told in these words")
            if Channel.UNKNOWN in chosen or len(set(chosen)) < len(chosen):
                raise ValueError("not channels")
            if template in MUST_ARRIVE and not {Channel.MAIL, Channel.WEBHOOK} & set(chosen):
                raise ValueError("must go by mail or webhook: a page proves nothing")
        return channels

    @model_validator(mode="after")
    def _has_what_it_chose(self) -> "Recipient":
        if self.webhook is None and any(Channel.WEBHOOK in chosen for chosen in self.channels.values()):
            raise ValueError("chose webhooks and has no webhook")
        return self


def read_recipients(file: Path, needed: Iterable[str], *, plain_http: bool = False) -> Mapping[str, Recipient]:
    """What each agency chose, by its code. SettingsInvalid: the file cannot be used, or an agency has no mailbox.

    `plain_http`: an endpoint may be without TLS, on a machine or network of one's own.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        recipients = TypeAdapter(dict[str, Recipient]).validate_python(tables)
    except OSError as error:
        raise SettingsInvalid(f"the file of recipients cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"the file of recipients is not TOML: {error}") from None
    except ValidationError as error:
        wrong = sorted(".".join(map(str, detail["loc"])) for detail in error.errors(include_input=False))
        raise SettingsInvalid(f"the file of recipients is not valid at {', '.join(wrong)}") from None
    if missing := sorted(set(needed) - set(recipients)):
        raise SettingsInvalid(f"the file of recipients has no mailbox for {', '.join(missing)}")
    return {code: _with_target(code, known, file.parent, plain_http) for code, known in recipients.items()}


def choices_of(recipients: Mapping[str, Recipient]) -> Choices:
    """What they chose."""
    return Choices({code: recipient.channels for code, recipient in recipients.items()})


def _with_target(code: str, recipient: Recipient, folder: Path, plain_http: bool) -> Recipient:
    if recipient.webhook is None:
        return recipient
    if not plain_http and urlsplit(recipient.webhook.url).scheme != "https":
        raise SettingsInvalid(f"the webhook of {code} is not https")
    try:
        lines = (folder / recipient.webhook.secrets_file).read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        raise SettingsInvalid(f"the file of webhook secrets of {code} cannot be read") from None
    if not lines or not all(map(_is_secret, lines)):
        raise SettingsInvalid(
            f"the file of webhook secrets of {code} holds none, or one that is not {_PREFIX} and 24–64 bytes in base64"
        )
    return recipient.model_copy(update={"target": WebhookTarget(recipient.webhook.url, tuple(lines))})


def _is_secret(line: str) -> bool:
    try:
        return line.startswith(_PREFIX) and len(base64.b64decode(line[len(_PREFIX) :], validate=True)) in _SECRET_BYTES
    except binascii.Error:
        return False
