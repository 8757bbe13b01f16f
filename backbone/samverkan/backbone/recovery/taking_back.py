"""Taking own events back from the topic into a journal that lost them: rows, heads, log and views, as they were.

Byte for byte: what is written leads to the same record, and its leaf is checked against the one that was read. What
events do not carry cannot come back: stored replies, and rows of views that only they would explain.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from samverkan.backbone.command import BlindIndex
from samverkan.backbone.database import Connection, sql
from samverkan.backbone.errors import SamverkanError
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.recovery.comparing import Difference
from samverkan.backbone.relay.outgoing import outgoing
from samverkan.backbone.subscription.arrival import Arrival
from samverkan.backbone.subscription.reacting import guarded
from samverkan.backbone.subscription.readied import Failure
from samverkan.backbone.view_table import ViewTables, keys_by_table
from samverkan.schemas.codec import decode
from samverkan.schemas.entry import read_entry
from samverkan.schemas.unreadable import Unreadable

_JOURNAL = "samverkan.backbone.journal"
_RELAY = "samverkan.backbone.relay"

Found = Callable[[Recorded], BlindIndex | None]


class LogDiffers(SamverkanError):
    """Log and topic are not two copies of one history: nothing may be decided, numbered or sent until somebody has
    understood it (W3). `difference` says where."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(difference.code, difference.detail)
        self.difference = difference


@dataclass(frozen=True, slots=True)
class Standing:
    """A row of the journal where a record of the topic claims to belong. `log_index` None: not numbered."""

    position: int
    log_index: int | None
    leaf: bytes


def sort_out(
    arrivals: Sequence[Arrival],
    heads: Mapping[UUID, tuple[int, int]],
    standing: Mapping[tuple[UUID, int], Standing],
    elsewhere: Mapping[UUID, tuple[UUID, int]],
) -> tuple[list[Arrival], dict[int, int]]:
    """Which events the journal lacks, and which rows it has without a number: log index → position. Pure.

    `arrivals` in log order; `heads`: version and partition of each stream; `standing`: what the journal has at their
    places, its leaf as it would be under the arrival's index; `elsewhere`: where it has their event ids.
    LogDiffers: the journal has something else there.
    """
    new: list[Arrival] = []
    numbered: dict[int, int] = {}
    versions = {stream_id: version for stream_id, (version, _) in heads.items()}
    for arrival in arrivals:
        stream_id, version, where = arrival.stream_id, arrival.version, _where(arrival)
        if heads[stream_id][1] != arrival.partition:
            raise LogDiffers(Difference("partition-differs", where))
        row = standing.get((stream_id, version))
        if row is not None:
            # The same event, committed before the backup and numbered after it: it gets the number that it had.
            if row.leaf != arrival.leaf or row.log_index is not None or arrival.log_index in numbered:
                raise LogDiffers(Difference("event-differs", where))
            numbered[arrival.log_index] = row.position
            continue
        if elsewhere.get(arrival.envelope.id, (stream_id, version)) != (stream_id, version):
            raise LogDiffers(Difference("event-differs", where))
        if version != versions[stream_id] + 1:
            code = "version-missing" if version > versions[stream_id] else "event-differs"
            raise LogDiffers(Difference(code, where))
        versions[stream_id] = version
        new.append(arrival)
    return new, numbered


async def take_back(
    connection: Connection,
    arrivals: Sequence[Arrival],
    views: ViewTables,
    find: Found | None,
    given_up: Container[int],
) -> int:
    """Write these events, which follow the log, in the caller's transaction; it holds the sequencer's lock.

    Returns the next log index to give. LogDiffers: nothing of them may be written.
    """
    heads = await _lock_heads(connection, arrivals)
    new, numbered = sort_out(
        arrivals, heads, await _standing(connection, arrivals), await _elsewhere(connection, arrivals)
    )
    recorded = [_recorded(arrival) for arrival in new]
    numbered |= await _restore(connection, new)
    indexes = [arrival.log_index for arrival in arrivals]
    await connection.execute(
        sql(_RELAY, "number.sql"),
        indexes,
        [numbered[index] for index in indexes],
        [arrival.leaf for arrival in arrivals],
    )
    await connection.execute("delete from unsequenced where position = any($1::bigint[])", list(numbered.values()))
    await _move_heads(connection, new)
    await _fold(connection, views, recorded)
    if find is not None:
        await _index(connection, recorded, find)
    following = indexes[-1] + 1
    while following in given_up:
        following += 1
    return following


async def _lock_heads(connection: Connection, arrivals: Sequence[Arrival]) -> dict[UUID, tuple[int, int]]:
    """Version and partition of each stream; one that is new gets the partition that its records stand on (S8)."""
    found = {arrival.stream_id: arrival for arrival in reversed(arrivals)}
    ids = sorted(found)
    await connection.execute(
        sql(__package__, "restore_heads.sql"), ids, [found[each].partition for each in ids], arrivals[0].topic
    )
    rows = await connection.fetch(sql(_JOURNAL, "lock_heads.sql"), ids)
    return {row["stream_id"]: (row["version"], row["partition"]) for row in rows}


async def _standing(connection: Connection, arrivals: Sequence[Arrival]) -> dict[tuple[UUID, int], Standing]:
    indexes = {(arrival.stream_id, arrival.version): arrival.log_index for arrival in arrivals}
    rows = await connection.fetch(
        sql(__package__, "standing.sql"),
        [stream_id for stream_id, _ in indexes],
        [version for _, version in indexes],
    )
    return {
        (place := (row["stream_id"], row["version"])): Standing(
            row["position"], row["logindex"], outgoing(row, indexes[place]).leaf
        )
        for row in rows
    }


async def _elsewhere(connection: Connection, arrivals: Sequence[Arrival]) -> dict[UUID, tuple[UUID, int]]:
    rows = await connection.fetch(
        "select event_id, stream_id, version from journal where event_id = any($1::uuid[])",
        [arrival.envelope.id for arrival in arrivals],
    )
    return {row["event_id"]: (row["stream_id"], row["version"]) for row in rows}


async def _restore(connection: Connection, new: Sequence[Arrival]) -> dict[int, int]:
    """Write the rows, in log order; returns log index → position."""
    if not new:
        return {}
    rows = await connection.fetch(
        sql(__package__, "restore.sql"),
        [arrival.stream_id for arrival in new],
        [arrival.version for arrival in new],
        [arrival.partition for arrival in new],
        [arrival.envelope.id for arrival in new],
        [attributes_of(arrival) for arrival in new],
        new[0].topic,
        [arrival.value for arrival in new],
    )
    written = {(row["stream_id"], row["version"]): row for row in rows}
    positions = {}
    for arrival in new:
        row = written[arrival.stream_id, arrival.version]
        if outgoing(row, arrival.log_index).leaf != arrival.leaf:
            raise LogDiffers(Difference("journal-altered", _where(arrival)))
        positions[arrival.log_index] = row["position"]
    return positions


async def _move_heads(connection: Connection, new: Sequence[Arrival]) -> None:
    last = {arrival.stream_id: arrival for arrival in new}
    if last:
        await connection.execute(
            sql(_JOURNAL, "move_heads.sql"),
            list(last),
            [arrival.version for arrival in last.values()],
            [arrival.envelope.correlation_id for arrival in last.values()],
        )


async def _fold(connection: Connection, views: ViewTables, recorded: Sequence[Recorded]) -> None:
    if not recorded:
        return
    keys = guarded(lambda: keys_by_table(views.views, recorded))
    if isinstance(keys, Failure):
        raise LogDiffers(Difference("fold-raised", keys.detail))
    folding = await views.read(connection, keys)
    for each in recorded:
        outcome = guarded(lambda each=each: folding.apply(each))  # type: ignore[misc]
        if isinstance(outcome, Failure):
            envelope = each.envelope
            raise LogDiffers(Difference("fold-raised", f"stream {envelope.stream_id} version {envelope.version}"))
    await views.write(connection, folding)


async def _index(connection: Connection, recorded: Sequence[Recorded], find: Found) -> None:
    for each in recorded:
        index = find(each)
        if index is None:
            continue
        known: asyncpg.Record | None = await connection.fetchrow(
            sql(_JOURNAL, "claim_blind_index.sql"), index.kind, index.digest, each.stream_id
        )
        if known is None or known["stream_id"] != each.stream_id:
            raise LogDiffers(Difference("blind-index-differs", f"stream {each.stream_id}"))


def attributes_of(arrival: Arrival) -> dict[str, str]:
    """The attributes as the journal keeps them: without the log index, which the relay adds."""
    _, _, headers, _ = read_entry(arrival.entry)
    return {name[3:]: text.decode() for name, text in headers if name != "ce_logindex"}


def _recorded(arrival: Arrival) -> Recorded:
    """The event as its own service's folds see it when a command writes it."""
    try:
        event: Any = decode(arrival.envelope.type, arrival.value).event
    except Unreadable:
        raise LogDiffers(Difference("event-unreadable", _where(arrival))) from None
    return Recorded(arrival.topic, arrival.envelope._replace(log_index=None), event)


def _where(arrival: Arrival) -> str:
    return (
        f"log index {arrival.log_index}, stream {arrival.stream_id} version {arrival.version}, "
        f"at partition {arrival.partition} offset {arrival.offset}"
    )
