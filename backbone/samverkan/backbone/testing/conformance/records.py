"""Kafka records as a relay sends them, made by hand: what the suite feeds a store with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from aiokafka.partitioner import murmur2

from samverkan.schemas.catalogue import PARTICIPANT, PLACEMENT, Topic
from samverkan.schemas.codec import encode
from samverkan.schemas.entry import leaf_hash
from samverkan.schemas.envelope import Envelope, Requirement, to_attributes
from samverkan.schemas.event import Event
from samverkan.schemas.headers import to_headers
from samverkan.schemas.participant import ConsentGiven
from samverkan.schemas.placement import UnionConsulted, UnionOpinion

INSTANT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)

Headers = tuple[tuple[str, bytes | None], ...]


def topic_named(name: str, *, owner: str = "intake", partitions: int = 3) -> Topic:
    """A topic of the suite, owned as intake's or placement's is."""
    return replace(PARTICIPANT if owner == "intake" else PLACEMENT, name=name, partitions=partitions)


@dataclass(frozen=True)
class Raw:
    """A record that has no place in Kafka yet."""

    key: bytes | None
    value: bytes | None
    headers: Headers
    partition: int | None = None

    def partition_of(self, topic: Topic) -> int:
        """Where it goes: as told, or as the key says."""
        if self.partition is not None:
            return self.partition
        return int(murmur2(self.key or b"") & 0x7FFFFFFF) % topic.partitions

    def without(self, name: str) -> "Raw":
        """The same without one header."""
        return replace(self, headers=tuple(header for header in self.headers if header[0] != f"ce_{name}"))

    def having(self, name: str, value: bytes | None) -> "Raw":
        """The same with one attribute set to these bytes."""
        kept = tuple(header for header in self.headers if header[0] != f"ce_{name}")
        return replace(self, headers=(*kept, (f"ce_{name}", value)))


@dataclass
class Placed:
    """A record at a place in Kafka, for tests of the applier that need no broker."""

    topic: str
    partition: int
    offset: int
    key: Any
    value: Any
    headers: Any

    @property
    def leaf(self) -> bytes:
        """Its leaf hash."""
        return leaf_hash(self.topic, self.key, self.headers, self.value)


def raw(
    topic: Topic,
    stream_id: UUID,
    version: int,
    log_index: int,
    *,
    purpose: str = "test",
    requires: Sequence[Requirement] = (),
    seed: str = "",
    event: Event | None = None,
    **changed: Any,
) -> Raw:
    """The record of one event; `seed` makes another event of the same place."""
    payload = event or _event(topic, purpose)
    envelope = Envelope(
        id=uuid5(stream_id, f"{version}{seed}"),
        source=topic.source,
        type=payload.wire_type(),
        stream_id=stream_id,
        version=version,
        time=INSTANT,
        recorded_at=INSTANT,
        correlation_id=stream_id,
        log_index=log_index,
        requires=tuple(requires),
        legal_basis=payload.legal_basis,
        dataschema=payload.dataschema(),
    )
    attributes = to_attributes(envelope._replace(**changed))
    return Raw(str(stream_id).encode(), encode(payload), to_headers(attributes))


def placed(topic: Topic, records: Iterable[Raw], *, start: int = 0, partition: int = 0) -> list[Placed]:
    """The records one after the other on one partition."""
    return [
        Placed(topic.name, partition, offset, record.key, record.value, record.headers)
        for offset, record in enumerate(records, start)
    ]


def streams(topic: Topic, ids: Sequence[UUID], versions: int) -> list[Raw]:
    """`versions` events of each stream, round robin, as one log."""
    order = [(stream_id, version) for version in range(1, versions + 1) for stream_id in ids]
    return [raw(topic, stream_id, version, log_index) for log_index, (stream_id, version) in enumerate(order)]


def _event(topic: Topic, purpose: str) -> Event:
    if topic.owner == "placement":
        return UnionConsulted(opinion=UnionOpinion.YES, consulted_on=DAY)
    return ConsentGiven(agency="af", purpose=purpose, compartments=(), given_on=DAY)
