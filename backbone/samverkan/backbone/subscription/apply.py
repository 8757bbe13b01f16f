"""One transaction applies a batch: events, views, reactions and offsets, or nothing at all (S0, S1, S3–S5, W3)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from random import Random
from typing import Final
from uuid import UUID

import asyncpg

from samverkan.backbone.clock import Clock
from samverkan.backbone.database import Connection, Pool, classify, sql, transaction
from samverkan.backbone.errors import Permanent, SamverkanError
from samverkan.backbone.parking.policy import ParkingLimit, RetryPolicy
from samverkan.backbone.recovery.gate import Gate, OpenGate
from samverkan.backbone.subscription import store
from samverkan.backbone.subscription.admission import Hold
from samverkan.backbone.subscription.arrival import Arrival, Record, Rejected
from samverkan.backbone.subscription.batch import Attempt, Batches, Key, Loaded
from samverkan.backbone.subscription.readied import Failure

FORK: Final = "fork"
TOPIC_RECREATED: Final = "topic-recreated"
_LOG_INDEX_CONSTRAINT: Final = "kept_event_log_index"
_RETRY_STREAMS: Final = 100
_PLACE: Final = attrgetter("topic", "partition")

Place = tuple[str, int]


class Halted(SamverkanError):
    """The subscription must not go on by itself; nothing of the batch was applied.

    `subscription-halted`: too many streams parked within a minute, a bad release and not bad data (S4).
    `topic-recreated`: a topic is not the one that the stored offsets belong to (S1). `noted`: the store says so
    already, and everybody stands still.
    """

    def __init__(self, reason: str, *, code: str = "subscription-halted", noted: bool = False) -> None:
        super().__init__(code, reason)
        self.noted = noted


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
        gate: Gate | None = None,
    ) -> None:
        """`gate`: in which database may be decided (W2); a store that owns no topic needs none."""
        self._gate = gate or OpenGate()
        self._pool = pool
        self._name = name
        self._batches = batches
        self._clock = clock
        self._limit = limit or ParkingLimit()
        self._retry = retry or RetryPolicy()
        self._on_commit = on_commit
        self._random = Random(name)
        self._topic_ids: dict[str, UUID] = {}

    async def apply(self, records: Sequence[Record], at: Mapping[Place, int] | None = None) -> Applied:
        """Apply the records, in one transaction, durable on return.

        `at`: partitions whose position was set to a stored offset and which Kafka then continued above it, so that
        nothing lies between (records removed or markers). Otherwise a batch that begins above the stored offset is
        not applied, and `rewind` says where to go back to (S1).
        Transient: nothing was applied; the same batch again. Halted: too many streams parked.
        """
        return await self.apply_read(self.read(records), at)

    def read(self, records: Iterable[Record]) -> list[Arrival | Rejected]:
        """All that can be known of the records before their transaction begins: decoded once, however often a batch is
        tried, and while the database is at work on the batch before. Never raises."""
        read = self._batches.reader.read
        return [read(record) for record in records]

    async def apply_read(self, arrived: Sequence[Arrival | Rejected], at: Mapping[Place, int] | None = None) -> Applied:
        """`apply` for records that `read` has read."""
        return await self._transaction(arrived, (), at or {})

    async def retry(self, streams: Iterable[UUID]) -> Applied:
        """Try parked streams again (S6); a stream that fails again waits longer."""
        return await self._transaction((), tuple(streams), {})

    async def retry_due(self) -> Applied | None:
        """Try the parked streams whose time has come; None when there are none."""
        async with transaction(self._pool) as connection:
            now = self._clock.now()
            due = await connection.fetch(
                sql(__package__, "due.sql"), now, now + self._retry.longest_pause(), _RETRY_STREAMS
            )
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

    async def is_halted(self) -> bool:
        """Whether a halt is noted."""
        async with transaction(self._pool) as connection:
            return await store.lock(connection, self._name) is not None

    async def compare_topics(self, ids: Mapping[str, UUID]) -> None:
        """Compare what the topics are with what the stored offsets belong to; offsets stored from now on get `ids`.

        Halted `topic-recreated`: a topic of that name was deleted and created anew. Its offsets mean other records.
        """
        async with transaction(self._pool) as connection:
            await store.lock(connection, self._name)
            stored = await store.read_topic_ids(connection)
            await store.note_topic_ids(connection, ids)
        self._topic_ids = dict(ids)
        for topic, topic_id in stored.items():
            if topic in ids and ids[topic] != topic_id:
                raise Halted(f"{topic} was {topic_id} and is {ids[topic]}", code=TOPIC_RECREATED)

    async def read_offsets(self) -> dict[Place, int]:
        """Where this store stands in Kafka (S1)."""
        async with transaction(self._pool) as connection:
            return await store.read_offsets(connection)

    async def _transaction(
        self, arrived: Sequence[Arrival | Rejected], retrying: Sequence[UUID], at: Mapping[Place, int]
    ) -> Applied:
        result = Applied()
        self._gate.refuse_closed()
        generation = self._batches.states.generation if self._batches.states is not None else 0
        async with transaction(self._pool) as connection:
            self._gate.admit(connection)
            if await store.lock(connection, self._name) is not None:
                raise Halted("halted before; a restart or an operator resumes it", noted=True)
            now = self._clock.now()
            arrivals = await self._cut(connection, arrived, at, result)
            loaded = await self._load(connection, arrivals, retrying, result)
            await self._queue(connection, arrivals, loaded, result)
            attempts = await self._apply_loaded(connection, loaded, now, result)
            await self._write_holds(connection, loaded, attempts[-1], retrying, now, result)
            await store.reject(connection, result.rejected, now)
            await store.note_forks(connection, result.forks, now)
            await store.move_offsets(connection, result.offsets, self._topic_ids)
            if result.parked:
                await self._halt_if_too_many(connection, now)
        for attempt in attempts:
            result.events += attempt.admitted.applied
            result.refusals += attempt.refusals
            if attempt.prepared is not None and self._batches.states is not None:
                for stream_id, (version, _) in attempt.prepared.heads.items():
                    self._batches.states.remember(stream_id, version, attempt.states[stream_id], generation)
        if any(attempt.prepared is not None for attempt in attempts):
            self._on_commit()
        return result

    async def _cut(
        self,
        connection: Connection,
        arrived: Sequence[Arrival | Rejected],
        at: Mapping[Place, int],
        result: Applied,
    ) -> list[Arrival]:
        """Drop records below the stored offset, and partitions whose batch begins above it (S1)."""
        stored = await store.read_offsets(connection) if arrived else {}
        arrivals: list[Arrival] = []
        for place, records in groupby(arrived, _PLACE):
            following = result.offsets.get(place, stored.get(place, 0))
            for record in records:
                offset = record.offset
                if place in result.rewind:
                    break
                if offset < following:
                    if place not in result.offsets:
                        result.behind[place] = following
                    continue
                if place not in result.offsets and offset > following and at.get(place) != following:
                    result.rewind[place] = following
                    break
                following = result.offsets[place] = offset + 1
                result.behind.pop(place, None)
                if isinstance(record, Rejected):
                    result.rejected.append(record)
                else:
                    arrivals.append(record)
        return arrivals

    async def _load(
        self, connection: Connection, arrivals: list[Arrival], retrying: Sequence[UUID], result: Applied
    ) -> Loaded:
        """Heads, held events and holds of the streams that arrived, and of all that may be released by them."""
        # In order of arrival, so that of two events that claim one place it is the later one that is parked.
        streams = list(dict.fromkeys([*(arrival.stream_id for arrival in arrivals), *retrying]))
        load = Loaded({stream_id: {} for stream_id in streams})
        frontier = streams if await connection.fetchval("select exists (select from held_stream)") else []
        while frontier:
            stored = await store.read_holds(connection, frontier)
            load.stored.update(stored)
            load.parked.update(
                (stream_id, hold.hold)
                for stream_id, hold in stored.items()
                if hold.hold.reason == "parked" and stream_id not in retrying
            )
            ready = self._batches.reader.ready
            held = await store.read_held(connection, stored.keys() - load.parked.keys(), ready)
            for stream_id, queue in held.items():
                load.queues[stream_id] = queue
                load.held.update((stream_id, version) for version in queue)
            frontier = sorted(await store.read_waiters(connection, frontier) - load.queues.keys())
            load.queues.update((stream_id, {}) for stream_id in frontier)
        required = {
            requirement.stream_id
            for event in (*arrivals, *(event for queue in load.queues.values() for event in queue.values()))
            for requirement in event.envelope.requires
        }
        heads = await store.read_heads(connection, load.queues.keys() | required)
        load.heads = {stream_id: head.version for stream_id, head in heads.items()}
        _reject_strangers(
            arrivals,
            {stream_id: head.topic for stream_id, head in heads.items()}
            | {stream_id: hold.topic for stream_id, hold in load.stored.items()},
            result,
        )
        return load

    async def _queue(self, connection: Connection, arrivals: Sequence[Arrival], load: Loaded, result: Applied) -> None:
        """Queue what is new; drop what was applied or held before; park the stream of a fork (S3, W3)."""
        behind = [a for a in arrivals if a.version <= load.heads.get(a.stream_id, 0)]
        known = await store.read_leaves(connection, "kept.sql", behind)
        parked = [a for a in arrivals if a.stream_id in load.parked]
        known |= await store.read_leaves(connection, "held_leaves.sql", parked)
        for arrival in arrivals:
            place, queue = (arrival.stream_id, arrival.version), load.queues[arrival.stream_id]
            if place not in known and arrival.version > load.heads.get(arrival.stream_id, 0):
                waiting = queue.setdefault(arrival.version, arrival)
                if waiting is arrival:
                    continue
                known[place] = waiting.leaf
            if known.get(place) == arrival.leaf:
                result.repeats += 1
            else:
                result.forks.append(arrival)
                load.parked[arrival.stream_id] = Hold("parked", arrival.version, FORK, "another event stands there")

    async def _apply_loaded(
        self, connection: Connection, loaded: Loaded, now: datetime, result: Applied
    ) -> list[Attempt]:
        """Apply what was loaded: in one go, or, when the database refuses a set-based write, in parts that are halved
        under savepoints until the refused event stands alone and parks its stream (S4)."""
        poison: dict[Key, Failure] = {}
        attempts: list[Attempt] = []
        limit: int | None = None
        while True:
            applied: list[Arrival] = []
            try:
                async with connection.transaction():
                    attempt = await self._batches.attempt(connection, loaded, poison, now, limit)
                    applied = attempt.admitted.applied
                    await self._batches.write(connection, attempt, now)
            except asyncpg.PostgresError as error:
                meaning = classify(error)
                if not applied or not isinstance(meaning, Permanent):
                    raise
                if len(applied) > 1:
                    limit = len(applied) // 2
                    continue
                (event,) = applied
                self._blame(event, meaning, getattr(error, "constraint_name", None), loaded, poison, result)
                await self._halt_if_too_many(connection, now, also=len(poison))
            else:
                attempts.append(attempt)
                if attempt.admitted.complete:
                    return attempts
                loaded.heads = attempt.admitted.heads
                limit = 4 * (limit or 1)

    def _blame(
        self,
        event: Arrival,
        meaning: Permanent,
        constraint: str | None,
        loaded: Loaded,
        poison: dict[Key, Failure],
        result: Applied,
    ) -> None:
        """Park the stream of an event that the database refuses; at a taken log index it is a fork (W3)."""
        place = (event.stream_id, event.version)
        poison[place] = Failure(meaning.code, str(meaning))
        if constraint == _LOG_INDEX_CONSTRAINT:
            result.forks.append(loaded.queues[event.stream_id].pop(event.version))
            loaded.parked[event.stream_id] = Hold("parked", event.version, FORK, str(meaning))

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
        topics = {event.stream_id: event.topic for event in result.forks}
        holds: dict[UUID, store.StoredHold] = {}
        waiting: dict[Key, Arrival] = {}
        for stream_id, queue in loaded.queues.items():
            hold = attempt.admitted.holds.get(stream_id)
            if hold is None:
                continue
            queued = {version: event for version, event in queue.items() if version > heads.get(stream_id, 0)}
            waiting |= {(stream_id, version): event for version, event in queued.items()}
            before = loaded.stored.get(stream_id)
            topic = before.topic if before else topics.get(stream_id) or next(iter(queued.values())).topic
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
            else:
                retry_at = None  # what waits is woken by what it waits for, never by a clock
            holds[stream_id] = store.StoredHold(hold, topic, since, attempts, retry_at)
        await store.release(connection, loaded.held - waiting.keys())
        await store.hold(connection, [event for place, event in waiting.items() if place not in loaded.held])
        await store.replace_holds(connection, loaded.stored, holds)

    async def _halt_if_too_many(self, connection: Connection, now: datetime, *, also: int = 0) -> None:
        """Halted: more streams parked within the window than bad data explains. `also`: those not written yet."""
        window = now - timedelta(seconds=self._limit.window_seconds)
        ((parked, streams),) = await connection.fetch(sql(__package__, "parked_lately.sql"), window)
        if self._limit.exceeded(parked + also, streams):
            raise Halted(f"{parked + also} of {streams} streams parked within {self._limit.window_seconds:.0f} s")


def _reject_strangers(arrivals: list[Arrival], topics: dict[UUID, str], result: Applied) -> None:
    """Take out events whose stream is known from another topic: only a topic's owner speaks for its streams, so the
    id's other use belongs to none and may neither fork the stream nor queue behind it."""
    for arrival in list(arrivals):
        if topics.setdefault(arrival.stream_id, arrival.topic) != arrival.topic:
            arrivals.remove(arrival)
            place = (arrival.topic, arrival.partition, arrival.offset)
            result.rejected.append(Rejected(*place, "stream-of-another-topic", "subject"))
