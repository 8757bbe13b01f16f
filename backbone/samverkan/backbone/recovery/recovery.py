"""Log and topic brought to agree before anything is decided, numbered or sent (W2).

Run by the relay that holds the lease, each time before it sends. Every step is a transaction of bounded size that
begins with the lease, so that whatever kills this process, and whoever leads next, the comparison is simply made again
and finds less to do.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

import structlog
from aiokafka import AIOKafkaProducer

from samverkan.backbone.database import Connection, Pool, sql, transaction
from samverkan.backbone.recovery.comparing import Comparing, Difference, start_of
from samverkan.backbone.recovery.keeper import Keeper
from samverkan.backbone.recovery.own_topic import OwnTopic, Shape, own_topic
from samverkan.backbone.recovery.steps import Known, Steps, note_landmarks, say
from samverkan.backbone.recovery.taking_back import Found, LogDiffers, take_back
from samverkan.backbone.recovery.watching import watch
from samverkan.backbone.relay.guard import CompareAgain, Standstill
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
KAFKA_SECONDS: Final = 30.0


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
        self._steps = Steps(pool, keeper, beat)
        self._topic = topic
        self._bootstrap = bootstrap
        self._views = views
        self._keeper = keeper
        self._find = find

    async def agree(self, kafka: AIOKafkaProducer, holder: UUID, lease_seconds: float) -> None:
        """See `Guard.agree`."""
        known = await self._steps.begin(holder, lease_seconds)
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
        self._steps.admit(connection)

    async def rest(self) -> bool:
        """See `Guard.rest`."""
        async with transaction(self._steps.pool) as connection:
            return bool(
                await connection.fetchval(
                    "select case state when 'held' then held_by is null else coalesce(wanted_at > since, false) end "
                    "from recovery"
                )
            )

    async def watch(self) -> None:
        """See `Guard.watch`."""
        await watch(self._steps, self._bootstrap, self._topic)

    async def _compare(
        self, topic: OwnTopic, shape: Shape, known: Known, starts: dict[int, int], *, whole: bool
    ) -> Comparing:
        """LogDiffers: log and topic are not two copies of one history."""
        proven = 0 if whole else min(known.landmarks.proven, known.next_index)
        comparing = Comparing(known.next_index, proven, known.given_up)
        if late := [partition for partition, offset in shape.begins.items() if offset > 0]:
            raise LogDiffers(Difference("topic-begins-late", f"partition {late[0]} at {shape.begins[late[0]]}"))
        async for arrivals in topic.read(starts, shape.ends):
            async with self._steps.step() as (connection, _, _):
                leaves = await _leaves(connection, arrivals)
            for each in arrivals:
                comparing.take(each.partition, each.offset, each.log_index, each.leaf, leaves.get(each.log_index))
        index = proven
        while index < known.next_index:
            async with self._steps.step() as (connection, _, _):
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
        await self._steps.close("taking-back", len(wanted))
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
        async with self._steps.step() as (connection, next_index, _):
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
            # Counted with the events themselves: whoever is killed before the end leaves nothing to find, and yet
            # replies and positions are older than the journal from here on.
            await connection.execute(
                "update recovery set done = $1, taken_back = taken_back + $2", following - wanted.start, len(new)
            )
        return following

    async def _send_again(self, kafka: AIOKafkaProducer, shape: Shape, known: Known, comparing: Comparing) -> int:
        """Kafka behind: send what it lacks, in the log's order, before anything new. Returns how many records it had
        acknowledged and lost; what was under way when a relay ended is sent again without a word."""
        first = comparing.first_missing
        if first is None:
            return 0
        lost = first < known.cursor
        if lost:
            await self._steps.close("republishing", comparing.missing)
            log.warning("republishing", first=first, events=comparing.missing)
        sent = 0
        while first < known.next_index:
            async with self._steps.step() as (connection, _, _):
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
            async with asyncio.timeout(KAFKA_SECONDS):
                await send(kafka, records)
            sent += len(records)
            first = rows[-1]["logindex"] + 1
        return sent if lost else 0

    async def _conclude(self, known: Known, shape: Shape, taken_back: int, republished: int) -> None:
        """They agree: note it, and from where on the next comparison has to read."""
        async with self._steps.step() as (connection, next_index, _):
            await connection.execute("update sequencer set cursor = next")
            await note_landmarks(connection, shape, next_index)
            await connection.execute(sql(__package__, "agreed.sql"), self._steps.identity, known.began_at, republished)
        if taken_back or republished or not known.agreed:
            log.info("log_agrees", topic=self._topic.name, taken_back=taken_back, republished=republished)

    async def _stop(self, difference: Difference) -> None:
        """Read-only until somebody has understood it; one alarm for each difference, however often it is found."""
        async with self._steps.step() as (connection, _, _):
            before = await connection.fetchrow("select code, detail from recovery")
            await say(connection, "stopped", code=difference.code, detail=difference.detail)
        await self._keeper.look()
        if before is None or tuple(before) != (difference.code, difference.detail):
            alarm(Alarm.LOG_DIFFERS, topic=self._topic.name, code=difference.code, where=difference.detail)


async def _leaves(connection: Connection, arrivals: Sequence[Arrival]) -> dict[int, bytes]:
    rows = await connection.fetch(sql(__package__, "leaves.sql"), [each.log_index for each in arrivals])
    return {row["logindex"]: row["leaf"] for row in rows}
