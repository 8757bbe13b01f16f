"""The relay: journal → Kafka, at least once, in version order (J2, R1–R3).

One step of the active relay: number committed rows and store their log indexes and leaves; wait for the
acknowledgement of what was sent before; send. The cursor moves after the acknowledgement, in the next transaction that
numbers. A crash at any point repeats what was sent, with the same bytes, and never skips.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from samverkan.backbone.cancellation import end_if_cancelled
from samverkan.backbone.database import Connection, Pool, sql, transaction
from samverkan.backbone.errors import Transient
from samverkan.backbone.pace import Pace
from samverkan.backbone.relay.guard import CompareAgain, Guard, LeaseLost, Standstill
from samverkan.backbone.relay.outgoing import Outgoing, numbered, outgoing
from samverkan.backbone.relay.sending import producer, send
from samverkan.backbone.relay.session import RelaySession
from samverkan.backbone.telemetry import metrics
from samverkan.schemas.catalogue import Topic

log = structlog.get_logger(__name__)

FEW_ROWS: Final = 100  # a round with no more is one that costs the same with more of them
PARTITIONS_REFRESH_SECONDS: Final = 30.0  # how soon a new partition gets its first stream; nothing waits for it
KAFKA_SECONDS: Final = 30.0  # three times the client's own limit, which a broker that dies at the wrong moment defeats
STANDBY_SECONDS: Final = 1.0  # a lease that is given back is taken up within this, whatever its length


@dataclass(frozen=True)
class RelayPolicy:
    """How the relay waits. Durations in seconds.

    lease: three missed renewals and a margin; shorter, and one slow failover changes holder twice.
    batch_rows: rows numbered in one transaction; larger means fewer commits and a longer lock on the sequencer.
    """

    poll_interval_seconds: float = 0.05
    lease_seconds: float = 15.0
    batch_rows: int = 4000
    retry_seconds: float = 0.5


class Relay:
    """The relay of one service process. Several may run; the lease in the database lets one be active (R2)."""

    def __init__(
        self,
        pool: Pool,
        topic: Topic,
        bootstrap: str,
        policy: RelayPolicy,
        *,
        beat: Callable[[], None] = lambda: None,
        guard: Guard | None = None,
    ) -> None:
        """`guard` brings log and topic to agree before anything is sent (W2); without one nothing is compared."""
        self._guard = guard
        self._pool = pool
        self._topic = topic
        self._bootstrap = bootstrap
        self._policy = policy
        self._beat = beat
        self._holder: Final[UUID] = uuid4()
        self._session = RelaySession(pool)
        self._pace = Pace()
        self._wake = asyncio.Event()
        self._draining = asyncio.Event()
        self._next = 0
        self.active = False
        self.partitions: int | None = None

    def wake(self) -> None:
        """Something was committed: do not wait for the next poll (R3). Safe to call at any rate."""
        self._wake.set()

    async def run(self) -> None:
        """Lead when the lease allows, stand by otherwise, until `drain`. Returns with the lease released."""
        try:
            await self._lead_or_stand_by()
        finally:
            await self._session.release()

    async def _lead_or_stand_by(self) -> None:
        while not self._draining.is_set():
            end_if_cancelled()
            try:
                await self._lead()
            except LeaseLost:
                await self._session.release()  # so that the other can have it
                await self._rest(min(self._policy.lease_seconds / 3, STANDBY_SECONDS))
            except Standstill as still:
                await self._stand_still(still.seconds)
            except (Transient, CompareAgain, KafkaError, TimeoutError) as error:
                log.warning("relay_interrupted", error=type(error).__name__, code=getattr(error, "code", None))
                await self._rest(self._policy.retry_seconds)
            finally:
                self.active = False
        with suppress(Transient):
            async with transaction(self._pool) as connection:
                await connection.execute(sql(__package__, "release.sql"), self._holder)

    def drain(self) -> None:
        """Send what is committed, release the lease, return from `run`."""
        self._draining.set()
        self._wake.set()

    async def _lead(self) -> None:
        await self._recall_partitions()
        cursor = await self._take_lease(alone=await self._session.hold())
        kafka = producer(self._bootstrap, f"relay-{self._topic.owner}")
        try:
            async with asyncio.timeout(KAFKA_SECONDS):
                await kafka.start()
            await self._learn_partitions(kafka)
            if self._guard is not None:
                await self._guard.agree(kafka, self._holder, self._policy.lease_seconds)
                cursor = self._next = await self._take_lease(alone=self._session.held)
            self.active = True
            log.info("relay_active", topic=self._topic.name, cursor=cursor)
            await self._relay_watched(kafka, cursor)
        finally:
            await _drop(kafka)

    async def _relay_watched(self, kafka: AIOKafkaProducer, cursor: int) -> None:
        """Relay until a drain, or until what was compared is not what is there any more (W2)."""
        relaying = asyncio.ensure_future(self._relay_from(kafka, cursor, await self._resend(kafka, cursor)))
        tasks = {relaying}
        if self._guard is not None:
            tasks.add(asyncio.ensure_future(self._guard.watch()))
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _relay_from(self, kafka: AIOKafkaProducer, stored: int, cursor: int) -> None:
        """The steady state: the next rows are numbered while Kafka takes the last ones; only one send is under way.

        `cursor` runs ahead of the stored one by what the next transaction will store. Rows that were numbered and not
        sent when this ends with an error stand in the log, and whoever leads next sends them from the cursor.
        """
        refreshed = renewed = _monotonic()
        sending: asyncio.Task[int] | None = None
        try:
            while True:
                end_if_cancelled()
                self._beat()
                self._wake.clear()
                began = _monotonic()
                draining = self._draining.is_set()  # read before looking: what was committed before `drain` is seen
                due = began - renewed > self._policy.lease_seconds / 3
                rows: list[Outgoing] = []
                if sending is not None and sending.done():  # its cursor is stored with the next numbering
                    cursor, sending = await sending, None
                if due and not self._session.held:  # taken when the lease of a silent one ran out
                    await self._take_lease(alone=await self._session.hold())
                if cursor > stored or due or await self._pending():
                    rows = await self.number(cursor)
                    stored, renewed = cursor, _monotonic()
                idle = sending is None and not rows
                if sending is not None:
                    cursor, sending = await sending, None
                if rows:
                    sending = asyncio.create_task(self._sent(kafka, rows))
                if draining and len(rows) < self._policy.batch_rows:
                    await self._store(cursor if sending is None else await sending)
                    return
                if idle:
                    await self._pause(self._policy.poll_interval_seconds)
                elif 0 < len(rows) <= FEW_ROWS:
                    await self._rest(self._pace.rest_after(renewed - began, len(rows)))
                if _monotonic() - refreshed > PARTITIONS_REFRESH_SECONDS:
                    await self._learn_partitions(kafka)
                    refreshed = _monotonic()
        finally:
            if sending is not None:  # the producer is dropped next; what became of this is in the topic, and repeated
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)

    async def _sent(self, kafka: AIOKafkaProducer, rows: Sequence[Outgoing]) -> int:
        """Send the rows; on return Kafka has acknowledged them, and this is the new cursor."""
        await self._send(kafka, rows)
        return rows[-1].log_index + 1

    async def number(self, cursor: int) -> list[Outgoing]:
        """Move the stored cursor to `cursor` and number the next committed rows, in one transaction (J2, R1).

        LeaseLost: another relay is active; nothing was changed.
        """
        async with transaction(self._pool) as connection:
            began = _monotonic()
            sequencer = await connection.fetchrow(sql(__package__, "lock_sequencer.sql"), self._holder)
            metrics.SEQUENCER_WAIT_SECONDS.observe(_monotonic() - began)
            if sequencer is None:
                raise LeaseLost
            self._admit(connection, sequencer["next"])
            taken = await connection.fetch(sql(__package__, "take_unsequenced.sql"), self._policy.batch_rows)
            rows = numbered(taken, sequencer["next"])
            if rows:
                await connection.execute(
                    sql(__package__, "number.sql"),
                    [row.log_index for row in rows],
                    [row.position for row in rows],
                    [row.leaf for row in rows],
                )
            await connection.execute(
                sql(__package__, "move_cursor.sql"), sequencer["next"] + len(rows), cursor, self._policy.lease_seconds
            )
        self._next = sequencer["next"] + len(rows)
        return rows

    async def _store(self, cursor: int) -> None:
        """Move the stored cursor and number nothing: the last act of a drain."""
        async with transaction(self._pool) as connection:
            sequencer = await connection.fetchrow(sql(__package__, "lock_sequencer.sql"), self._holder)
            if sequencer is None:
                raise LeaseLost
            self._admit(connection, sequencer["next"])
            await connection.execute(
                sql(__package__, "move_cursor.sql"), sequencer["next"], cursor, self._policy.lease_seconds
            )

    async def _take_lease(self, *, alone: bool = False) -> int:
        async with transaction(self._pool) as connection:
            row = await connection.fetchrow(
                sql(__package__, "lease.sql"), self._holder, self._policy.lease_seconds, alone
            )
        if row is None:
            raise LeaseLost
        cursor: int = row["cursor"]
        return cursor

    async def _resend(self, kafka: AIOKafkaProducer, cursor: int) -> int:
        """Send what was numbered and never known to be acknowledged; the new cursor."""
        while True:
            async with transaction(self._pool) as connection:
                rows = await connection.fetch(sql(__package__, "unacknowledged.sql"), cursor, self._policy.batch_rows)
            if not rows:
                return cursor
            await self._send(kafka, [outgoing(row, row["logindex"]) for row in rows])
            cursor = rows[-1]["logindex"] + 1

    async def _send(self, kafka: AIOKafkaProducer, rows: Sequence[Outgoing]) -> None:
        try:
            async with asyncio.timeout(KAFKA_SECONDS):
                batches = await send(kafka, rows)
        except (KafkaError, TimeoutError):
            metrics.RELAY_SEND_ERRORS.inc()
            raise
        metrics.RELAY_SENT.inc(len(rows))
        metrics.RELAY_BATCHES.inc(batches)

    async def _pending(self) -> bool:
        async with transaction(self._pool) as connection:
            return bool(await connection.fetchval(sql(__package__, "pending.sql")))

    async def _recall_partitions(self) -> None:
        """What Kafka said before: commands are welcome while it is away, and while this relay stands by."""
        if self.partitions is None:
            async with transaction(self._pool) as connection:
                self.partitions = await connection.fetchval(
                    "select partitions from topic where name = $1", self._topic.name
                )

    async def _learn_partitions(self, kafka: AIOKafkaProducer) -> None:
        await kafka.client.force_metadata_update()  # else what the client knows may be five minutes old
        partitions = await kafka.partitions_for(self._topic.name)
        async with transaction(self._pool) as connection:
            await connection.execute(sql(__package__, "partitions.sql"), self._topic.name, len(partitions))
        self.partitions = len(partitions)

    async def _pause(self, seconds: float) -> None:
        """Wait for work."""
        self._beat()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    def _admit(self, connection: Connection, next_index: int) -> None:
        """CompareAgain: this is not the database that was compared, or not as this relay left it, which alone moves the
        next log index; nothing may be numbered in it (W2)."""
        if self._guard is None:
            return
        self._guard.admit(connection)
        if next_index != self._next:
            raise CompareAgain("database-replaced")

    async def _stand_still(self, seconds: float) -> None:
        """Wait for a human, or until it is time to look again by itself."""
        until = _monotonic() + seconds
        while not self._draining.is_set() and _monotonic() < until:
            await self._rest(1.0)
            with suppress(Transient):
                if self._guard is not None and await self._guard.rest():
                    return

    async def _rest(self, seconds: float) -> None:
        """Wait for better times: work does not wake a relay that cannot do it, a drain does."""
        self._beat()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._draining.wait()


async def _drop(kafka: AIOKafkaProducer) -> None:
    """Stop a producer that may be broken: its own errors change nothing any more."""
    with suppress(KafkaError, TimeoutError):
        async with asyncio.timeout(5.0):
            await kafka.stop()


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
