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
            read = await _read(connection, views)
    finally:
        await pool.close()
    return _snapshot(read, views)


@dataclass(frozen=True)
class _Read:
    """The records as they came. Nothing is made of them inside the transaction: that takes minutes for millions of
    events, and the database ends a transaction that is idle so long."""

    offsets: Mapping[Place, int]
    kept: list[asyncpg.Record]
    held: list[asyncpg.Record]
    heads: list[asyncpg.Record]
    holds: list[asyncpg.Record]
    rejected: list[asyncpg.Record]
    rows: list[list[asyncpg.Record]]


async def _read(connection: Connection, views: Sequence[View[Any]]) -> _Read:
    return _Read(
        offsets=await store.read_offsets(connection),
        kept=await connection.fetch(_KEPT),
        held=await connection.fetch(_HELD),
        heads=await connection.fetch("select stream_id, version from head"),
        holds=await connection.fetch("select stream_id, reason, version, code from held_stream"),
        rejected=await connection.fetch("select topic, partition, kafka_offset, code from rejected_record"),
        rows=[await connection.fetch(_statement(view)) for view in views],
    )


def _snapshot(read: _Read, views: Sequence[View[Any]]) -> Snapshot:
    return Snapshot(
        offsets=read.offsets,
        heads={row["stream_id"]: row["version"] for row in read.heads},
        applied=_events(read.kept),
        skipped=frozenset((row["stream_id"], row["version"]) for row in read.kept if row["skipped"]),
        waiting=_events(read.held),
        holds={row["stream_id"]: {name: row[name] for name in ("reason", "version", "code")} for row in read.holds},
        rejected={(row["topic"], row["partition"], row["kafka_offset"]): row["code"] for row in read.rejected},
        rows={
            view.table: {record[0]: view.from_columns(record.values()) for record in records}
            for view, records in zip(views, read.rows, strict=True)
        },
    )


def _events(rows: Sequence[asyncpg.Record]) -> dict[Key, Columns]:
    return {(row["stream_id"], row["version"]): {name: row[name] for name in EVENT_COLUMNS} for row in rows}


def _statement(view: View[Any]) -> str:
    return f"select {', '.join(view.columns())} from {view.table}"  # noqa: S608 - names come from the view
