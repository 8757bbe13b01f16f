"""The store of a subscription: offsets, heads, kept and held events. Every function runs in the caller's transaction,
whose first statement was `lock.sql` (S0)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from samverkan.backbone.database import Connection, sql
from samverkan.backbone.subscription.admission import Hold
from samverkan.backbone.subscription.arrival import Arrival, Rejected, held_arrival

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class StoredHold:
    """A hold as it stands in the store."""

    hold: Hold
    topic: str
    since: datetime
    attempts: int
    retry_at: datetime | None


async def lock(connection: Connection, name: str) -> datetime | None:
    """Lock the subscription's row (S0), made at the first use; the instant at which it was halted, if it was."""
    row = await connection.fetchrow(sql(__package__, "lock.sql"), name)
    if row is None:
        await connection.execute("insert into subscription (name) values ($1) on conflict do nothing", name)
        row = await connection.fetchrow(sql(__package__, "lock.sql"), name)
    halted_at: datetime | None = row["halted_at"] if row else None
    return halted_at


async def read_offsets(connection: Connection) -> dict[Place, int]:
    """The next offset of every partition that the store has a position in (S1)."""
    rows = await connection.fetch(sql(__package__, "offsets.sql"))
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def move_offsets(connection: Connection, offsets: Mapping[Place, int]) -> None:
    """Store the next offset of these partitions (S1)."""
    if offsets:
        places = list(offsets)
        await connection.execute(
            sql(__package__, "move_offsets.sql"),
            [topic for topic, _ in places],
            [partition for _, partition in places],
            list(offsets.values()),
        )


async def read_heads(connection: Connection, streams: Iterable[UUID]) -> dict[UUID, int]:
    """The last applied version of these streams; streams without one are left out."""
    rows = await connection.fetch(sql(__package__, "heads.sql"), list(streams))
    return {row["stream_id"]: row["version"] for row in rows}


async def move_heads(connection: Connection, heads: Mapping[UUID, tuple[str, int]]) -> None:
    """Store topic and last applied version of these streams."""
    if heads:
        await connection.execute(
            sql(__package__, "move_heads.sql"),
            list(heads),
            [topic for topic, _ in heads.values()],
            [version for _, version in heads.values()],
        )


async def read_kept(connection: Connection, places: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], bytes]:
    """The leaf of the event that was applied at each of these (stream, version)."""
    rows = await connection.fetch(
        sql(__package__, "kept.sql"), [stream_id for stream_id, _ in places], [version for _, version in places]
    )
    return {(row["stream_id"], row["version"]): row["leaf"] for row in rows}


async def read_held(connection: Connection, streams: Iterable[UUID]) -> dict[UUID, dict[int, Arrival]]:
    """The held events of these streams, by version."""
    queues: dict[UUID, dict[int, Arrival]] = {}
    for row in await connection.fetch(sql(__package__, "held.sql"), list(streams)):
        queues.setdefault(row["stream_id"], {})[row["version"]] = held_arrival(row)
    return queues


async def read_holds(connection: Connection, streams: Iterable[UUID]) -> dict[UUID, StoredHold]:
    """Why these streams stand still; streams that do not are left out."""
    rows = await connection.fetch(sql(__package__, "holds.sql"), list(streams))
    return {
        row["stream_id"]: StoredHold(
            Hold(row["reason"], row["version"], row["code"], row["detail"]),
            row["topic"],
            row["since"],
            row["attempts"],
            row["retry_at"],
        )
        for row in rows
    }


async def read_waiters(connection: Connection, streams: Iterable[UUID]) -> set[UUID]:
    """Streams whose next event requires something of one of these."""
    rows = await connection.fetch(sql(__package__, "waiters.sql"), list(streams))
    return {row["stream_id"] for row in rows}


async def keep(connection: Connection, applied: Sequence[Arrival], unknown: set[UUID], now: datetime) -> None:
    """Keep the applied events as they came. A unique violation on `kept_event_log_index` is a fork (W3)."""
    if applied:
        await connection.copy_records_to_table(
            "kept_event",
            records=[
                (*_columns(event), now, event.envelope.id in unknown, event.attributes, event.value)
                for event in applied
            ],
            columns=(*_COLUMNS, "applied_at", "unknown_fields", "attributes", "value"),
        )


async def replace_held(
    connection: Connection,
    before: Iterable[UUID],
    queues: Mapping[UUID, Iterable[Arrival]],
    holds: Mapping[UUID, StoredHold],
) -> None:
    """Of the streams that were held `before`, and of those in `holds`, keep exactly these events and holds."""
    gone = list({*before, *holds})
    if not gone:
        return
    await connection.execute("delete from held_event where stream_id = any($1::uuid[])", gone)
    await connection.execute("delete from held_stream where stream_id = any($1::uuid[])", gone)
    if not holds:
        return
    await connection.copy_records_to_table(
        "held_event",
        records=[
            (*_columns(event), event.attributes, event.value) for stream_id in holds for event in queues[stream_id]
        ],
        columns=(*_COLUMNS, "attributes", "value"),
    )
    await connection.copy_records_to_table(
        "held_stream",
        records=[
            (
                stream_id,
                stored.topic,
                stored.hold.reason,
                stored.hold.version,
                stored.hold.code,
                stored.hold.detail,
                stored.since,
                stored.attempts,
                stored.retry_at,
            )
            for stream_id, stored in holds.items()
        ],
        columns=("stream_id", "topic", "reason", "version", "code", "detail", "since", "attempts", "retry_at"),
    )
    await connection.copy_records_to_table(
        "held_requirement",
        records=[
            (stream_id, requirement.topic, requirement.stream_id, requirement.version)
            for stream_id, stored in holds.items()
            for requirement in stored.hold.requires
        ],
        columns=("stream_id", "on_topic", "on_stream", "on_version"),
    )


async def reject(connection: Connection, rejected: Sequence[Rejected], now: datetime) -> None:
    """Note where the records stand that belong to no stream; Kafka keeps them."""
    for record in rejected:
        await connection.execute(
            "insert into rejected_record (topic, partition, kafka_offset, code, detail, rejected_at) "
            "values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            record.topic,
            record.partition,
            record.offset,
            record.code,
            record.detail,
            now,
        )


async def note_forks(connection: Connection, forks: Sequence[Arrival], now: datetime) -> None:
    """Note events that claim a taken place (W3)."""
    for event in forks:
        await connection.execute(
            "insert into fork (topic, partition, kafka_offset, stream_id, version, source, log_index, event_id, leaf, "
            "found_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing",
            event.topic,
            event.partition,
            event.offset,
            event.stream_id,
            event.version,
            event.envelope.source,
            event.log_index,
            event.envelope.id,
            event.leaf,
            now,
        )


_COLUMNS = (
    "stream_id",
    "version",
    "topic",
    "partition",
    "kafka_offset",
    "source",
    "log_index",
    "event_id",
    "leaf",
    "correlation_id",
    "recorded_at",
)


def _columns(event: Arrival) -> tuple[object, ...]:
    envelope = event.envelope
    return (
        envelope.stream_id,
        envelope.version,
        event.topic,
        event.partition,
        event.offset,
        envelope.source,
        event.log_index,
        envelope.id,
        event.leaf,
        envelope.correlation_id,
        envelope.recorded_at,
    )
