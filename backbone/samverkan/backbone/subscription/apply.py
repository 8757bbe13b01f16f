"""One transaction applies a batch: events, views, reactions and offsets, or nothing at all (S0, S1, S3–S5, W3)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

import asyncpg

from samverkan.backbone.clock import Clock
from samverkan.backbone.database import Connection, Pool, classify, sql, transaction
from samverkan.backbone.errors import Permanent, SamverkanError, Transient
from samverkan.backbone.parking.policy import ParkingLimit, RetryPolicy
from samverkan.backbone.subscription import store
from samverkan.backbone.subscription.admission import Failure, Hold
from samverkan.backbone.subscription.arrival import Arrival, Record, Rejected, read_record
from samverkan.backbone.subscription.batch import Attempt, Batches, Key, Loaded

FORK: Final = "fork"
_LOG_INDEX_CONSTRAINT: Final = "kept_event_log_index"
_RETRY_STREAMS: Final = 100

Place = tuple[str, int]


class Halted(SamverkanError):
    """Too many streams parked within a minute: a bad release, not bad data (S4). Nothing of the batch was applied."""

    def __init__(self, reason: str) -> None:
        super().__init__("subscription-halted", reason)


@dataclass
class Applied:
    """What came of a batch.

    `offsets`: where the store stands now. `behind`: partitions whose batch lay wholly below the stored offset, with
    that offset. `rewind`: partitions whose batch began above it and was not applied.
    """

    events: list[Arrival] = field(default_factory=list)
    repeats: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    forks: list[Arrival] = field(default_factory=list)
    parked: dict[UUID, Hold] = field(default_factory=dict)
    refusals: int = 0
    offsets: dict[Place, int] = field(default_factory=dict)
    behind: dict[Place, int] = field(default_factory=dict)
    rewind: dict[Place, int] = field(default_factory=dict)


class Applier:
    """Applies batches to one store. The consumer group decides who runs it, never what is correct (S0)."""

    def __init__(
        self,
        pool: Pool,
        name: str,
        batches: Batches,
        clock: Clock,
        *,
        limit: ParkingLimit | None = None,
        retry: RetryPolicy | None = None,
        on_commit: Callable[[], None] = lambda: None,
    ) -> None:
        self._pool = pool
        self._name = name
        self._batches = batches
        self._clock = clock
        self._limit = limit or ParkingLimit()
        self._retry = retry or RetryPolicy()
        self._on_commit = on_commit
        self._random = Random(name)

    async def apply(self, records: Sequence[Record], at: Mapping[Place, int] | None = None) -> Applied:
        """Apply the records, in one transaction, durable on return.

        `at`: partitions whose position was set to a stored offset and which Kafka then continued above it, so that
        nothing lies between (records removed or markers). Otherwise a batch that begins above the stored offset is
        not applied, and `rewind` says where to go back to (S1).
        Transient: nothing was applied; the same batch again. Halted: too many streams parked.
        """
        return await self._transaction(records, (), at or {})

    async def retry(self, streams: Iterable[UUID]) -> Applied:
        """Try parked streams again (S6); a stream that fails again waits longer."""
        return await self._transaction((), tuple(streams), {})

    async def retry_due(self) -> Applied | None:
        """Try the parked streams whose time has come; None when there are none."""
        async with transaction(self._pool) as connection:
            due = await connection.fetch(sql(__package__, "due.sql"), self._clock.now(), _RETRY_STREAMS)
        return await self.retry(row["stream_id"] for row in due) if due else None

    async def halt(self, reason: str) -> None:
        """Note that this subscription stands still until somebody starts it again."""
        async with transaction(self._pool) as connection:
            await store.lock(connection, self._name)
            await connection.execute(
                "update subscription set halted_at = now(), halted_reason = $2 where name = $1", self._name, reason
            )

    async def resume(self) -> None:
        """Clear a halt: a new release has started, or an operator said so."""
        async with transaction(self._pool) as connection:
            await store.lock(connection, self._name)
            await connection.execute(
                "update subscription set halted_at = null, halted_reason = null where name = $1", self._name
            )

    async def read_offsets(self) -> dict[Place, int]:
        """Where this store stands in Kafka (S1)."""
        async with transaction(self._pool) as connection:
            return await store.read_offsets(connection)

    async def _transaction(
        self, records: Sequence[Record], retrying: Sequence[UUID], at: Mapping[Place, int]
    ) -> Applied:
        result = Applied()
        async with transaction(self._pool) as connection:
            if await store.lock(connection, self._name) is not None:
                raise Halted("halted before; a restart or an operator resumes it")
            now = self._clock.now()
            arrivals = await self._cut(connection, records, at, result)
            loaded = await self._load(connection, arrivals, retrying)
            await self._queue(connection, arrivals, loaded, result)
            attempt = await self._apply_loaded(connection, loaded, now, result)
            await self._write_holds(connection, loaded, attempt, retrying, now, result)
            await store.reject(connection, result.rejected, now)
            await store.note_forks(connection, result.forks, now)
            await store.move_offsets(connection, result.offsets)
            if result.parked:
                await self._halt_if_too_many(connection, now)
        result.events, result.refusals = attempt.admitted.applied, attempt.refusals
        if attempt.prepared is not None and self._batches.states is not None:
            for stream_id, (version, _) in attempt.prepared.heads.items():
                self._batches.states.remember(stream_id, version, attempt.states[stream_id])
            self._on_commit()
        return result

    async def _cut(
        self, connection: Connection, records: Sequence[Record], at: Mapping[Place, int], result: Applied
    ) -> list[Arrival]:
        """Drop records below the stored offset, and partitions whose batch begins above it (S1)."""
        stored = await store.read_offsets(connection) if records else {}
        arrivals: list[Arrival] = []
        for record in records:
            place = (record.topic, record.partition)
            if place in result.rewind:
                continue
            following = result.offsets.get(place)
            if following is None:
                expected = stored.get(place, 0)
                if record.offset < expected:
                    result.behind[place] = expected
                    continue
                if record.offset > expected and at.get(place) != expected:
                    result.rewind[place] = expected
                    continue
            elif record.offset < following:
                continue
            result.offsets[place] = record.offset + 1
            result.behind.pop(place, None)
            read = read_record(record, self._batches.reader.topics[record.topic])
            if isinstance(read, Rejected):
                result.rejected.append(read)
            else:
                arrivals.append(read)
        return arrivals

    async def _load(self, connection: Connection, arrivals: Sequence[Arrival], retrying: Sequence[UUID]) -> Loaded:
        """Heads, held events and holds of the streams that arrived, and of all that may be released by them."""
        streams = {arrival.stream_id for arrival in arrivals} | set(retrying)
        load = Loaded({stream_id: {} for stream_id in streams})
        frontier = streams if await connection.fetchval("select exists (select from held_stream)") else set()
        while frontier:
            for stream_id, queue in (await store.read_held(connection, frontier)).items():
                load.queues[stream_id] = queue
            load.stored.update(await store.read_holds(connection, frontier))
            frontier = await store.read_waiters(connection, frontier) - load.queues.keys()
            for stream_id in frontier:
                load.queues[stream_id] = {}
        required = {
            requirement.stream_id
            for event in (*arrivals, *(event for queue in load.queues.values() for event in queue.values()))
            for requirement in event.envelope.requires
        }
        load.heads = await store.read_heads(connection, load.queues.keys() | required)
        load.parked = {
            stream_id: stored.hold
            for stream_id, stored in load.stored.items()
            if stored.hold.reason == "parked" and stream_id not in retrying
        }
        return load

    async def _queue(self, connection: Connection, arrivals: Sequence[Arrival], load: Loaded, result: Applied) -> None:
        """Queue what is new; drop what was applied or held before; park the stream of a fork (S3, W3)."""
        behind = [a for a in arrivals if a.version <= load.heads.get(a.stream_id, 0)]
        kept = await store.read_kept(connection, [(a.stream_id, a.version) for a in behind]) if behind else {}
        for arrival in arrivals:
            queue = load.queues[arrival.stream_id]
            if arrival.version <= load.heads.get(arrival.stream_id, 0):
                known = kept.get((arrival.stream_id, arrival.version))
            else:
                known = queue[arrival.version].leaf if arrival.version in queue else None
                if known is None:
                    queue[arrival.version] = arrival
                    continue
            if known == arrival.leaf:
                result.repeats += 1
            else:
                result.forks.append(arrival)
                load.parked[arrival.stream_id] = Hold("parked", arrival.version, FORK, "another event stands there")

    async def _apply_loaded(self, connection: Connection, loaded: Loaded, now: datetime, result: Applied) -> Attempt:
        """Apply what was loaded. A set-based write that is refused is bisected until its event is found (S4)."""
        poison: dict[Key, Failure] = {}
        while True:
            applied = 0
            try:
                async with connection.transaction():
                    attempt = await self._batches.attempt(connection, loaded, poison, now)
                    applied = len(attempt.admitted.applied)
                    await self._batches.write(connection, attempt, now)
                    return attempt
            except asyncpg.PostgresError as error:
                if applied == 0 or not isinstance(classify(error), Permanent):
                    raise
            place, failure = await self._culprit(connection, loaded, poison, now, applied)
            if failure.code == FORK:
                result.forks.append(loaded.queues[place[0]].pop(place[1]))
                loaded.parked[place[0]] = Hold("parked", place[1], FORK, failure.detail)
            poison[place] = failure

    async def _culprit(
        self, connection: Connection, loaded: Loaded, poison: Mapping[Key, Failure], now: datetime, applied: int
    ) -> tuple[Key, Failure]:
        """The first event, in the order applied, whose write the database refuses.

        Bisects over how many events are applied; every trial is rolled back to its savepoint.
        """
        accepted, refused = 0, applied
        found: tuple[Key, Failure] | None = None
        while found is None or refused - accepted > 1:
            trial = refused if refused - accepted == 1 else (accepted + refused) // 2
            outcome = await self._trial(connection, loaded, poison, now, trial)
            if outcome is None:
                accepted = trial
            else:
                refused, found = trial, outcome
            if accepted == applied:
                raise Transient("database-refused-once", "the same write went through when it was tried again")
        return found

    async def _trial(
        self, connection: Connection, loaded: Loaded, poison: Mapping[Key, Failure], now: datetime, limit: int
    ) -> tuple[Key, Failure] | None:
        """Apply the first `limit` events and undo it; when refused, the last of them and why."""
        savepoint = connection.transaction()
        await savepoint.start()
        last: Arrival | None = None
        try:
            attempt = await self._batches.attempt(connection, loaded, poison, now, limit)
            last = attempt.admitted.applied[-1]
            await self._batches.write(connection, attempt, now)
        except asyncpg.PostgresError as error:
            meaning = classify(error)
            if last is None or not isinstance(meaning, Permanent):
                raise
            fork = getattr(error, "constraint_name", None) == _LOG_INDEX_CONSTRAINT
            return (last.stream_id, last.version), Failure(FORK if fork else meaning.code, str(meaning))
        else:
            return None
        finally:
            await savepoint.rollback()

    async def _write_holds(
        self,
        connection: Connection,
        loaded: Loaded,
        attempt: Attempt,
        retrying: Sequence[UUID],
        now: datetime,
        result: Applied,
    ) -> None:
        """Keep what could not be applied, and why; a hold that goes on keeps since when."""
        heads = attempt.admitted.heads
        topics = {event.stream_id: event.topic for event in (*result.forks, *attempt.admitted.applied)}
        holds: dict[UUID, store.StoredHold] = {}
        queues: dict[UUID, list[Arrival]] = {}
        for stream_id, hold in attempt.admitted.holds.items():
            queue = loaded.queues[stream_id]
            queues[stream_id] = [event for version, event in queue.items() if version > heads.get(stream_id, 0)]
            before = loaded.stored.get(stream_id)
            topic = before.topic if before else topics.get(stream_id) or queues[stream_id][0].topic
            same = before is not None and (before.hold.reason, before.hold.version) == (hold.reason, hold.version)
            since, attempts, retry_at = (
                (before.since, before.attempts, before.retry_at) if before and same else (now, 0, None)
            )
            if hold.reason == "parked":
                if not same:
                    result.parked[stream_id] = hold
                attempts += stream_id in retrying
                if hold.code == FORK:
                    retry_at = None  # trying again cannot help: somebody rewrote history
                elif not same or stream_id in retrying:
                    retry_at = self._retry.retry_at(attempts, now, self._random)
            holds[stream_id] = store.StoredHold(hold, topic, since, attempts, retry_at)
        await store.replace_held(connection, loaded.stored, queues, holds)

    async def _halt_if_too_many(self, connection: Connection, now: datetime) -> None:
        window = now - timedelta(seconds=self._limit.window_seconds)
        ((parked, streams),) = await connection.fetch(sql(__package__, "parked_lately.sql"), window)
        if self._limit.exceeded(parked, streams):
            raise Halted(f"{parked} of {streams} streams parked within {self._limit.window_seconds:.0f} s")
