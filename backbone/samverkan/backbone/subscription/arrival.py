"""A Kafka record as an event that arrived here, or as a record that is none of ours."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as _UUID

from samverkan.backbone.subscription.readied import Failure, Readied
from samverkan.schemas.catalogue import Topic
from samverkan.schemas.entry import entry_of_texts, leaf_of, read_entry
from samverkan.schemas.envelope import Envelope, EnvelopeInvalid
from samverkan.schemas.headers import from_headers, layout, split

Ready = Callable[[str, Envelope, bytes], Readied | Failure]
"""Reads the payload of an event of this topic."""

VALUE_BYTES_MAX: Final = 1_048_576  # of a payload; our writers refuse above 900 000 (journal.RECORD_BYTES_MAX)


class Record(Protocol):
    """A Kafka record as the client delivers it (aiokafka's ConsumerRecord)."""

    topic: str
    partition: int
    offset: int
    key: Any
    value: Any
    headers: Any


class Arrival(NamedTuple):
    """An event as it came: its place in Kafka, its envelope, its bytes. A named tuple, because one is made for every
    record. `entry` is the whole record as its leaf hashes it; `readied` is what its payload led to, once it is read."""

    topic: str
    partition: int
    offset: int
    stream_id: UUID
    version: int
    log_index: int
    envelope: Envelope
    leaf: bytes
    entry: bytes
    value: bytes
    readied: Readied | Failure | None = None

    @property
    def unknown_fields(self) -> bool:
        """Whether a newer writer added fields that this reader ignored."""
        return isinstance(self.readied, Readied) and self.readied.unknown_fields


class Rejected(NamedTuple):
    """A record that belongs to no stream. `code` is stable; `detail` names attributes, never their content."""

    topic: str
    partition: int
    offset: int
    code: str
    detail: str = ""


def read_record(record: Record, topic: Topic, ready: Ready | None = None) -> Arrival | Rejected:
    """Read a record; never raises, whatever it holds. `ready` reads the payload, too.

    A record whose envelope cannot be read, whose key is not its subject, or whose source does not own the topic is
    rejected: it is no part of any stream, so it can hold none. Were it the real next event of a stream after all,
    the stream shows a hole there, waits and alarms (S3).
    """
    place = (record.topic, record.partition, record.offset)
    try:
        names, values = split(record.headers)
        shape = layout(names)
        texts = shape.texts(values)
        envelope = shape.envelope(texts, _UUID)
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
    entry = entry_of_texts(record.topic, record.key, shape, texts, value)
    stream_id, version, log_index = envelope.stream_id, envelope.version, envelope.log_index
    readied = None if ready is None else ready(record.topic, envelope, value)
    # As Arrival(…), a function of eleven parameters.
    return tuple.__new__(
        Arrival, (*place, stream_id, version, log_index, envelope, leaf_of(entry), entry, value, readied)
    )


def held_arrival(row: Any, ready: Ready | None = None) -> Arrival:
    """An event that waited in `held_event` or was kept in `kept_event`. `ready` reads the payload, too."""
    topic, _, headers, value = read_entry(row["entry"])
    envelope = from_headers(headers)
    stream_id, version, readied = (
        envelope.stream_id,
        envelope.version,
        None if ready is None else ready(topic, envelope, value),
    )
    place = (topic, row["partition"], row["kafka_offset"])
    return Arrival(*place, stream_id, version, row["log_index"], envelope, row["leaf"], row["entry"], value, readied)
