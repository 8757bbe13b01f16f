"""How fast the relay is: journal rows numbered, hashed, sent and acknowledged, beside bare `send_batch` and a rival."""

import asyncio
from collections.abc import Callable, Sequence

from samverkan.backbone.database import Pool
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.relay.relay import Relay, RelayPolicy
from samverkan.backbone.relay.sending import producer
from samverkan.cli.bench import outbox
from samverkan.cli.bench.figures import Contender, PartFigures, Rate, Speed
from samverkan.cli.bench.filling import fill
from samverkan.cli.bench.pace import until
from samverkan.cli.bench.place import FLOOR, RIVAL, Place
from samverkan.cli.bench.records import Sent, mean_size, read_records
from samverkan.cli.bench.report import told
from samverkan.cli.bench.size import FEW_STREAMS, MANY_STREAMS, Size
from samverkan.cli.bench.stopwatch import Stopwatch
from samverkan.cli.up.say import progress
from samverkan.schemas.catalogue import PARTICIPANT, Topic

_OURS = "journal rows read, numbered, leaf-hashed, stored in the log, sent, acknowledged by all replicas"
_FLOOR = "aiokafka create_batch and send_batch of the same bytes; nothing read, nothing stored"


async def measure(place: Place, size: Size) -> PartFigures:
    """Over few streams and over many."""
    rates = []
    for streams, events in ((FEW_STREAMS, size.events_of_few), (MANY_STREAMS, size.events_of_many)):
        if events > 0:
            rates.append(await _measure(place, size, streams, events))
            progress(told(rates[-1]))
    return PartFigures("relay", rates=tuple(rates))


async def _measure(place: Place, size: Size, streams: int, events: int) -> Rate:
    ours: list[Speed] = []
    floor: list[Speed] = []
    rival: list[Speed] = []
    records: list[Sent] = []
    bare = min(events, size.bare_events)
    async with place.topics([PARTICIPANT, FLOOR, RIVAL]), place.database("relay", "intake") as pool:
        for _ in range(size.repeats):
            begin = await place.ends(PARTICIPANT)
            await fill(pool, Journal(PARTICIPANT), streams, events)
            ours.append(await relay_all(place, pool, PARTICIPANT, events))
            if size.rivals:
                records = await read_records(place, PARTICIPANT, begin, bare)
                floor.append(await _send_by_hand(place, records))
                if outbox.INSTALLED:
                    rival.append(await outbox.relay(place, RIVAL, records[: size.outbox_events]))
    contenders = [Contender("samverkan", _OURS, events, tuple(ours))]
    if floor:
        contenders.append(Contender("floor", _FLOOR, bare, tuple(floor)))
    if rival:
        contenders.append(Contender("faststream-outbox", outbox.MEANS, size.outbox_events, tuple(rival)))
    return Rate(f"relay, {streams:,} streams", mean_size(records) if records else 0, tuple(contenders))


async def relay_all(
    place: Place, pool: Pool, topic: Topic, rows: int, *, on_progress: Callable[[int], None] = lambda _: None
) -> Speed:
    """Relay the rows that wait in the journal. The clock starts when the relay is the active one."""
    relay = Relay(pool, topic, place.bootstrap, RelayPolicy())
    before: int = await pool.fetchval("select cursor from sequencer")
    task = asyncio.create_task(relay.run())
    try:
        await until(lambda: relay.active, seconds=60)
        watch, done = Stopwatch(place.servers), 0
        while done < rows:
            await asyncio.sleep(0.01)
            done = await pool.fetchval("select cursor from sequencer") - before
            on_progress(done)
            if task.done():
                raise RuntimeError("the relay ended by itself") from task.exception()
        watch.add(rows)
        return watch.speed()
    finally:
        relay.drain()
        await task


async def _send_by_hand(place: Place, records: Sequence[Sent]) -> Speed:
    partitions: dict[int, list[Sent]] = {}
    for record in records:
        partitions.setdefault(record.partition, []).append(record)
    kafka = producer(place.bootstrap, "bench-floor")
    await kafka.start()
    try:
        await kafka.partitions_for(FLOOR.name)
        watch = Stopwatch(place.servers)
        acknowledgements = []
        for partition, written in partitions.items():
            batch = kafka.create_batch()
            for one in written:
                if batch.append(key=one.key, value=one.value, timestamp=None, headers=one.headers) is None:
                    acknowledgements.append(await kafka.send_batch(batch, FLOOR.name, partition=partition))
                    batch = kafka.create_batch()
                    batch.append(key=one.key, value=one.value, timestamp=None, headers=one.headers)
            acknowledgements.append(await kafka.send_batch(batch, FLOOR.name, partition=partition))
        await asyncio.gather(*acknowledgements)
        watch.add(len(records))
        return watch.speed()
    finally:
        await kafka.stop()
