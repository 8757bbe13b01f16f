"""A live store at one moment: positions, events and rows of the same snapshot, so that it can be compared while it
moves on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg

from samverkan.backbone.database import Connection, connect, transaction
from samverkan.backbone.subscription import store
from samverkan.backbone.view import View

Key = tuple[UUID, int]
Place = tuple[str, int]
Columns = dict[str, Any]

EVENT_COLUMNS: Final = (
    "topic",
    "source",
    "log_index",
    "event_id",
    "leaf",
    "correlation_id",
    "recorded_at",
    "entry",
)
"""Of a kept or held event, those that follow from the record alone: not when and in which order it was applied here."""

_KEPT: Final = """
select stream_id, version, skipped,
    topic, source, log_index, event_id, leaf, correlation_id, recorded_at, entry
from kept_event
"""
_HELD: Final = """
select stream_id, version, topic, source, log_index, event_id, leaf, correlation_id, recorded_at, entry
from held_event
"""


@dataclass(frozen=True)
class Snapshot:
    """What a store holds. `rows` are keyed by table and primary key, events by (stream, version)."""

    offsets: Mapping[Place, int]
    heads: Mapping[UUID, int]
    applied: Mapping[Key, Columns]
    skipped: frozenset[Key]
    waiting: Mapping[Key, Columns]
    holds: Mapping[UUID, Columns]
    rejected: Mapping[tuple[str, int, int], str]
    rows: Mapping[str, Mapping[Any, Any]]


async def read_snapshot(dsn: str, views: Sequence[View[Any]]) -> Snapshot:
    """Read the store in one REPEATABLE READ transaction, which writes nothing and locks no row.

    Transient: the database cannot be reached. Permanent: it is no store of these views.
    """
    pool = await connect(dsn, max_size=1)
    try:
        async with transaction(pool, snapshot=True) as connection:
            return await _read(connection, views)
    finally:
        await pool.close()


async def _read(connection: Connection, views: Sequence[View[Any]]) -> Snapshot:
    kept = await connection.fetch(_KEPT)
    heads = await connection.fetch("select stream_id, version from head")
    holds = await connection.fetch("select stream_id, reason, version, code from held_stream")
    rejected = await connection.fetch("select topic, partition, kafka_offset, code from rejected_record")
    return Snapshot(
        offsets=await store.read_offsets(connection),
        heads={row["stream_id"]: row["version"] for row in heads},
        applied=_events(kept),
        skipped=frozenset((row["stream_id"], row["version"]) for row in kept if row["skipped"]),
        waiting=_events(await connection.fetch(_HELD)),
        holds={row["stream_id"]: {name: row[name] for name in ("reason", "version", "code")} for row in holds},
        rejected={(row["topic"], row["partition"], row["kafka_offset"]): row["code"] for row in rejected},
        rows={view.table: await _rows(connection, view) for view in views},
    )


def _events(rows: Sequence[asyncpg.Record]) -> dict[Key, Columns]:
    return {(row["stream_id"], row["version"]): {name: row[name] for name in EVENT_COLUMNS} for row in rows}


async def _rows(connection: Connection, view: View[Any]) -> dict[Any, Any]:
    statement = f"select {', '.join(view.columns())} from {view.table}"  # noqa: S608 - names come from the view
    records = await connection.fetch(statement)
    return {record[0]: view.from_columns(record.values()) for record in records}
