"""The envelope: CloudEvents 1.0 attributes around a payload.

`from_attributes(to_attributes(envelope))` is the same envelope. Reading is lenient where CloudEvents is (unknown
attributes are kept in `extensions` and passed on) and strict where order and ownership depend on it (id, source, type,
subject, streamversion, logindex). What each attribute means stands in attributes.py; headers.py carries them in Kafka.

Source: CloudEvents 1.0.2.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple, cast
from uuid import UUID

from pydantic import TypeAdapter

from samverkan.schemas.unreadable import Unreadable

REQUIRES_MAX: Final = 8
VERSION_MAX: Final = 2_147_483_647  # CloudEvents 1.0.2, type Integer; stores keep it as one of 32 bits
_LOG_INDEX_MAX: Final = 10**18 - 1  # a text of digits, for a log outgrows 32 bits


class EnvelopeInvalid(Unreadable):
    """A record is not one of our events. `code` is stable; the message names attributes, never their content."""

    def __init__(self, code: str, attribute: str) -> None:
        super().__init__(f"{code}: {attribute}")
        self.code = code
        self.attribute = attribute


class Requirement(NamedTuple):
    """What a consumer must have applied before: version `version` of a stream on another topic."""

    topic: str
    stream_id: UUID
    version: int

    def __str__(self) -> str:
        return f"{self.topic}/{self.stream_id}@{self.version}"

    @classmethod
    def parse(cls, text: str) -> "Requirement":
        """Read `topic/stream@version`; EnvelopeInvalid for anything else."""
        match = _REQUIREMENT.fullmatch(text)
        if match is None or int(match[3]) > VERSION_MAX:
            raise EnvelopeInvalid("envelope-attribute-invalid", "requires")
        return cls(match[1], _uuid(match[2], "requires"), int(match[3]))


class Envelope(NamedTuple):
    """The attributes of one event. Instants are UTC with microseconds; absent optional attributes are None.

    A named tuple, because one is made for every event: 0.3 µs, where a frozen dataclass of as many fields takes 2.

    `time` is when it took effect in the world, `recorded_at` when we learnt it. `log_index` is None until the relay
    has numbered the event: a consumer never sees None.
    """

    id: UUID
    source: str
    type: str
    stream_id: UUID
    version: int
    time: datetime
    recorded_at: datetime
    correlation_id: UUID
    log_index: int | None = None
    causation_id: UUID | None = None
    command_id: UUID | None = None
    requires: tuple[Requirement, ...] = ()
    actor: str | None = None
    agency: str | None = None
    legal_basis: str | None = None
    dataschema: str | None = None
    traceparent: str | None = None
    extensions: tuple[tuple[str, str], ...] = ()


_REQUIREMENT = re.compile(r"([a-z0-9._-]+)/([0-9a-f-]{36})@([1-9][0-9]{0,9})")
_RFC3339 = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})")
# One spelling only: readers in other languages compare text, and the key is this text.
_CANONICAL_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# 0.2 µs, UUID(text) takes 1.3, and a record has five (2026-11). ValidationError, a ValueError: the text is none.
read_uuid: Final = cast("Callable[[str], UUID]", TypeAdapter(UUID).validator.validate_strings)
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # CloudEvents 1.0.2, type String
_OPTIONAL_TEXT: Final = {
    "actor": "actor",
    "agency": "agency",
    "legalbasis": "legal_basis",
    "dataschema": "dataschema",
    "traceparent": "traceparent",
}
KNOWN: Final = frozenset(
    {
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "recordedtime",
        "streamversion",
        "logindex",
        "correlationid",
        "causationid",
        "commandid",
        "requires",
        *_OPTIONAL_TEXT,
    }
)


def format_instant(instant: datetime) -> str:
    """RFC 3339 in UTC with microseconds and `Z`, always the same length, so that text order is time order.

    ValueError: without a time zone it is no instant.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def to_attributes(envelope: Envelope) -> dict[str, str]:
    """The CloudEvents attributes by name, without the `ce_` prefix; absent ones are left out.

    EnvelopeInvalid `envelope-attribute-invalid`: a reader would refuse it (a control character, too many `requires`),
    or an extension takes the name of one of our attributes. Nothing of the kind may reach the journal.
    """
    attributes = {
        "specversion": "1.0",
        "id": str(envelope.id),
        "source": envelope.source,
        "type": envelope.type,
        "subject": str(envelope.stream_id),
        "time": format_instant(envelope.time),
        "recordedtime": format_instant(envelope.recorded_at),
        "streamversion": str(envelope.version),
        "correlationid": str(envelope.correlation_id),
    }
    if envelope.log_index is not None:
        attributes["logindex"] = str(envelope.log_index)
    if envelope.causation_id is not None:
        attributes["causationid"] = str(envelope.causation_id)
    if envelope.command_id is not None:
        attributes["commandid"] = str(envelope.command_id)
    if envelope.requires:
        attributes["requires"] = " ".join(str(requirement) for requirement in envelope.requires)
    for name, attribute in _OPTIONAL_TEXT.items():
        text = getattr(envelope, attribute)
        if text is not None:
            attributes[name] = text
    for name, text in envelope.extensions:
        if name in KNOWN:
            raise EnvelopeInvalid("envelope-attribute-invalid", name)
        attributes[name] = text
    _refuse_control_characters(attributes)
    if len(envelope.requires) > REQUIRES_MAX:
        raise EnvelopeInvalid("envelope-attribute-invalid", "requires")
    return attributes


def from_attributes(attributes: Mapping[str, str]) -> Envelope:
    """Read the envelope from attributes by name.

    EnvelopeInvalid: it is not one of our events; the code says in what way (`envelope-attribute-missing`,
    `envelope-attribute-invalid`; from headers also `envelope-attribute-doubled`, `envelope-not-text`).
    """
    _refuse_control_characters(attributes)
    if _text(attributes, "specversion") != "1.0":
        raise EnvelopeInvalid("envelope-attribute-invalid", "specversion")
    log_index = attributes.get("logindex")
    causation, command = attributes.get("causationid"), attributes.get("commandid")
    requires = tuple(Requirement.parse(entry) for entry in attributes.get("requires", "").split())
    if len(requires) > REQUIRES_MAX:
        raise EnvelopeInvalid("envelope-attribute-invalid", "requires")
    return Envelope(
        id=_uuid(_text(attributes, "id"), "id"),
        source=_text(attributes, "source"),
        type=_text(attributes, "type"),
        stream_id=_uuid(_text(attributes, "subject"), "subject"),
        version=_count(_text(attributes, "streamversion"), "streamversion", at_least=1, at_most=VERSION_MAX),
        time=_instant(_text(attributes, "time"), "time"),
        recorded_at=_instant(_text(attributes, "recordedtime"), "recordedtime"),
        correlation_id=_uuid(_text(attributes, "correlationid"), "correlationid"),
        log_index=None if log_index is None else _count(log_index, "logindex", at_least=0, at_most=_LOG_INDEX_MAX),
        causation_id=None if causation is None else _uuid(causation, "causationid"),
        command_id=None if command is None else _uuid(command, "commandid"),
        requires=requires,
        actor=attributes.get("actor"),
        agency=attributes.get("agency"),
        legal_basis=attributes.get("legalbasis"),
        dataschema=attributes.get("dataschema"),
        traceparent=attributes.get("traceparent"),
        extensions=() if attributes.keys() <= KNOWN else _extensions(attributes),
    )


def _extensions(attributes: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, text) for name, text in attributes.items() if name not in KNOWN))


def _refuse_control_characters(attributes: Mapping[str, str]) -> None:
    for name, text in attributes.items():
        if _NOT_TEXT.search(text):
            raise EnvelopeInvalid("envelope-attribute-invalid", shown(name))


def _text(attributes: Mapping[str, str], name: str) -> str:
    text = attributes.get(name)
    if not text:
        raise EnvelopeInvalid("envelope-attribute-missing", name)
    return text


def shown(name: str) -> str:
    """The name of an attribute as an error may repeat it."""
    return name if name in KNOWN else "extension"  # the name of a foreign attribute is input, too


def _uuid(text: str, name: str) -> UUID:
    if _CANONICAL_UUID.fullmatch(text) is None:
        raise EnvelopeInvalid("envelope-attribute-invalid", name)
    return read_uuid(text)


def _count(text: str, name: str, *, at_least: int, at_most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18) or not at_least <= int(text) <= at_most:
        raise EnvelopeInvalid("envelope-attribute-invalid", name)
    return int(text)


def _instant(text: str, name: str) -> datetime:
    if _RFC3339.fullmatch(text) is None:
        raise EnvelopeInvalid("envelope-attribute-invalid", name)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):  # no such day; or before year 1 or after 9999 once in UTC
        raise EnvelopeInvalid("envelope-attribute-invalid", name) from None
