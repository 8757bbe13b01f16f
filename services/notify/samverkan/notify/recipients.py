"""Where each agency is told, and in which language."""

import tomllib
from collections.abc import Iterable, Mapping
from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, field_validator

from samverkan.backbone.settings import SettingsInvalid


class Recipient(BaseModel):
    """A function mailbox and its language."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    mailbox: str
    language: Literal["sv", "en"]

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


def read_recipients(file: Path, needed: Iterable[str]) -> Mapping[str, Recipient]:
    """The mailboxes by agency code. SettingsInvalid: the file cannot be used, or an agency has no mailbox."""
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
    return recipients
