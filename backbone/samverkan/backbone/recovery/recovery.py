"""Log and topic brought to agree before anything is decided, numbered or sent (W2).

Run by the relay that holds the lease, each time before it sends. Every step is a transaction of bounded size that
begins with the lease, so that whatever kills this process, and whoever leads next, the comparison is simply made again
and finds less to do.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from samverkan.backbone.database import Connection, Pool, identity_of, sql, transaction
from samverkan.backbone.errors import Transient
from samverkan.backbone.recovery.comparing import Comparing, Difference, Landmarks, start_of
from samverkan.backbone.recovery.keeper import Keeper
from samverkan.backbone.recovery.own_topic import OwnTopic, Shape, own_topic
from samverkan.backbone.recovery.taking_back import Found, LogDiffers, take_back
from samverkan.backbone.relay.guard import CompareAgain, LeaseLost, Standstill
from samverkan.backbone.relay.outgoing import outgoing
from samverkan.backbone.relay.sending import send
from samverkan.backbone.subscription.arrival import Arrival
from samverkan.backbone.telemetry.alarms import Alarm, alarm
from samverkan.backbone.view_table import ViewTables
from samverkan.schemas.catalogue import Topic

log = structlog.get_logger(__name__)

CHUNK_EVENTS: Final = 500  # of one transaction; the next kill -9 costs at most so many
CHUNK_BYTES: Final = 8 * 1024 * 1024
ROWS: Final = 5_000  # of the log read at once
STANDSTILL_SECONDS: Final = 30.0  # until a difference is looked at again by itself
HELD_SECONDS: Final = 1.0
LANDMARK_SECONDS: Final = 10.0  # the next start reads what was sent in the last so many, and what came after
WATCH_SECONDS: Final = 1.0
KAFKA_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Known:
    """What the database says when a comparison begins."""

    identity: str | None
    began_at: datetime
    next_index: int
    cursor: int
    landmarks: Landmarks
    given_up: frozenset[int]
    agreed: bool


@dataclass
class Lease:
    """Who leads, and for how long each transaction renews it."""

    holder: UUID
    seconds: float


class Recovery:
    """`relay.guard.Guard` of one service process."""

    def __init__(
        self,
        pool: Pool,
        topic: Topic,
        bootstrap: str,
        views: ViewTables,
        keeper: Keeper,
        *,
        find: Found | None = None,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        """`find`: under which blind index the stream of an event is known, for rows that the database lost."""
        self._pool = pool
        self._topic = topic
        self._bootstrap = bootstrap
        self._views = views
        self._keeper = keeper
        self._find = find
        self._beat = beat
        self._lease = Lease(UUID(int=0), 0.0)
        self._identity: str | None = None
        self._compared_at: datetime | None = None

    async def agree(self, kafka: AIOKafkaProducer, holder: UUID, lease_seconds: float) -> None:
        """See `Guard.agree`."""
        self._lease = Lease(holder, lease_seconds)
        known = await self._begin()
        try:
            async with own_topic(self._bootstrap, self._topic) as topic:
                shape = await topic.shape()
                starts, whole = start_of(known.landmarks, shape.topic_id, shape.begins, shape.ends)
                comparing = await self._compare(topic, shape, known, starts, whole=whole)
                taken_back = await self._take_back(topic, shape, known, starts, comparing)
            republished = await self._send_again(kafka, shape, known, comparing)
        except LogDiffers as differs:
            await self._stop(differs.difference)
            raise Standstill(differs.code, STANDSTILL_SECONDS) from None
        await self._conclude(known, shape, taken_back, republished)
        await self._keeper.look()

    def admit(self, connection: Connection) -> None:
        """See `Guard.admit`."""
        if identity_of(connection) != self._identity:
            raise CompareAgain("database-replaced")

    async def rest(self) -> bool:
        """See `Guard.rest`."""
        async with transaction(self._pool) as connection:
            return bool(
                await connection.fetchval(
                    "select case state when 'held' then held_by is null else coalesce(wanted_at > since, false) end "
                    "from recovery"
                )
            )

    async def watch(self) -> None:
        """See `Guard.watch`. Every ten seconds it notes how far topic and log are known to agree."""
        while True:
            try:
                async with own_topic(self._bootstrap, self._topic) as topic:
                    await self._watch(topic, await topic.shape())
            except (KafkaError, Transient) as error:  # the relay meets the same, and knows what to do
                log.debug("watch_postponed", error=type(error).__name__)
                await asyncio.sleep(WATCH_SECONDS)

    async def _watch(self, topic: OwnTopic, before: Shape) -> None:
        while True:
            for _ in range(round(LANDMARK_SECONDS / WATCH_SECONDS)):
                await asyncio.sleep(WATCH_SECONDS)
                await self._heed()
            shape = await topic.shape()
            if shape.topic_id != before.topic_id or any(shape.ends.get(p, 0) < end for p, end in before.ends.items()):
                raise CompareAgain("topic-recreated")
            async with self._step() as (connection, next_index, cursor):
                pass
            # What was numbered after the ends were read lies above them; what was numbered before must be acknowledged.
            while cursor < next_index:
                await asyncio.sleep(WATCH_SECONDS)
                cursor = await self._heed()
            async with self._step() as (connection, _, _):
                await self._note_landmarks(connection, shape, next_index)
            before = shape

    async def _heed(self) -> int:
        """The cursor. CompareAgain: the database is another one, or an operator asks for something."""
        async with transaction(self._pool) as connection:
            self.admit(connection)
            row = await connection.fetchrow(sql(__package__, "heed.sql"))
        if row is None or row["compared_with"] != self._identity:
            raise CompareAgain("log-not-compared")
        if row["asked"]:
            raise CompareAgain("operator-asked")
        return int(row["cursor"])

    @asynccontextmanager
    async def _step(self) -> AsyncIterator[tuple[Connection, int, int]]:
        """A transaction of the leading relay, in the database that is compared; with the next log index and cursor."""
        self._beat()
        async with transaction(self._pool) as connection:
            row = await connection.fetchrow(sql(__package__, "renew.sql"), self._lease.holder, self._lease.seconds)
            if row is None:
                raise LeaseLost
            if self._identity is not None:
                self.admit(connection)
            yield connection, row["next"], row["cursor"]

    async def _begin(self) -> Known:
        self._identity = None
        async with self._step() as (connection, next_index, cursor):
            identity = identity_of(connection)
            row = await connection.fetchrow("select *, now() from recovery")
            if (
                row is None
                or identity is None
                or identity != await connection.fetchval(sql(__package__, "identity.sql"))
            ):
                await self._pool.expire_connections()  # to tables that were made anew under them
                raise Transient("database-replaced", "a connection is older than the tables")
            marks = await connection.fetch("select partition, next_offset from landmark")
            lost = await connection.fetch("select logindex from lost_index")
            agreed = row["compared_with"] == identity
            held = row["held_by"] is not None
            if held:
                await self._say(connection, "held")
            elif not agreed and row["state"] != "stopped":
                await self._say(connection, "comparing")
        if held:
            await self._keeper.look()
            raise Standstill("held", HELD_SECONDS)
        if not agreed:
            self._keeper.gate.close("log-not-compared")
        self._identity = identity
        landmarks = Landmarks(
            row["topic_id"], row["proven"], {each["partition"]: each["next_offset"] for each in marks}
        )
        return Known(
            identity,
            row["now"],
            next_index,
            cursor,
            landmarks,
            frozenset(each["logindex"] for each in lost),
            agreed,
        )

    async def _compare(
        self, topic: OwnTopic, shape: Shape, known: Known, starts: dict[int, int], *, whole: bool
    ) -> Comparing:
        """LogDiffers: log and topic are not two copies of one history."""
        proven = 0 if whole else min(known.landmarks.proven, known.next_index)
        comparing = Comparing(known.next_index, proven, known.given_up)
        if late := [partition for partition, offset in shape.begins.items() if offset > 0]:
            raise LogDiffers(Difference("topic-begins-late", f"partition {late[0]} at {shape.begins[late[0]]}"))
        async for arrivals in topic.read(starts, shape.ends):
            async with self._step() as (connection, _, _):
                leaves = await _leaves(connection, arrivals)
            for each in arrivals:
                comparing.take(each.partition, each.offset, each.log_index, each.leaf, leaves.get(each.log_index))
        index = proven
        while index < known.next_index:
            async with self._step() as (connection, _, _):
                rows = await connection.fetch(sql(__package__, "log_rows.sql"), index, ROWS)
            for row in rows:
                comparing.log_row(row["logindex"], row["partition"])
            index = rows[-1]["logindex"] + 1 if rows else known.next_index
        if (difference := comparing.conclude()) is not None:
            raise LogDiffers(difference)
        return comparing

    async def _take_back(
        self, topic: OwnTopic, shape: Shape, known: Known, starts: dict[int, int], comparing: Comparing
    ) -> int:
        """Kafka ahead: write what the log lacks, in its order. Returns how many events."""
        wanted = comparing.ahead()
        if not wanted:
            return 0
        await self._close("taking-back", len(wanted))
        log.warning("taking_back", first=wanted.start, events=len(wanted))
        chunk: list[Arrival] = []
        following = known.next_index
        async for arrival in topic.merged(starts, shape.ends, known.next_index, known.given_up):
            chunk.append(arrival)
            if len(chunk) >= CHUNK_EVENTS or sum(len(each.entry) for each in chunk[-20:]) * 25 > CHUNK_BYTES:
                following = await self._write(chunk, following, wanted, known)
                chunk = []
        following = await self._write(chunk, following, wanted, known)
        if following < wanted.stop:
            raise LogDiffers(Difference("log-index-missing", str(following)))
        return len(wanted)

    async def _write(self, arrivals: Sequence[Arrival], following: int, wanted: range, known: Known) -> int:
        """Write those of them that the log lacks and compare the others with it, in one transaction."""
        if not arrivals:
            return following
        async with self._step() as (connection, next_index, _):
            if next_index != following:
                raise CompareAgain("log-moved")
            new: list[Arrival] = []
            for each in arrivals:
                if each.log_index >= following and (not new or each.log_index > new[-1].log_index):
                    new.append(each)
            if new:
                following = await take_back(connection, new, self._views, self._find, known.given_up)
                await connection.execute("update sequencer set next = $1", following)
            leaves = await _leaves(connection, arrivals)
            for each in arrivals:
                if leaves.get(each.log_index) != each.leaf:
                    where = f"log index {each.log_index} at partition {each.partition} offset {each.offset}"
                    raise LogDiffers(Difference("leaf-differs", where))
            await connection.execute("update recovery set done = $1", following - wanted.start)
        return following

    async def _send_again(self, kafka: AIOKafkaProducer, shape: Shape, known: Known, comparing: Comparing) -> int:
        """Kafka behind: send what it lacks, in the log's order, before anything new. Returns how many records it had
        acknowledged and lost; what was under way when a relay ended is sent again without a word."""
        first = comparing.first_missing
        if first is None:
            return 0
        lost = first < known.cursor
        if lost:
            await self._close("republishing", comparing.missing)
            log.warning("republishing", first=first, events=comparing.missing)
        sent = 0
        while first < known.next_index:
            async with self._step() as (connection, _, _):
                rows = await connection.fetch(sql(__package__, "sendable.sql"), first, CHUNK_EVENTS)
                if lost:
                    await connection.execute("update recovery set done = $1", sent)
            if not rows:
                break
            records = []
            for row in rows:
                if row["logindex"] >= known.next_index or not comparing.lacks(row["logindex"]):
                    continue
                record = outgoing(row, row["logindex"])
                if record.leaf != row["leaf"]:
                    raise LogDiffers(Difference("journal-altered", f"log index {row['logindex']}"))
                if record.partition >= shape.partitions:
                    detail = f"stream {row['stream_id']} is on {record.partition}, the topic has {shape.partitions}"
                    raise LogDiffers(Difference("partitions-missing", detail))
                records.append(record)
            await asyncio.wait_for(send(kafka, records), KAFKA_SECONDS)
            sent += len(records)
            first = rows[-1]["logindex"] + 1
        return sent if lost else 0

    async def _conclude(self, known: Known, shape: Shape, taken_back: int, republished: int) -> None:
        """They agree: note it, and from where on the next comparison has to read."""
        async with self._step() as (connection, next_index, _):
            await connection.execute("update sequencer set cursor = next")
            await self._note_landmarks(connection, shape, next_index)
            await connection.execute(
                sql(__package__, "agreed.sql"), self._identity, known.began_at, taken_back, republished
            )
        if taken_back or republished or not known.agreed:
            log.info("log_agrees", topic=self._topic.name, taken_back=taken_back, republished=republished)

    async def _note_landmarks(self, connection: Connection, shape: Shape, proven: int) -> None:
        await connection.execute("update recovery set topic_id = $1, proven = $2", shape.topic_id, proven)
        await connection.execute(sql(__package__, "landmarks.sql"), list(shape.ends.keys()), list(shape.ends.values()))

    async def _close(self, state: str, events: int) -> None:
        """From here on read-only, in every replica, until `_conclude`."""
        async with self._step() as (connection, _, _):
            await self._say(connection, state, events=events)
        await self._keeper.look()

    async def _stop(self, difference: Difference) -> None:
        """Read-only until somebody has understood it; one alarm for each difference, however often it is found."""
        async with self._step() as (connection, _, _):
            before = await connection.fetchrow("select code, detail from recovery")
            await self._say(connection, "stopped", code=difference.code, detail=difference.detail)
        await self._keeper.look()
        if before is None or tuple(before) != (difference.code, difference.detail):
            alarm(Alarm.LOG_DIFFERS, topic=self._topic.name, code=difference.code, where=difference.detail)

    async def _say(
        self, connection: Connection, state: str, *, code: str | None = None, detail: str = "", events: int = 0
    ) -> None:
        await connection.execute(sql(__package__, "say.sql"), state, code, detail, events)


async def _leaves(connection: Connection, arrivals: Sequence[Arrival]) -> dict[int, bytes]:
    rows = await connection.fetch(sql(__package__, "leaves.sql"), [each.log_index for each in arrivals])
    return {row["logindex"]: row["leaf"] for row in rows}
