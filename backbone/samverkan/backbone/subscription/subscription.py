"""A service's subscription: FastStream delivers batches, the applier applies them.

What the library does by default is not what the invariants need, so: the raw records are taken, not FastStream's
decoding, which hides missing values and dies of a header that is no text; acknowledgement is manual and only moves
the group's offsets for lag dashboards; nothing is raised out of the handler, because a raise leaves the partition
stuck; positions come from the store (S1), and the consumer never falls back to one of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any, Final, TypeVar

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage
from faststream.kafka.message import KafkaAckableMessage

from samverkan.backbone.cancellation import end_if_cancelled
from samverkan.backbone.errors import Transient
from samverkan.backbone.pace import Pace
from samverkan.backbone.subscription.apply import TOPIC_RECREATED, Applied, Applier, Halted
from samverkan.backbone.subscription.arrival import Arrival, Rejected
from samverkan.backbone.subscription.consumer import TolerantConsumer, Watch
from samverkan.backbone.subscription.positions import Place, Polled, Positions, PositionsListener, Standing
from samverkan.backbone.subscription.topic_id import read_topic_ids
from samverkan.backbone.telemetry.alarms import Alarm, alarm
from samverkan.schemas.catalogue import Topic

log = structlog.get_logger(__name__)

T = TypeVar("T")

RETRY_BACKOFF_MS: Final = 500  # the library's 100, in every process, kept a broker that starts on two cores from it
READ_AT_ONCE: Final = 100  # records, some 2 ms; longer, and PostgreSQL waits for us instead of us for it
COMMIT_SECONDS: Final = 1.0  # how often the group's offsets are told to Kafka; nothing but lag dashboards reads them
CARE_SECONDS: Final = 1.0
METADATA_SECONDS: Final = 10.0  # an added partition is read within this (S8); the library's default is five minutes
TOPIC_CHECK_SECONDS: Final = 30.0  # besides the start, every assignment and every position that Kafka has not


@dataclass(frozen=True)
class SubscriptionPolicy:
    """How a subscription fetches and waits.

    batch_timeout_ms: how long a poll waits for records before it looks again; FastStream then sleeps as long once
    more, so it is half of the latency when idle. max_records: rows per transaction; larger means fewer commits and
    longer locks. retry_cap_seconds: the longest wait between attempts while the database is away (S2). instance: the
    name of this process among the replicas of the group; restarted under it, it has its partitions back at once.
    """

    batch_timeout_ms: int = 10
    max_records: int = 2000
    retry_first_seconds: float = 0.05
    retry_cap_seconds: float = 5.0
    instance: str | None = None


class Subscription:
    """Consumes the topics of one service as a member of its group, until `stop`."""

    def __init__(
        self,
        name: str,
        topics: Sequence[Topic],
        bootstrap: str,
        applier: Applier,
        policy: SubscriptionPolicy,
        *,
        beat: Callable[[], None] = lambda: None,
        on_applied: Callable[[Applied], None] = lambda _: None,
    ) -> None:
        self._name = name
        self._topics = tuple(topic.name for topic in topics)
        self._bootstrap = bootstrap
        self._applier = applier
        self._policy = policy
        self._beat = beat
        self._on_applied = on_applied
        self._random = Random(name)
        self._pace = Pace()
        self._positions = Positions(self._consumer)
        self._polled = Polled()
        self._applying: asyncio.Task[None] | None = None
        # Not FastStream's, which holds the message: timers that the database driver sets would keep it for minutes.
        self._context = copy_context()
        self._topics_checked_at: float | None = None
        self._committed_at = 0.0
        self._stopping = asyncio.Event()
        self._broker: KafkaBroker | None = None
        self._subscriber: Any = None
        self._failed: BaseException | None = None
        self.halted: str | None = None

    async def run(self) -> None:
        """Consume until `stop`. A halt of an earlier run is lifted: a restart is how a mended release takes over.

        Raises what neither a retry nor parking can help with; the process ends, and somebody sees it restart.
        """
        try:
            await self._until_it_works(self._applier.resume)
            self._positions.begin(await self._until_it_works(self._applier.read_offsets))
        except _Stopped:
            return
        self._broker = self._make_broker()
        while not self._stopping.is_set():
            try:
                await self._broker.start()
                break
            except KafkaError as error:
                log.warning("subscription_cannot_connect", error=type(error).__name__)
                await self._broker.stop()
                await self._pause(1.0)
        caring = asyncio.create_task(self._care())
        stopped = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((caring, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            caring.cancel()
            stopped.cancel()
            await self._broker.stop()
            await self._batch_applied()
            with suppress(asyncio.CancelledError, _Stopped):
                await caring
        if self._failed is not None:
            raise self._failed

    def stop(self) -> None:
        """Take in no more; a batch under way is finished or rolled back."""
        self._stopping.set()

    def positions(self) -> Mapping[Place, int]:
        """The next offset of each partition as last stored."""
        return self._positions.stored

    def lag(self) -> int | None:
        """How many records are not applied on the partitions assigned here; None while that is not known."""
        standings = list(self.standings().values())
        known = [standing.lag for standing in standings if standing is not None]
        return sum(known) if standings and len(known) == len(standings) else None

    def standings(self) -> dict[str, Standing | None]:
        """How far each topic is applied, over the partitions assigned here; None while its end is not known."""
        return self._positions.standings()

    def _make_broker(self) -> KafkaBroker:
        broker = _Broker(
            self._bootstrap,
            watch=Watch(self._note_poll, self._lose, self._fail, self._positions.dropped),
            client_id=f"subscription-{self._name}",
            allow_auto_create_topics=False,
            consumer_only=True,
            retry_backoff_ms=RETRY_BACKOFF_MS,
            metadata_max_age_ms=int(METADATA_SECONDS * 1000),
            logger=None,
        )
        self._subscriber = broker.subscriber(
            *self._topics,
            batch=True,
            group_id=f"samverkan.{self._name}",
            group_instance_id=self._policy.instance,
            auto_offset_reset="none",
            ack_policy=AckPolicy.MANUAL,
            batch_timeout_ms=self._policy.batch_timeout_ms,
            max_records=self._policy.max_records,
            fetch_max_wait_ms=100,
            listener=PositionsListener(self._assigned),
            parser=self._take_raw,
            decoder=_not_decoded,
        )
        self._subscriber(self._handle)
        return broker

    async def _take_raw(self, records: Any) -> KafkaAckableMessage:
        return KafkaAckableMessage(body=b"", raw_message=records, consumer=self._consumer())

    def _note_poll(self) -> None:
        """Called as records are handed over, before anything else can run: what holds for them is noted now."""
        self._beat()
        self._polled = self._positions.polled()

    async def _handle(self, message: KafkaMessage) -> None:
        """Read a batch while the database is still at work on the one before, and begin to apply it after that one.

        FastStream fetches the next batch meanwhile; three are on their way at most, and one transaction.
        """
        polled = self._polled
        records: Sequence[Any] = message.raw_message
        arrived: list[Arrival | Rejected] = []
        for start in range(0, len(records), READ_AT_ONCE):
            arrived += self._applier.read(records[start : start + READ_AT_ONCE])
            await asyncio.sleep(0)  # the transaction under way gets its next statement out
        await self._batch_applied()
        began = asyncio.get_running_loop().time()
        self._applying = asyncio.create_task(self._apply_or_fail(arrived, polled), context=self._context)
        if len(records) <= READ_AT_ONCE:  # nothing to read meanwhile; what comes now makes the next batch larger
            await self._batch_applied()
            await self._pause(self._pace.rest_after(asyncio.get_running_loop().time() - began, len(records)))

    async def _batch_applied(self) -> None:
        if self._applying is not None:
            await self._applying

    async def _apply_or_fail(self, arrived: Sequence[Arrival | Rejected], polled: Polled) -> None:
        try:
            await self._apply(arrived, polled)
        except _Stopped:
            return
        except Exception as error:  # noqa: BLE001 - raised from `run`: FastStream would drop it and leave us stuck (S2)
            self._fail(error)

    def _consumer(self) -> AIOKafkaConsumer | None:
        return None if self._subscriber is None else self._subscriber.consumer

    async def _apply(self, arrived: Sequence[Arrival | Rejected], polled: Polled) -> None:
        """Apply a batch, however long it takes: nothing is raised away (S2)."""
        attempts = 0
        while not self._stopping.is_set():
            self._beat()
            try:
                await self._check_topics()
                applied = await self._applier.apply_read(arrived, polled.proven)
            except Transient as error:
                attempts += 1
                log.warning("batch_postponed", code=error.code, reason=str(error), attempts=attempts)
                await self._backoff(attempts)
            except Halted as error:
                await self._halt(error)
            else:
                self._positions.moved(applied, polled)
                self._on_applied(applied)
                await self._tell_kafka()
                return

    def _assigned(self, places: Iterable[Place]) -> None:
        self._topics_checked_at = None
        self._positions.assigned(places)

    def _fail(self, error: Exception) -> None:
        """Nothing will be consumed any more: `run` raises it, and the process ends (S2)."""
        self._failed = error
        self.stop()

    def _lose(self, partition: TopicPartition) -> None:
        """Kafka has no record at the stored offset: the topic is another one, or records are gone."""
        self._topics_checked_at = None
        self._positions.lost(partition)

    async def _check_topics(self) -> None:
        """Halted `topic-recreated`: a topic is not the one that the stored offsets belong to (S1)."""
        now, consumer = asyncio.get_running_loop().time(), self._consumer()
        checked_at = self._topics_checked_at
        if consumer is None or (checked_at is not None and now - checked_at < TOPIC_CHECK_SECONDS):
            return
        try:
            ids = await read_topic_ids(consumer, self._topics)
        except KafkaError as error:
            raise Transient("kafka-unreachable", type(error).__name__) from None
        await self._applier.compare_topics(ids)
        if self._topics_checked_at == checked_at:  # else a new assignment came while the answer was under way
            self._topics_checked_at = now

    async def _check_store(self) -> None:
        """Go back where the store was put back beneath us: an older backup, restored while we run (S1).

        The next record of a partition would show it, but there may be none for long.
        """
        known = dict(self._positions.stored)  # before the store is asked: it is never behind, unless it was put back
        self._positions.put_back(known, await self._applier.read_offsets())

    async def _tell_kafka(self) -> None:
        consumer, now = self._consumer(), asyncio.get_running_loop().time()
        if consumer is None or now - self._committed_at < COMMIT_SECONDS:
            return
        self._committed_at = now
        # Dashboards only: the store's offset is the one that counts, and no batch waits for a broker that is away.
        with suppress(KafkaError, IllegalStateError, TimeoutError):
            async with asyncio.timeout(COMMIT_SECONDS):
                await consumer.commit(self._positions.of_assigned(consumer))

    async def _halt(self, halt: Halted) -> None:
        """Stand still until a restart or an operator lifts the halt; a process that has not noted it notes it."""
        if not halt.noted:
            await self._until_it_works(lambda: self._applier.halt(str(halt)))
            if halt.code == TOPIC_RECREATED:
                alarm(Alarm.TOPIC_RECREATED, reason=str(halt))
            else:
                alarm(Alarm.HALTED, reason=str(halt))
        self.halted = str(halt)
        while await self._until_it_works(self._applier.is_halted):
            self._beat()
            await self._pause(1.0)
        self.halted = None
        self._topics_checked_at = None

    async def _care(self) -> None:
        """What is due besides new records: is each topic the one it was, and which parked streams are tried again."""
        while True:
            end_if_cancelled()
            if isinstance(consumer := self._consumer(), TolerantConsumer) and consumer.ask_for_all():
                log.info("group_asked_for_all_partitions")
            try:
                await self._check_topics()
                await self._check_store()
                applied = None if self.halted is not None else await self._applier.retry_due()
            except Transient as error:
                log.warning("care_postponed", code=error.code, reason=str(error))
            except Halted as error:
                await self._halt(error)
            else:
                if applied is not None:
                    self._on_applied(applied)
            await asyncio.sleep(CARE_SECONDS)

    async def _until_it_works(self, call: Callable[[], Awaitable[T]]) -> T:
        """_Stopped: told to stop before it did."""
        attempts = 0
        while not self._stopping.is_set():
            try:
                return await call()
            except Transient as error:
                attempts += 1
                log.warning("store_unreachable", code=error.code, reason=str(error), attempts=attempts)
                await self._backoff(attempts)
        raise _Stopped

    async def _backoff(self, attempts: int) -> None:
        wait = min(self._policy.retry_cap_seconds, self._policy.retry_first_seconds * 2 ** min(attempts, 20))
        await self._pause(wait * (0.5 + self._random.random()))

    async def _pause(self, seconds: float) -> None:
        self._beat()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()


class _Broker(KafkaBroker):
    """FastStream's broker with a consumer that no record can stop."""

    def __init__(self, bootstrap: str, *, watch: Watch, **options: Any) -> None:
        super().__init__(bootstrap.split(","), **options)  # it would take several in one string for one
        self._watch = watch

    async def _connect(self) -> Any:
        made: Any = await super()._connect()
        builder = partial(TolerantConsumer, watch=self._watch, **made.keywords)
        self.config.broker_config.builder = builder
        return builder


class _Stopped(Exception):
    """The subscription was told to stop while it waited."""


async def _not_decoded(_: KafkaAckableMessage) -> bytes:
    return b""
