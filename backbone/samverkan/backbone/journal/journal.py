"""A service's append-only table of its events in one total order; it is also the outbox (J1, J2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

import asyncpg
from aiokafka.partitioner import murmur2

from samverkan.backbone.clock import start_of_day
from samverkan.backbone.command import Context
from samverkan.backbone.database import Connection, sql
from samverkan.backbone.errors import Refused, Transient
from samverkan.backbone.recorded import Recorded
from samverkan.schemas.catalogue import Topic
from samverkan.schemas.codec import decode, encode
from samverkan.schemas.envelope import Envelope, Requirement, from_attributes, to_attributes
from samverkan.schemas.event import Event

# Below Kafka's default max.message.bytes (1 048 588) with room for the batch header, the log index and the relay's
# own max_batch_size: a record that Kafka would refuse must be refused here, or it would stall the log (R3).
RECORD_BYTES_MAX: Final = 900_000
_RECORD_OVERHEAD_BYTES: Final = 200  # batch header 61, record framing 21, varints of about 20 headers, logindex


@dataclass(frozen=True, slots=True)
class StreamHead:
    """One own stream as its locked head row says. `version` 0: no event yet."""

    stream_id: UUID
    version: int
    partition: int
    correlation_id: UUID | None


@dataclass(frozen=True, slots=True)
class Write:
    """Events that a decision on `head` led to, and the circumstances of the command."""

    head: StreamHead
    events: Sequence[Event]
    context: Context


@dataclass(frozen=True, slots=True)
class Prepared:
    """Events ready to be written: as folds see them, as rows, and the heads they lead to."""

    recorded: list[Recorded]
    rows: list[tuple[UUID, int, int, UUID, dict[str, str], bytes]]
    heads: dict[UUID, tuple[int, UUID]]


class Journal:
    """The journal of the service that owns `topic`. Every method runs in the caller's transaction."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic

    async def lock_heads(self, connection: Connection, streams: Iterable[UUID]) -> dict[UUID, StreamHead]:
        """Lock the heads, ascending, creating missing ones as version 0; held until the transaction ends.

        Transient: Kafka has not told the topic's partition count yet; the service is not ready.
        """
        ids = sorted(set(streams))
        if not ids:
            return {}
        # One stream is tried first: it nearly always exists. Several are not, because locks taken before a missing
        # head is inserted are out of order: 40P01 within seconds among 16 appenders on 12 streams.
        heads = await connection.fetch(sql(__package__, "lock_heads.sql"), ids) if len(ids) == 1 else []
        if len(heads) < len(ids):
            hashes = [murmur2(str(stream_id).encode()) & 0x7FFFFFFF for stream_id in ids]
            await connection.execute(sql(__package__, "insert_heads.sql"), ids, hashes, self.topic.name)
            heads = await connection.fetch(sql(__package__, "lock_heads.sql"), ids)
        if len(heads) < len(ids):
            raise Transient("topic-unknown", f"the partition count of {self.topic.name} is not known yet")
        return {head["stream_id"]: StreamHead(*head) for head in heads}

    async def read_rows(self, connection: Connection, after: Mapping[UUID, int]) -> dict[UUID, list[asyncpg.Record]]:
        """The events of these streams after the versions given, in version order, as they stand in the journal;
        every stream has an entry."""
        streams: dict[UUID, list[asyncpg.Record]] = {stream_id: [] for stream_id in after}
        for row in await connection.fetch(
            sql(__package__, "read_streams.sql"), list(after.keys()), list(after.values())
        ):
            streams[row["stream_id"]].append(row)
        return streams

    @staticmethod
    def recorded(row: asyncpg.Record) -> Recorded:
        """The event of a row. Unreadable: a newer release wrote it; this one must not decide on its stream."""
        envelope = from_attributes(row["attributes"])
        return Recorded(row["topic"], envelope, decode(envelope.type, row["value"]).event)

    async def known_events(self, connection: Connection, ids: Iterable[UUID]) -> frozenset[UUID]:
        """Which of these event ids stand in the journal."""
        rows = await connection.fetch("select event_id from journal where event_id = any($1::uuid[])", list(ids))
        return frozenset(row["event_id"] for row in rows)

    async def carried_out(self, connection: Connection, stream_id: UUID, command_id: UUID) -> list[Recorded]:
        """The events that this command has led to on this stream, in order; empty when it was not carried out."""
        first = await connection.fetchval(
            sql(__package__, "find_event.sql"), event_id(command_id, stream_id, 1), stream_id
        )
        if first is None:
            return []
        later = (await self.read_rows(connection, {stream_id: first - 1}))[stream_id]
        return [each for each in map(self.recorded, later) if each.envelope.command_id == command_id]

    def prepare(self, writes: Sequence[Write]) -> Prepared:
        """The events with their envelopes, in the order given, not yet written. Pure.

        Several writes to one stream continue each other's versions. Refused `event-too-large`: Kafka would not take
        the record.
        """
        prepared = Prepared([], [], {})
        for write in writes:
            head = write.head
            version = prepared.heads[head.stream_id][0] if head.stream_id in prepared.heads else head.version
            correlation_id = head.correlation_id or write.context.correlation_id or head.stream_id
            for number, event in enumerate(write.events, 1):
                envelope = self._envelope(write, event, version + number, number, correlation_id)
                attributes, value = to_attributes(envelope), encode(event)
                _refuse_too_large(attributes, value)
                prepared.recorded.append(Recorded(self.topic.name, envelope, event))
                prepared.rows.append((head.stream_id, envelope.version, head.partition, envelope.id, attributes, value))
            if write.events:
                prepared.heads[head.stream_id] = (version + len(write.events), correlation_id)
        return prepared

    async def append(self, connection: Connection, prepared: Prepared) -> None:
        """Write prepared events after their heads, which the caller has locked, and move the heads.

        Positions ascend in the order prepared.
        """
        if not prepared.rows:
            return
        stream_ids, versions, partitions, event_ids, attributes, values = zip(*prepared.rows, strict=True)
        await connection.execute(
            sql(__package__, "append.sql"),
            stream_ids,
            versions,
            partitions,
            event_ids,
            attributes,
            self.topic.name,
            values,
        )
        await connection.execute(
            sql(__package__, "move_heads.sql"),
            list(prepared.heads),
            [version for version, _ in prepared.heads.values()],
            [correlation_id for _, correlation_id in prepared.heads.values()],
        )

    def _envelope(self, write: Write, event: Event, version: int, number: int, correlation_id: UUID) -> Envelope:
        context, stream_id = write.context, write.head.stream_id
        day = event.effective_on()
        return Envelope(
            id=event_id(context.command_id, stream_id, number),
            source=self.topic.source,
            type=event.wire_type(),
            stream_id=stream_id,
            version=version,
            time=context.now if day is None else start_of_day(day),
            recorded_at=context.now,
            correlation_id=correlation_id,
            causation_id=context.causation_id,
            command_id=context.command_id,
            requires=context.requires,
            actor=context.actor,
            agency=context.agency,
            legal_basis=event.legal_basis,
            dataschema=event.dataschema(),
            traceparent=context.traceparent,
        )


def requires_of(causes: Iterable[Recorded], own_topic: str) -> tuple[Requirement, ...]:
    """What an event caused by `causes` requires: them, and what they required, on other topics than its own.

    Of one stream only the highest version is kept: it implies the lower ones.
    """
    highest: dict[tuple[str, UUID], int] = {}
    for cause in causes:
        envelope = cause.envelope
        for requirement in (Requirement(cause.topic, envelope.stream_id, envelope.version), *envelope.requires):
            place = (requirement.topic, requirement.stream_id)
            highest[place] = max(requirement.version, highest.get(place, 0))
    return tuple(
        Requirement(topic, stream_id, version)
        for (topic, stream_id), version in sorted(highest.items())
        if topic != own_topic
    )


def event_id(command_id: UUID, stream_id: UUID, number: int) -> UUID:
    """Derived, so that a command carried out twice meets the unique constraint instead of doubling its events."""
    return uuid5(command_id, f"{stream_id}/{number}")


def _refuse_too_large(attributes: Mapping[str, str], value: bytes) -> None:
    headers = sum(len(name) + len(text.encode()) + 8 for name, text in attributes.items())
    size = _RECORD_OVERHEAD_BYTES + len(value) + headers
    if size > RECORD_BYTES_MAX:
        raise Refused("event-too-large", size=str(size), limit=str(RECORD_BYTES_MAX))
