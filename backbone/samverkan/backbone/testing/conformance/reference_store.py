"""A store that is right because it is simple: in memory, event by event, nothing clever. The model of the real one.

A batch is worked on in a copy that takes the place of the store when all went well: that is its transaction.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from uuid import UUID

import orjson

from samverkan.backbone.testing.conformance.records import Placed
from samverkan.backbone.testing.conformance.store import (
    CONSTRAINT,
    POISON,
    TOPICS,
    Place,
    Spot,
    StandsStill,
    State,
    TransientFailure,
)
from samverkan.schemas.envelope import Envelope, EnvelopeInvalid
from samverkan.schemas.headers import from_headers

SOURCES = {topic.name: topic.source for topic in TOPICS}
UNREADABLE = "unreadable"  # instead of a purpose: no JSON


@dataclass(frozen=True)
class Event:
    """One record that is an event."""

    spot: Spot
    envelope: Envelope
    leaf: bytes
    purpose: str

    @property
    def topic(self) -> str:
        """The topic that it came on."""
        return self.spot[0]

    @property
    def log_place(self) -> tuple[str, int | None]:
        """Where it stands in its source's log."""
        return self.envelope.source, self.envelope.log_index


@dataclass
class Content:
    """What is committed. `applied`: each applied event's leaf by stream and version; `logs`: by place in a log."""

    applied: dict[tuple[UUID, int], bytes] = field(default_factory=dict)
    logs: dict[tuple[str, int | None], bytes] = field(default_factory=dict)
    rows: dict[UUID, tuple[int, ...]] = field(default_factory=dict)
    heads: dict[UUID, int] = field(default_factory=dict)
    topics: dict[UUID, str] = field(default_factory=dict)
    queued: dict[UUID, dict[int, Event]] = field(default_factory=dict)
    parked: dict[UUID, int] = field(default_factory=dict)
    offsets: dict[Place, int] = field(default_factory=dict)
    forks: set[Spot] = field(default_factory=set)
    rejected: set[Spot] = field(default_factory=set)


@dataclass
class Shared:
    """What all members of one store share, and the release that they run."""

    content: Content = field(default_factory=Content)
    mended: bool = False


class ReferenceStore:
    """`Store`, without a database. `halts_above`: more streams than this may not park in one batch."""

    def __init__(self, *, halts_above: int = 1_000_000, shared: Shared | None = None) -> None:
        self._shared = shared or Shared()
        self._halts_above = halts_above

    async def apply(self, records: Sequence[Placed], at: Mapping[Place, int] | None = None) -> Mapping[Place, int]:
        """See `Store.apply`."""
        draft = deepcopy(self._shared.content)
        parked = len(draft.parked)
        rewind = _take(draft, records, at or {})
        _apply_what_can_be(draft, self._shared.mended)
        if len(draft.parked) - parked > self._halts_above:
            raise StandsStill
        self._shared.content = draft
        return rewind

    async def die_applying(self, records: Sequence[Placed]) -> None:
        """See `Store.die_applying`: the copy is thrown away."""

    async def fail_applying(self, records: Sequence[Placed]) -> None:  # noqa: ARG002 - nothing is begun
        """See `Store.fail_applying`."""
        raise TransientFailure

    async def retry(self, streams: Sequence[UUID]) -> None:
        """See `Store.retry`."""
        draft = deepcopy(self._shared.content)
        for stream in streams:
            draft.parked.pop(stream, None)
        _apply_what_can_be(draft, self._shared.mended)
        self._shared.content = draft

    async def state(self) -> State:
        """See `Store.state`."""
        now = deepcopy(self._shared.content)
        queued = {stream: tuple(sorted(queue)) for stream, queue in now.queued.items() if queue}
        held = {stream: _why(now, stream) for stream in now.parked.keys() | queued.keys()}
        return State(now.heads, now.rows, held, queued, now.offsets, frozenset(now.forks), frozenset(now.rejected))

    def member(self) -> "ReferenceStore":
        """See `Store.member`."""
        return ReferenceStore(halts_above=self._halts_above, shared=self._shared)

    def mend(self) -> None:
        """See `Store.mend`."""
        self._shared.mended = True

    async def backup(self) -> Content:
        """See `Store.backup`."""
        return deepcopy(self._shared.content)

    async def restore(self, backup: Content) -> None:
        """See `Store.restore`."""
        self._shared.content = deepcopy(backup)


def _take(now: Content, records: Sequence[Placed], at: Mapping[Place, int]) -> dict[Place, int]:
    """Queue the records that are new. Below the stored offset they are dropped; a batch that begins above it is not
    believed, unless Kafka was asked for that very offset (S1)."""
    rewind: dict[Place, int] = {}
    begun: set[Place] = set()
    for record in records:
        place = (record.topic, record.partition)
        expected = now.offsets.get(place, 0)
        if place in rewind or record.offset < expected:
            continue
        if record.offset > expected and place not in begun and at.get(place) != expected:
            rewind[place] = expected
            continue
        begun.add(place)
        now.offsets[place] = record.offset + 1
        event = _read(record)
        if event is None or now.topics.setdefault(event.envelope.stream_id, event.topic) != event.topic:
            now.rejected.add((*place, record.offset))
        else:
            _queue(now, event)
    return rewind


def _read(record: Placed) -> Event | None:
    """The event, or None for a record that belongs to no stream."""
    try:
        envelope = from_headers(record.headers)
    except EnvelopeInvalid:
        return None
    if envelope.source != SOURCES[record.topic] or record.key != str(envelope.stream_id).encode() or not record.value:
        return None
    try:
        purpose = orjson.loads(record.value).get("purpose", "")
    except orjson.JSONDecodeError:
        purpose = UNREADABLE
    return Event((record.topic, record.partition, record.offset), envelope, record.leaf, purpose)


def _queue(now: Content, event: Event) -> None:
    """A repeat is dropped, another event at a taken place is a fork (S3, W3)."""
    stream, version = event.envelope.stream_id, event.envelope.version
    queue = now.queued.setdefault(stream, {})
    known = now.applied.get((stream, version)) or (queue[version].leaf if version in queue else None)
    if known is None:
        queue[version] = event
    elif known != event.leaf:
        now.forks.add(event.spot)
        now.parked[stream] = version


def _apply_what_can_be(now: Content, mended: bool) -> None:
    """Stream by stream and event by event, until nothing moves any more (S3–S5)."""
    moved = True
    while moved:
        moved = False
        for stream, queue in now.queued.items():
            while stream not in now.parked and _is_ready(now, stream):
                moved = True
                version = now.heads.get(stream, 0) + 1
                _apply(now, stream, queue.pop(version), mended)


def _is_ready(now: Content, stream: UUID) -> bool:
    event = now.queued[stream].get(now.heads.get(stream, 0) + 1)
    return event is not None and all(
        needed.topic not in SOURCES or now.heads.get(needed.stream_id, 0) >= needed.version
        for needed in event.envelope.requires
    )


def _apply(now: Content, stream: UUID, event: Event, mended: bool) -> None:
    version = event.envelope.version
    if now.logs.get(event.log_place, event.leaf) != event.leaf:
        now.forks.add(event.spot)
        now.parked[stream] = version
    elif event.purpose == UNREADABLE or (event.purpose in (POISON, CONSTRAINT) and not mended):
        now.queued[stream][version] = event
        now.parked[stream] = version
    else:
        now.applied[stream, version] = now.logs[event.log_place] = event.leaf
        now.heads[stream] = version
        now.rows[stream] = (*now.rows.get(stream, ()), version)


def _why(now: Content, stream: UUID) -> tuple[str, int]:
    if stream in now.parked:
        return "parked", now.parked[stream]
    following = now.heads.get(stream, 0) + 1
    return ("requires" if following in now.queued[stream] else "hole"), following
