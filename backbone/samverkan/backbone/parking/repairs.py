"""What an operator may do to a store: try parked streams again, skip an event, acknowledge a record (S6).

It needs only the store, none of the service's code, so the command line and the service's own HTTP do the same. Each
is one transaction under the lock order of S0, and safe beside the running process: that applies what became due.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from samverkan.backbone.clock import Clock
from samverkan.backbone.command import IdempotencyKey
from samverkan.backbone.database import Connection, Pool, sql, transaction
from samverkan.backbone.errors import Refused
from samverkan.backbone.journal import replies
from samverkan.backbone.subscription import store
from samverkan.backbone.subscription.apply import FORK
from samverkan.backbone.subscription.arrival import held_arrival
from samverkan.backbone.telemetry.scrub import contains_person_number

T = TypeVar("T")

REASON_MAX: Final = 1_000
BY_MAX: Final = 64
LOCK_SECONDS: Final = 10.0  # for the subscription's row: an apply transaction takes a fraction of a second


@dataclass(frozen=True)
class Because:
    """By whom, a pseudonymous id, and why."""

    by: str
    reason: str = ""


@dataclass(frozen=True)
class Retried:
    """A parked stream that is due now."""

    stream_id: UUID
    version: int
    code: str


@dataclass(frozen=True)
class Skipped:
    """The event that was left out. `queued`: how many later ones of its stream are due now."""

    stream_id: UUID
    version: int
    event_id: UUID
    leaf: str
    code: str
    queued: int


@dataclass(frozen=True)
class Acknowledged:
    """A record that alarms no more. `code`: why it was rejected, or `fork`."""

    topic: str
    partition: int
    offset: int
    code: str


class Repairs:
    """The repairs of one store. `name`: whose subscription it is.

    With `idempotency` a request that is repeated under its key is carried out once and answered the same.
    """

    def __init__(self, pool: Pool, name: str, clock: Clock) -> None:
        self._pool = pool
        self._name = name
        self._clock = clock

    async def retry(
        self, streams: Iterable[UUID] | None, because: Because, *, idempotency: IdempotencyKey | None = None
    ) -> Sequence[Retried]:
        """Make these parked streams due now, or all of them when None; the running process tries them in a second.

        Refused `not-parked`: one of them is not parked. `fork-not-acknowledged`: trying it again cannot help yet.
        Transient: nothing was done.
        """
        _check(because, reason_needed=False)
        wanted = None if streams is None else sorted(set(streams))

        async def work(connection: Connection, now: datetime) -> list[Retried]:
            rows = await connection.fetch(sql(__package__, "due_now.sql"), wanted, now)
            due = {row["stream_id"] for row in rows}
            for stream_id in wanted or ():
                if stream_id not in due:
                    raise await _not_retried(connection, stream_id)
            places = [(row["topic"], None, None, row["stream_id"], row["version"], None, None) for row in rows]
            codes = [row["code"] for row in rows]
            await _record(connection, "retry", now, because, zip(codes, places, strict=True))
            return [Retried(row["stream_id"], row["version"], row["code"]) for row in rows]

        return await self._once(idempotency, list[Retried], work)

    async def skip(
        self, stream_id: UUID, version: int, because: Because, *, idempotency: IdempotencyKey | None = None
    ) -> Skipped:
        """Leave out exactly this event: it is kept as skipped and never folded; what queues behind it goes on.

        Refused: `not-parked` (also when a retry has just succeeded), `not-parked-there`, `hole-not-skipped`,
        `waiting-not-skipped`, `fork-not-skipped`, `repair-reason-missing`. Transient: nothing was done.
        """
        _check(because, reason_needed=True)

        async def work(connection: Connection, now: datetime) -> Skipped:
            hold = (await store.read_holds(connection, [stream_id])).get(stream_id)
            code = _skippable(hold, stream_id, version)
            row = await connection.fetchrow(sql(__package__, "held_at.sql"), stream_id, version)
            if row is None:  # its log index is another event's: it stands among the forks only
                raise Refused("fork-not-skipped", stream=str(stream_id), version=str(version))
            event = held_arrival(row)
            try:
                await store.keep(connection, [event], now)
            except asyncpg.UniqueViolationError:  # its log index is that of another event (W3)
                raise Refused("fork-not-skipped", stream=str(stream_id), version=str(version)) from None
            await connection.execute(sql(__package__, "mark_skipped.sql"), stream_id, version)
            await store.move_heads(connection, [event], {stream_id: version})
            await store.release(connection, [(stream_id, version)])
            await connection.execute(sql(__package__, "after_skip.sql"), stream_id, now)
            record = (event.topic, event.partition, event.offset)
            identity = (stream_id, version, event.envelope.id, event.leaf)
            await _record(connection, "skip", now, because, [(code, (*record, *identity))])
            return Skipped(stream_id, version, event.envelope.id, event.leaf.hex(), code, row["queued"] - 1)

        return await self._once(idempotency, Skipped, work)

    async def acknowledge(
        self,
        topic: str,
        partition: int,
        offset: int,
        because: Because,
        *,
        idempotency: IdempotencyKey | None = None,
    ) -> Acknowledged:
        """Say that somebody has understood the rejected record or fork at this place: it alarms no more, and stays.

        Refused: `record-unknown`, `acknowledged-before`, `repair-reason-missing`. Transient: nothing was done.
        """
        _check(because, reason_needed=True)

        async def work(connection: Connection, now: datetime) -> Acknowledged:
            found = await connection.fetchrow(sql(__package__, "to_acknowledge.sql"), topic, partition, offset)
            place = {"topic": topic, "partition": str(partition), "offset": str(offset)}
            if found is None:
                raise Refused("record-unknown", **place)
            if found["acknowledged_by"] is not None:
                raise Refused("acknowledged-before", **place, by=found["acknowledged_by"])
            event = (found["stream_id"], found["version"], found["event_id"], found["leaf"])
            done = [(found["code"], (topic, partition, offset, *event))]
            await _record(connection, "acknowledge", now, because, done)
            return Acknowledged(topic, partition, offset, found["code"])

        return await self._once(idempotency, Acknowledged, work)

    async def acknowledge_rejected(self, topic: str, partition: int, first: int, last: int, because: Because) -> int:
        """Acknowledge every rejected record from `first` to `last`, both included: how many there were. Forks are
        acknowledged one by one.

        Refused: `record-unknown` when there was none, `reason-missing`. Transient: nothing was done.
        """
        _check(because, reason_needed=True)

        async def work(connection: Connection, now: datetime) -> int:
            by, reason = because.by.strip(), because.reason.strip()
            place = (topic, partition, first, last)
            done = await connection.fetch(sql(__package__, "acknowledge_rejected.sql"), *place, now, by, reason)
            if not done:
                raise Refused("record-unknown", topic=topic, partition=str(partition), offset=f"{first}-{last}")
            return len(done)

        return await self._once(None, int, work)

    async def _once(
        self,
        idempotency: IdempotencyKey | None,
        reply: type[T],
        work: Callable[[Connection, datetime], Awaitable[T]],
    ) -> T:
        """Do it in a transaction that holds the subscription's row, so that nothing is applied meanwhile (S0); or
        answer as the first request under this key was answered."""
        async with transaction(self._pool) as connection:
            await connection.execute(f"set local lock_timeout = '{LOCK_SECONDS * 1000:.0f}ms'")
            if idempotency is not None:
                earlier = (await replies.claim(connection, [idempotency])).get(idempotency.key)
                if isinstance(earlier, replies.Earlier):
                    return TypeAdapter(reply).validate_python(earlier.reply)
                if earlier is not None:
                    raise earlier
            await store.lock(connection, self._name)
            done = await work(connection, self._clock.now())
            if idempotency is not None:
                await replies.keep(connection, {idempotency.key: done})
            return done


def _check(because: Because, *, reason_needed: bool) -> None:
    """Refused: nobody stands for it, there is no reason, or a person's number stands in it."""
    if not because.by.strip() or len(because.by) > BY_MAX:
        raise Refused("name-missing", limit=str(BY_MAX))
    if (reason_needed and not because.reason.strip()) or len(because.reason) > REASON_MAX:
        raise Refused("repair-reason-missing", limit=str(REASON_MAX))
    if contains_person_number(because.by) or contains_person_number(because.reason):
        raise Refused("reason-tells-of-a-person")


def _skippable(hold: store.StoredHold | None, stream_id: UUID, version: int) -> str:
    """The code at which it is parked. Refused: there is nothing to skip, or something else must be done."""
    stream = str(stream_id)
    if hold is None:
        raise Refused("not-parked", stream=stream)
    stands_at = str(hold.hold.version)
    if hold.hold.reason == "hole":
        raise Refused("hole-not-skipped", stream=stream, version=stands_at, topic=hold.topic)
    if hold.hold.reason == "requires":
        raise Refused("waiting-not-skipped", stream=stream, version=stands_at, requires=hold.hold.detail)
    if hold.hold.code == FORK:
        raise Refused("fork-not-skipped", stream=stream, version=stands_at)
    if hold.hold.version != version:
        raise Refused("not-parked-there", stream=stream, version=str(version), stands_at=stands_at)
    return hold.hold.code


async def _not_retried(connection: Connection, stream_id: UUID) -> Refused:
    hold = (await store.read_holds(connection, [stream_id])).get(stream_id)
    if hold is None or hold.hold.reason != "parked":
        return Refused("not-parked", stream=str(stream_id))
    return Refused("fork-not-acknowledged", stream=str(stream_id), version=str(hold.hold.version))


async def _record(
    connection: Connection,
    action: str,
    now: datetime,
    because: Because,
    done: Iterable[tuple[str, Sequence[object]]],
) -> None:
    by, reason = because.by.strip(), because.reason.strip()
    rows = [(action, now, by, reason, code, *place) for code, place in done]
    await connection.executemany(sql(__package__, "record.sql"), rows)
