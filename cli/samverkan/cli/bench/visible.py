"""How long it takes from a commit here until another's store shows it, at a fixed rate of commands.

Commands, relay and agency share one process and its event loop, so that one clock times all. Nothing inside them is
changed: an append is timed around the command, an acknowledgement is seen in the relay's own counter of sent rows, an
arrival where the subscription hands a batch to the applier, visibility in what the applier says after its commit.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from time import perf_counter
from uuid import UUID, uuid4

from samverkan.backbone.clock import SystemClock
from samverkan.backbone.command import Context
from samverkan.backbone.database import Pool
from samverkan.backbone.decider import Aggregate, Order
from samverkan.backbone.errors import Refused
from samverkan.backbone.journal.commands import JournalCommands
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.journal.states import States
from samverkan.backbone.relay.relay import Relay, RelayPolicy
from samverkan.backbone.subscription.apply import Applied, Applier
from samverkan.backbone.subscription.arrival import Arrival, Record, Rejected
from samverkan.backbone.subscription.subscription import Subscription, SubscriptionPolicy
from samverkan.backbone.telemetry import metrics
from samverkan.backbone.view_table import ViewTables
from samverkan.cli.bench.applying import agency_batches
from samverkan.cli.bench.figures import Latency, PartFigures
from samverkan.cli.bench.filling import event
from samverkan.cli.bench.pace import steadily, until
from samverkan.cli.bench.place import FLOOR, Place
from samverkan.cli.bench.size import Size
from samverkan.cli.bench.visible_floor import carry_by_hand
from samverkan.cli.up.say import progress
from samverkan.schemas.catalogue import PARTICIPANT, Topic
from samverkan.schemas.event import Event

_STREAMS = 200
_AT_ONCE = 32  # commands under way, as many as a service's pool lets through and some that wait
_LOG = "select l.logindex, j.stream_id, j.version from log as l join journal as j on j.position = l.position"

Moments = dict[tuple[UUID, int], float]
"""When an event, by stream and version, had come so far."""


@dataclass
class Way:
    """The moments of each event on its way. `acknowledged`: how many rows Kafka had taken, and when."""

    began: Moments = field(default_factory=dict)
    committed: Moments = field(default_factory=dict)
    acknowledged: list[tuple[int, float]] = field(default_factory=list)
    offsets: dict[tuple[str, int, int], float] = field(default_factory=dict)
    arrived: Moments = field(default_factory=dict)
    visible: Moments = field(default_factory=dict)


class _TimedApplier(Applier):
    """The applier, which notes when it is given a record."""

    way: Way

    def read(self, records: Iterable[Record]) -> list[Arrival | Rejected]:
        """As the applier does."""
        now, records = perf_counter(), list(records)
        for record in records:
            self.way.offsets.setdefault((record.topic, record.partition, record.offset), now)
        return super().read(records)


async def measure(place: Place, size: Size) -> PartFigures:
    """At each rate; then one row at a time by hand."""
    latencies: list[Latency] = []
    notes = []
    for rate in size.visible_rates:
        commands = max(2, int(rate * size.visible_seconds))
        async with (
            place.topics([PARTICIPANT, FLOOR]),
            place.database("visible_from", "intake", connections=16) as own,
            place.database("visible_to", "agency") as other,
        ):
            began = perf_counter()
            way, acknowledged = await _run(place, own, other, PARTICIPANT, commands, rate)
            given = commands / (max(way.committed.values()) - min(way.began.values()))
            measured = _latencies(f"{rate:.0f} commands/s", way, acknowledged)
            if size.rivals:
                floor = await carry_by_hand(place, own, other, commands, rate)
                means = "aiokafka send_batch, getmany, COPY, commit; no polling"
                measured.append(Latency.measured(f"{rate:.0f} commands/s", "floor of commit to visible", means, floor))
        latencies += measured
        visible = next(one for one in measured if one.name == "commit to visible")
        progress(f"commit to visible at {rate:.0f}/s: p50 {visible.p50_ms:.1f} ms, p99 {visible.p99_ms:.1f} ms")
        notes.append(
            f"visible: {rate:.0f} commands a second were asked for and {given:.0f} given, "
            f"for {perf_counter() - began:.0f} s, over {_STREAMS} streams"
        )
    return PartFigures("visible", latencies=tuple(latencies), notes=tuple(notes))


def _latencies(of: str, way: Way, acknowledged: Moments) -> list[Latency]:
    """The parts follow each other; a record may be here before its acknowledgement, which then counts as no time."""

    def latency(name: str, means: str, since: Moments, until: Moments) -> Latency:
        seconds = [max(0.0, until[key] - moment) for key, moment in since.items()]
        return Latency.measured(of, name, means, seconds)

    return [
        latency("append", "a command: lock, decide, append, commit", way.began, way.committed),
        latency("relay", "committed to acknowledged: numbered, hashed, sent", way.committed, acknowledged),
        latency("broker", "acknowledged to here: fetched, handed over", acknowledged, way.arrived),
        latency("apply", "here to committed in an agency's store", way.arrived, way.visible),
        latency("commit to visible", "relay, broker and apply together", way.committed, way.visible),
    ]


async def _run(place: Place, own: Pool, other: Pool, topic: Topic, commands: int, rate: float) -> tuple[Way, Moments]:
    way, journal = Way(), Journal(topic)
    relay = Relay(own, topic, place.bootstrap, RelayPolicy())
    executor = JournalCommands(own, journal, States(journal), ViewTables((), shared=True), on_commit=relay.wake)
    arrived = asyncio.Event()

    def on_applied(applied: Applied) -> None:
        now = perf_counter()
        for arrival in applied.events:
            key = (arrival.stream_id, arrival.version)
            way.visible[key] = now
            way.arrived[key] = way.offsets[arrival.topic, arrival.partition, arrival.offset]
        if len(way.visible) >= commands:
            arrived.set()

    name = "agency.visible"
    applier = _TimedApplier(other, name, agency_batches(name, topic), SystemClock())
    applier.way = way
    subscription = Subscription(name, [topic], place.bootstrap, applier, SubscriptionPolicy(), on_applied=on_applied)
    aggregate, streams = _aggregate(topic), [uuid4() for _ in range(_STREAMS)]

    async def command(number: int) -> None:
        began = perf_counter()
        order = Order(aggregate, streams[number % _STREAMS], None)
        executed = await executor.execute(order, Context(datetime.now(UTC), uuid4()))
        key = (executed.stream_id, executed.version)
        way.began[key], way.committed[key] = began, perf_counter()

    tasks = [asyncio.create_task(relay.run()), asyncio.create_task(subscription.run())]
    with _Counting(way.acknowledged):
        try:
            await until(lambda: relay.active and subscription.lag() is not None, seconds=30)
            await steadily(commands, rate, command, at_once=_AT_ONCE)
            async with asyncio.timeout(60):
                await arrived.wait()
        finally:
            relay.drain()
            subscription.stop()
            await asyncio.gather(*tasks)
    return way, await _acknowledged(own, way.acknowledged)


class _Counting:
    """While it lasts, notes each time that the relay counts rows as sent, which it does when Kafka has taken them."""

    def __init__(self, acknowledged: list[tuple[int, float]]) -> None:
        self._acknowledged = acknowledged

    def __enter__(self) -> None:
        self._inc = metrics.RELAY_SENT.inc
        total = 0

        def inc(amount: float = 1, **labels: str) -> None:
            nonlocal total
            total += int(amount)
            self._acknowledged.append((total, perf_counter()))
            self._inc(amount, **labels)

        metrics.RELAY_SENT.inc = inc  # type: ignore[method-assign]

    def __exit__(self, *_: object) -> None:
        metrics.RELAY_SENT.inc = self._inc  # type: ignore[method-assign]


async def _acknowledged(own: Pool, counts: Sequence[tuple[int, float]]) -> Moments:
    """Rows are sent in the order of their log index, so the n-th one was acknowledged when n had been."""
    by_index = {row["logindex"]: (row["stream_id"], row["version"]) for row in await own.fetch(_LOG)}
    moments: Moments = {}
    for (before, _), (total, at) in pairwise([(0, 0.0), *counts]):
        for index in range(before, total):
            moments[by_index[index]] = at
    return moments


def _aggregate(topic: Topic) -> Aggregate[int]:
    """A case that takes whatever comes next; its state is its version."""

    def decide(_: None, version: int) -> Sequence[Event]:
        return [event(version + 1)]

    def evolve(version: int, _: Event) -> int:
        return version + 1

    def refusal(_: object, refused: Refused) -> Event:
        raise refused

    return Aggregate("bench", topic.name, 0, decide, evolve, refusal)
