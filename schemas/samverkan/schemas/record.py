"""Reads one Kafka record: the whole of what a subscriber must check before it may believe what the record says."""

from collections.abc import Iterable
from dataclasses import dataclass

from samverkan.schemas import codec
from samverkan.schemas.catalogue import TOPIC_BY_NAME
from samverkan.schemas.envelope import Envelope, EnvelopeInvalid, Requirement
from samverkan.schemas.event import Compartment, Event
from samverkan.schemas.headers import from_headers
from samverkan.schemas.unreadable import Unreadable
from samverkan.schemas.upcasters import Registry

__all__ = ["Record", "RecordRefused", "Unreadable", "read"]


class RecordRefused(Unreadable):
    """A record that no reader may act on, although envelope and payload may be well formed. `code` is stable.

    `topic-unknown`; `source-not-owner`: its source does not own the topic; `type-not-on-topic`: the event belongs to
    another one; `key-not-subject`: the key, which gives the order, is not the stream; `value-missing`: a tombstone,
    which event topics never hold.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was read. `unknown_fields`: a newer writer added some; keep the bytes, upgrade to use them."""

    topic: str
    envelope: Envelope
    event: Event
    unknown_fields: bool

    @property
    def place(self) -> Requirement:
        """`topic/stream@version`: another event id at the same place is a fork, an alarm and never a repeat."""
        return Requirement(self.topic, self.envelope.stream_id, self.envelope.version)

    @property
    def needs(self) -> tuple[Requirement, ...]:
        """Everything that must be applied before: what it requires on other topics, and its stream's version before."""
        version = self.envelope.version - 1
        before = (Requirement(self.topic, self.envelope.stream_id, version),) if version else ()
        return before + self.envelope.requires


def read(
    topic: str,
    key: bytes | None,
    headers: Iterable[tuple[str, bytes | None]],
    value: bytes | None,
    readable: frozenset[Compartment] = codec.ALL,
    registry: Registry = codec.REGISTRY,
) -> Record:
    """Read a record. Unreadable: RecordRefused, EnvelopeInvalid or Undecodable; trying again does not help."""
    known = TOPIC_BY_NAME.get(topic)
    if known is None:
        raise RecordRefused("topic-unknown")
    around = from_headers(headers)
    if around.source != known.source:
        raise RecordRefused("source-not-owner")
    if around.log_index is None:
        raise EnvelopeInvalid("envelope-attribute-missing", "logindex")  # only the journal holds unnumbered events
    if key != str(around.stream_id).encode():
        raise RecordRefused("key-not-subject")
    if not value:
        raise RecordRefused("value-missing")
    decoded = codec.decode(around.type, value, readable, registry)
    if type(decoded.event) not in known.events:
        raise RecordRefused("type-not-on-topic")
    return Record(topic, around, decoded.event, decoded.unknown_fields)
