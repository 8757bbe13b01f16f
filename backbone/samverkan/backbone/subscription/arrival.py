"""A Kafka record as an event that arrived here, or as a record that is none of ours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

from samverkan.schemas.catalogue import Topic
from samverkan.schemas.envelope import (
    Envelope,
    EnvelopeInvalid,
    attributes_of,
    from_attributes,
    leaf_hash,
)

VALUE_BYTES_MAX: Final = 1_048_576  # of a payload; our writers refuse above 900 000 (journal.RECORD_BYTES_MAX)


class Record(Protocol):
    """A Kafka record as the client delivers it (aiokafka's ConsumerRecord)."""

    topic: str
    partition: int
    offset: int
    key: Any
    value: Any
    headers: Any


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as it came: its place in Kafka, its envelope, its bytes. `attributes` are those that it came with."""

    topic: str
    partition: int
    offset: int
    envelope: Envelope
    log_index: int
    leaf: bytes
    attributes: Mapping[str, str]
    value: bytes

    @property
    def stream_id(self) -> UUID:
        """The stream that it belongs to."""
        return self.envelope.stream_id

    @property
    def version(self) -> int:
        """Its version of the stream."""
        return self.envelope.version


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that belongs to no stream. `code` is stable; `detail` names attributes, never their content."""

    topic: str
    partition: int
    offset: int
    code: str
    detail: str = ""


def read_record(record: Record, topic: Topic) -> Arrival | Rejected:
    """Read a record; never raises, whatever it holds.

    A record whose envelope cannot be read, whose key is not its subject, or whose source does not own the topic is
    rejected: it is no part of any stream, so it can hold none. Were it the real next event of a stream after all,
    the stream shows a hole there, waits and alarms (S3).
    """
    place = (record.topic, record.partition, record.offset)
    headers = _textual(record.headers)
    if headers is None:
        return Rejected(*place, "envelope-not-text", "header")
    try:
        attributes = attributes_of(headers)
        envelope = from_attributes(attributes)
    except EnvelopeInvalid as invalid:
        return Rejected(*place, invalid.code, invalid.attribute)
    if envelope.source != topic.source:
        return Rejected(*place, "source-not-owner", "source")
    if envelope.log_index is None:
        return Rejected(*place, "envelope-attribute-missing", "logindex")
    if record.key != str(envelope.stream_id).encode():
        return Rejected(*place, "key-not-subject", "key")
    value = record.value
    if not value:
        return Rejected(*place, "value-missing", "value")
    leaf = leaf_hash(record.topic, record.key, headers, value)
    return Arrival(*place, envelope, envelope.log_index, leaf, attributes, value)


def held_arrival(row: Any) -> Arrival:
    """An event that waited in `held_event` or was kept in `kept_event`."""
    return Arrival(
        row["topic"],
        row["partition"],
        row["kafka_offset"],
        from_attributes(row["attributes"]),
        row["log_index"],
        row["leaf"],
        row["attributes"],
        row["value"],
    )


def _textual(headers: Iterable[tuple[Any, Any]]) -> list[tuple[str, bytes]] | None:
    """The headers, or None if a name is no text or NUL stands anywhere: PostgreSQL's json cannot hold it, and no
    attribute of ours has it."""
    read = [(name, value or b"") for name, value in headers]
    try:
        names = "".join([name for name, _ in read])
    except TypeError:
        return None
    return None if "\x00" in names or b"\x00" in b"".join([value for _, value in read]) else read
