"""What an agency's store keeps of a case, and how long each event took to get there; read from the store itself."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import monotonic
from typing import Final
from uuid import UUID

import asyncpg

from samverkan.schemas.entry import read_entry

_KEPT: Final = """
select stream_id, kept_event.version, leaf, entry, recorded_at, applied_at, applied_order
from head join kept_event using (stream_id)
where head.correlation_id = $1
order by applied_order
"""
_STILL_SECONDS: Final = 0.5  # a mail on its way is delivered, recorded and shared within this, if nothing is slow


@dataclass(frozen=True)
class Kept:
    """One event in one store. `seconds` from the service's recordedtime, a moment before its commit, to the apply
    transaction, a moment before its commit: the two moments about make up for each other. `order`: rises in the order
    in which this store applied."""

    stream_id: UUID
    version: int
    leaf: bytes
    event: str
    order: int
    seconds: float


async def settled(dsns: Mapping[str, str], case_id: UUID, within_seconds: float) -> dict[str, list[Kept]]:
    """What each store keeps of the case, once all keep equally many and no more come; as it is when time is up.

    OSError, asyncpg.PostgresError: a store cannot be read.
    """
    deadline = monotonic() + within_seconds
    before: dict[str, list[Kept]] = {}
    while True:
        found = dict(zip(dsns, await asyncio.gather(*(_kept(dsn, case_id) for dsn in dsns.values())), strict=True))
        equal = len({len(events) for events in found.values()}) <= 1
        if (equal and found == before) or monotonic() > deadline:
            return found
        before = found
        await asyncio.sleep(_STILL_SECONDS)


async def applied_so_far(dsns: Mapping[str, str]) -> dict[str, int]:
    """By store, the `order` of the last event that it has applied; 0 when there is none."""
    orders = await asyncio.gather(*(_fetch(dsn, "select max(applied_order) from kept_event") for dsn in dsns.values()))
    return {name: rows[0]["max"] or 0 for name, rows in zip(dsns, orders, strict=True)}


def disagreements(kept: Mapping[str, Sequence[Kept]]) -> dict[str, str]:
    """By store, how it differs from what most stores keep: the same places with the same leaves, byte for byte."""
    held = {name: frozenset((one.stream_id, one.version, one.leaf) for one in events) for name, events in kept.items()}
    if len(set(held.values())) <= 1:
        return {}
    common = max(set(held.values()), key=lambda places: (sum(places == other for other in held.values()), len(places)))
    return {
        name: f"keeps {len(places - common)} events that others do not, lacks {len(common - places)} that they do"
        for name, places in held.items()
        if places != common
    }


def half_and_longest(events: Sequence[Kept]) -> tuple[float, float] | None:
    """Seconds within which half of the events, and all of them, were visible; None when there are none."""
    if not events:
        return None
    return median(event.seconds for event in events), max(event.seconds for event in events)


def _type_of(entry: bytes) -> str:
    _, _, headers, _ = read_entry(entry)
    return dict(headers)["ce_type"].decode()


async def _kept(dsn: str, case_id: UUID) -> list[Kept]:
    return [
        Kept(
            row["stream_id"],
            row["version"],
            row["leaf"],
            _type_of(row["entry"]).removeprefix("se.samverkan."),
            row["applied_order"],
            max(0.0, (row["applied_at"] - row["recorded_at"]).total_seconds()),
        )
        for row in await _fetch(dsn, _KEPT, case_id)
    ]


async def _fetch(dsn: str, query: str, *values: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetch(query, *values)
    finally:
        await connection.close()
