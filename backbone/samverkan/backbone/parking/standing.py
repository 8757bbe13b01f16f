"""What stands still in a store, and why: what an operator reads before a repair (S6). Reads only.

Nothing of a payload is read: type, place and identity of an event are open, what it says is not.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from samverkan.backbone.database import Connection, Pool, sql, transaction
from samverkan.backbone.errors import Refused
from samverkan.backbone.subscription.arrival import Arrival, held_arrival

QUEUE_SHOWN: Final = 20
LISTED_MAX: Final = 500


@dataclass(frozen=True)
class HeldStream:
    """A stream that stands still at `version`. `queued`: how many events of it are kept back, that one included."""

    stream_id: UUID
    topic: str
    reason: Literal["parked", "hole", "requires"]
    version: int
    code: str
    detail: str
    since: datetime
    attempts: int
    retry_at: datetime | None
    queued: int


@dataclass(frozen=True)
class RejectedRecord:
    """A record that belongs to no stream. Kafka keeps it at this place."""

    topic: str
    partition: int
    offset: int
    code: str
    detail: str
    rejected_at: datetime
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class FoundFork:
    """An event that claimed a place which another one has (W3). `leaf` is its own."""

    topic: str
    partition: int
    offset: int
    stream_id: UUID
    version: int
    source: str
    log_index: int
    event_id: UUID
    leaf: str
    found_at: datetime
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class Standing:
    """All that stands still or is set aside in one store, at most `LISTED_MAX` of each."""

    streams: tuple[HeldStream, ...]
    rejected: tuple[RejectedRecord, ...]
    forks: tuple[FoundFork, ...]


@dataclass(frozen=True)
class HeldEvent:
    """An event that is kept back: what it is and where it lies, not what it says."""

    version: int
    type: str
    event_id: UUID
    partition: int
    offset: int
    source: str
    log_index: int
    leaf: str
    recorded_at: datetime
    value_bytes: int
    requires: tuple[str, ...]


@dataclass(frozen=True)
class Repair:
    """What was done here before."""

    action: Literal["retry", "skip", "acknowledge"]
    repaired_at: datetime
    repaired_by: str
    reason: str
    code: str
    version: int | None


@dataclass(frozen=True)
class Shown:
    """One stream in full. `event` is the one at which it stands, None in a hole; `behind`: the first ones after it.

    `stream` is None when it moves, and only its past is told.
    """

    head: int
    stream: HeldStream | None
    event: HeldEvent | None
    behind: tuple[HeldEvent, ...]
    waits_for_it: int
    forks: tuple[FoundFork, ...]
    history: tuple[Repair, ...]


async def read_standing(pool: Pool, *, everything: bool = False, limit: int = LISTED_MAX) -> Standing:
    """What stands still. `everything`: also streams that only wait, and records that somebody has acknowledged."""
    async with transaction(pool, snapshot=True) as connection:
        streams = await read_streams(connection, everything=everything, limit=limit)
        rejected = await read_rejected(connection, everything=everything, limit=limit)
        forks = await read_forks(connection, everything=everything, limit=limit)
    return Standing(streams, rejected, forks)


async def read_streams(connection: Connection, *, everything: bool, limit: int) -> tuple[HeldStream, ...]:
    """Streams that stand still: parked ones first, and within each the longest."""
    rows = await connection.fetch(sql(__package__, "standing.sql"), everything, limit)
    return tuple(HeldStream(**row) for row in rows)


async def read_rejected(connection: Connection, *, everything: bool, limit: int) -> tuple[RejectedRecord, ...]:
    """Records that belong to no stream, the latest first."""
    rows = await connection.fetch(sql(__package__, "rejected.sql"), everything, limit)
    return tuple(RejectedRecord(**row) for row in rows)


async def read_forks(connection: Connection, *, everything: bool, limit: int) -> tuple[FoundFork, ...]:
    """Events that claimed a taken place (W3), the latest first."""
    rows = await connection.fetch(sql(__package__, "forks.sql"), everything, limit)
    return tuple(_fork(row) for row in rows)


async def read_stream(pool: Pool, stream_id: UUID) -> Shown:
    """One stream. Refused `not-found`: this store has never heard of it."""
    async with transaction(pool, snapshot=True) as connection:
        row = await connection.fetchrow(sql(__package__, "standing_stream.sql"), stream_id)
        held = await connection.fetch(sql(__package__, "held_first.sql"), stream_id, QUEUE_SHOWN + 1)
        head = await connection.fetchval("select version from head where stream_id = $1", stream_id)
        waiting = await connection.fetchval(
            "select count(distinct stream_id) from held_requirement where on_stream = $1", stream_id
        )
        history = await _history(connection, stream_id)
        forks = await connection.fetch(sql(__package__, "forks_of_stream.sql"), stream_id)
    if row is None and head is None and not history:
        raise Refused("not-found")
    stream = None if row is None else HeldStream(**row)
    events = [_event(held_arrival(one)) for one in held]
    at = next((event for event in events if stream is not None and event.version == stream.version), None)
    return Shown(
        head or 0,
        stream,
        at,
        tuple(event for event in events if event is not at)[:QUEUE_SHOWN],
        waiting,
        tuple(_fork(fork) for fork in forks),
        history,
    )


async def _history(connection: Connection, stream_id: UUID) -> tuple[Repair, ...]:
    rows = await connection.fetch(sql(__package__, "history.sql"), stream_id)
    return tuple(Repair(**row) for row in rows)


def _event(arrival: Arrival) -> HeldEvent:
    envelope = arrival.envelope
    return HeldEvent(
        arrival.version,
        envelope.type,
        envelope.id,
        arrival.partition,
        arrival.offset,
        envelope.source,
        arrival.log_index,
        arrival.leaf.hex(),
        envelope.recorded_at,
        len(arrival.value),
        tuple(str(requirement) for requirement in envelope.requires),
    )


def _fork(row: Any) -> FoundFork:
    return FoundFork(**{**row, "leaf": row["leaf"].hex()})
