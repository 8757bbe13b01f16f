"""The store of a subscription: offsets, heads, kept and held events. Every function runs in the caller's transaction,
whose first statement was `lock.sql` (S0)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from samverkan.backbone.database import Connection, sql
from samverkan.backbone.subscription.admission import Hold
from samverkan.backbone.subscription.arrival import Arrival, Ready, Rejected, held_arrival

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class StoredHold:
    """A hold as it stands in the store."""

    hold: Hold
    topic: str
    since: datetime
    attempts: int
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class Head:
    """The last applied version of a foreign stream, and the topic that it came on."""

    topic: str
    version: int


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


async def move_offsets(connection: Connection, offsets: Mapping[Place, int], topic_ids: Mapping[str, UUID]) -> None:
    """Store the next offset of these partitions (S1), with their topics' ids the first time."""
    if offsets:
        places = list(offsets)
        await connection.execute(
            sql(__package__, "move_offsets.sql"),
            [topic for topic, _ in places],
            [partition for _, partition in places],
            list(offsets.values()),
            [topic_ids.get(topic) for topic, _ in places],
        )


async def read_topic_ids(connection: Connection) -> dict[str, UUID]:
    """The id of each topic that the stored offsets belong to, where it is known."""
    rows = await connection.fetch("select topic, topic_id from subscription_offset where topic_id is not null")
    return {row["topic"]: row["topic_id"] for row in rows}


async def note_topic_ids(connection: Connection, ids: Mapping[str, UUID]) -> None:
    """Keep the ids of topics whose offsets were stored while no broker told them; a known one never changes here."""
    await connection.execute(
        "update subscription_offset as o set topic_id = w.topic_id "
        "from unnest($1::text[], $2::uuid[]) as w (topic, topic_id) where o.topic = w.topic and o.topic_id is null",
        list(ids.keys()),
        list(ids.values()),
    )


async def read_heads(connection: Connection, streams: Iterable[UUID]) -> dict[UUID, Head]:
    """The last applied version of these streams; streams without one are left out."""
    rows = await connection.fetch(sql(__package__, "heads.sql"), list(streams))
    return {row["stream_id"]: Head(row["topic"], row["version"]) for row in rows}


async def move_heads(connection: Connection, applied: Sequence[Arrival], heads: Mapping[UUID, int]) -> None:
    """Store topic, case and last applied version of the streams of these events."""
    last = {event.stream_id: event for event in applied}
    if last:
        await connection.execute(
            sql(__package__, "move_heads.sql"),
            list(last),
            [event.topic for event in last.values()],
            [heads[stream_id] for stream_id in last],
            [event.envelope.correlation_id for event in last.values()],
        )


async def read_leaves(
    connection: Connection, statement: str, events: Sequence[Arrival]
) -> dict[tuple[UUID, int], bytes]:
    """The leaf of what was applied (`kept.sql`) or waits (`held_leaves.sql`) at the places of these events."""
    if not events:
        return {}
    rows = await connection.fetch(
        sql(__package__, statement), [event.stream_id for event in events], [event.version for event in events]
    )
    return {(row["stream_id"], row["version"]): row["leaf"] for row in rows}


async def read_held(
    connection: Connection, streams: Iterable[UUID], ready: Ready | None = None
) -> dict[UUID, dict[int, Arrival]]:
    """The held events of these streams, by version; `ready` reads their payloads, too."""
    queues: dict[UUID, dict[int, Arrival]] = {}
    for row in await connection.fetch(sql(__package__, "held.sql"), list(streams)):
        queues.setdefault(row["stream_id"], {})[row["version"]] = held_arrival(row, ready)
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


async def keep(connection: Connection, applied: Sequence[Arrival], now: datetime) -> None:
    """Keep the applied events as they came. A unique violation on `kept_event_log_index` is a fork (W3)."""
    if applied:
        await connection.copy_records_to_table(
            "kept_event",
            records=[(*_columns(event), now, event.unknown_fields) for event in applied],
            columns=(*_COLUMNS, "applied_at", "unknown_fields"),
        )


async def release(connection: Connection, places: Iterable[tuple[UUID, int]]) -> None:
    """Take events out of the queues of held streams: they are applied, or noted as forks."""
    gone = sorted(places)
    if gone:
        await connection.execute(
            sql(__package__, "release.sql"), [stream_id for stream_id, _ in gone], [version for _, version in gone]
        )


async def hold(connection: Connection, events: Sequence[Arrival]) -> None:
    """Add events to the queues of held streams."""
    if events:
        await connection.copy_records_to_table(
            "held_event",
            records=[_columns(event) for event in events],
            columns=_COLUMNS,
        )


async def replace_holds(
    connection: Connection, before: Mapping[UUID, StoredHold], after: Mapping[UUID, StoredHold]
) -> None:
    """Of the streams that were held `before`, and of those in `after`, keep exactly the holds of `after`.

    A hold that has not changed is not written again: waiting streams are looked at whenever something near them moves.
    """
    changed = {stream_id: stored for stream_id, stored in after.items() if not _same(stored, before.get(stream_id))}
    gone = sorted((before.keys() - after.keys()) | changed.keys())
    if not gone:
        return
    await connection.execute("delete from held_stream where stream_id = any($1::uuid[])", gone)
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
            for stream_id, stored in changed.items()
        ],
        columns=("stream_id", "topic", "reason", "version", "code", "detail", "since", "attempts", "retry_at"),
    )
    await connection.copy_records_to_table(
        "held_requirement",
        records=[
            (stream_id, topic, on_stream, on_version)
            for stream_id, stored in changed.items()
            # One writer may name the same version twice, or on two topics; waking needs it once.
            for (on_stream, on_version), topic in {
                (requirement.stream_id, requirement.version): requirement.topic for requirement in stored.hold.requires
            }.items()
        ],
        columns=("stream_id", "on_topic", "on_stream", "on_version"),
    )


def _same(after: StoredHold, before: StoredHold | None) -> bool:
    """What is required is read from `detail`, which names it: a stored hold is read without its requirements."""
    return before is not None and replace(after, hold=replace(after.hold, requires=())) == before


async def reject(connection: Connection, rejected: Sequence[Rejected], now: datetime) -> None:
    """Note where the records stand that belong to no stream; Kafka keeps them."""
    if rejected:
        await connection.executemany(
            "insert into rejected_record (topic, partition, kafka_offset, code, detail, rejected_at) "
            "values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            [(each.topic, each.partition, each.offset, each.code, each.detail, now) for each in rejected],
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
    "entry",
)


def _columns(event: Arrival) -> tuple[object, ...]:
    envelope = event.envelope
    return (
        event.stream_id,
        event.version,
        event.topic,
        event.partition,
        event.offset,
        envelope.source,
        event.log_index,
        envelope.id,
        event.leaf,
        envelope.correlation_id,
        envelope.recorded_at,
        event.entry,
    )
