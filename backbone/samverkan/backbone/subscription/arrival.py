"""A Kafka record as an event that arrived here, or as a record that is none of ours."""

from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from samverkan.schemas.catalogue import Topic
from samverkan.schemas.entry import entry_of_texts, leaf_of, read_entry
from samverkan.schemas.envelope import Envelope, EnvelopeInvalid
from samverkan.schemas.headers import from_headers, layout, split

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
    """An event as it came: its place in Kafka, its envelope, its bytes. `entry` is the whole record as its leaf hashes
    it; a named tuple, because one is made for every record."""

    topic: str
    partition: int
    offset: int
    envelope: Envelope
    log_index: int
    leaf: bytes
    entry: bytes
    value: bytes

    @property
    def stream_id(self) -> UUID:
        """The stream that it belongs to."""
        return self.envelope.stream_id

    @property
    def version(self) -> int:
        """Its version of the stream."""
        return self.envelope.version


class Rejected(NamedTuple):
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
    try:
        names, values = split(record.headers)
        shape = layout(names)
        texts = shape.texts(values)
        envelope = shape.envelope(texts)
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
    return Arrival(*place, envelope, envelope.log_index, leaf_of(entry), entry, value)


def held_arrival(row: Any) -> Arrival:
    """An event that waited in `held_event` or was kept in `kept_event`."""
    _, _, headers, value = read_entry(row["entry"])
    return Arrival(
        row["topic"],
        row["partition"],
        row["kafka_offset"],
        from_headers(headers),
        row["log_index"],
        row["leaf"],
        row["entry"],
        value,
    )
