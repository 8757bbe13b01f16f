"""How long it takes from a commit here until another's store shows it, at a modest rate of commands."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from uuid import UUID, uuid4

from aiokafka import AIOKafkaProducer

from samverkan.backbone.clock import SystemClock
from samverkan.backbone.command import Context
from samverkan.backbone.database import Pool, transaction
from samverkan.backbone.decider import Aggregate, Order
from samverkan.backbone.errors import Refused
from samverkan.backbone.journal.commands import JournalCommands, States
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.relay.outgoing import Outgoing
from samverkan.backbone.relay.relay import Relay, RelayPolicy
from samverkan.backbone.subscription import store
from samverkan.backbone.subscription.apply import Applied, Applier
from samverkan.backbone.subscription.subscription import Subscription, SubscriptionPolicy
from samverkan.backbone.view_table import ViewTables
from samverkan.cli.bench.applying import Ends, agency_batches
from samverkan.cli.bench.figures import Latency
from samverkan.cli.bench.filling import event
from samverkan.cli.bench.pace import steadily, until
from samverkan.cli.bench.place import Place
from samverkan.cli.bench.visible_floor import carry_by_hand
from samverkan.schemas.catalogue import Topic
from samverkan.schemas.event import Event

COMMANDS_PER_SECOND = 50.0
_STREAMS = 50

Moments = dict[tuple[UUID, int], float]
"""When an event, by stream and version, had come so far."""


@dataclass
class Way:
    """The moments of each event on its way."""

    began: Moments = field(default_factory=dict)
    committed: Moments = field(default_factory=dict)
    numbered: Moments = field(default_factory=dict)
    acknowledged: Moments = field(default_factory=dict)
    visible: Moments = field(default_factory=dict)


class TimedRelay(Relay):
    """The relay, which notes when rows were numbered and when Kafka had acknowledged them."""

    way: Way

    async def number(self, cursor: int) -> list[Outgoing]:
        """As the relay does."""
        rows = await super().number(cursor)
        _note(self.way.numbered, rows)
        return rows

    async def _send(self, kafka: AIOKafkaProducer, rows: Sequence[Outgoing]) -> None:
        await super()._send(kafka, rows)
        _note(self.way.acknowledged, rows)


async def measure_visible(place: Place, own: Pool, topic: Topic, begin: Ends, seconds: float) -> tuple[Latency, ...]:
    """Commands at a steady rate, relay and agency all in this process; then one row at a time by hand."""
    commands = max(2, int(COMMANDS_PER_SECOND * seconds))
    async with place.database("visible", "agency") as other:
        way = await _run(place, own, other, topic, begin, commands)
        floor = await carry_by_hand(place, own, other, commands, COMMANDS_PER_SECOND)
    return (
        Latency.of("append", "a command: lock, decide, append, commit", _between(way.began, way.committed)),
        Latency.of("commit to log index", "numbered and hashed", _between(way.committed, way.numbered)),
        Latency.of("commit to acknowledged", "Kafka has it", _between(way.committed, way.acknowledged)),
        Latency.of("commit to visible", "applied in an agency's store", _between(way.committed, way.visible)),
        Latency.of("floor of commit to visible", "aiokafka send_batch, getmany, COPY, commit; no polling", floor),
    )


async def _run(place: Place, own: Pool, other: Pool, topic: Topic, begin: Ends, commands: int) -> Way:
    way, journal = Way(), Journal(topic)
    relay = TimedRelay(own, topic, place.kafka.bootstrap, RelayPolicy())
    relay.way = way
    committed = 0.0

    def on_commit() -> None:
        nonlocal committed
        committed = perf_counter()
        relay.wake()

    states, views = States(journal), ViewTables((), shared=True)
    executor = JournalCommands(own, journal, states, views, on_commit=on_commit, ready=lambda: True)
    arrived = asyncio.Event()

    def on_applied(applied: Applied) -> None:
        now = perf_counter()
        way.visible.update(((arrival.stream_id, arrival.version), now) for arrival in applied.events)
        if len(way.visible) >= commands:
            arrived.set()

    async with transaction(other) as connection:
        await store.move_offsets(connection, begin, {})
    name, policy = "agency.visible", SubscriptionPolicy()
    applier = Applier(other, name, agency_batches(name, topic), SystemClock())
    subscription = Subscription(name, [topic], place.kafka.bootstrap, applier, policy, on_applied=on_applied)
    aggregate, streams = _aggregate(topic), [uuid4() for _ in range(_STREAMS)]

    async def command(number: int) -> None:
        began = perf_counter()
        order = Order(aggregate, streams[number % _STREAMS], None)
        executed = await executor.execute(order, Context(datetime.now(UTC), uuid4()))
        key = (executed.stream_id, executed.version)
        way.began[key], way.committed[key] = began, committed

    tasks = [asyncio.create_task(relay.run()), asyncio.create_task(subscription.run())]
    try:
        await until(lambda: relay.active and subscription.lag() is not None, seconds=30)
        await steadily(commands, COMMANDS_PER_SECOND, command)
        async with asyncio.timeout(30):
            await arrived.wait()
    finally:
        relay.drain()
        subscription.stop()
        await asyncio.gather(*tasks)
    return way


def _aggregate(topic: Topic) -> Aggregate[int]:
    """A case that takes whatever comes next; its state is its version."""

    def decide(_: None, version: int) -> Sequence[Event]:
        return [event(version + 1)]

    def refusal(_: object, refused: Refused) -> Event:
        raise refused

    return Aggregate("bench", topic.name, 0, decide, lambda version, _: version + 1, refusal)


def _note(moments: Moments, rows: Sequence[Outgoing]) -> None:
    now = perf_counter()
    for row in rows:
        headers = dict(row.headers)
        moments[UUID(headers["ce_subject"].decode()), int(headers["ce_streamversion"])] = now


def _between(since: Moments, until: Moments) -> list[float]:
    return [until[key] - moment for key, moment in since.items()]
