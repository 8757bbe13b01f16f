"""How fast the relay is: journal rows numbered, hashed, sent and acknowledged, beside bare `send_batch`."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from samverkan.backbone.database import Pool
from samverkan.backbone.relay.outgoing import Outgoing, outgoing
from samverkan.backbone.relay.relay import Relay, RelayPolicy
from samverkan.backbone.relay.sending import producer
from samverkan.cli.bench.figures import Rate, Speed, Stopwatch
from samverkan.cli.bench.pace import until
from samverkan.cli.bench.place import FLOOR, Place
from samverkan.schemas.catalogue import Topic

_SENT = """
select l.logindex, j.position, j.stream_id, j.partition, j.topic, j.attributes, j.value
from log as l join journal as j on j.position = l.position
where l.logindex >= $1 order by l.logindex
"""


async def measure_relay(place: Place, pool: Pool, topic: Topic, streams: int) -> Rate:
    """Relay the rows that wait in the journal, then send the very same bytes to another topic by hand."""
    before: int = await pool.fetchval("select cursor from sequencer")
    waiting: int = await pool.fetchval("select count(*) from unsequenced")
    ours = await _relay(place, pool, topic, before + waiting, waiting)
    rows = [outgoing(row, row["logindex"]) for row in await pool.fetch(_SENT, before)]
    floor = await _send_by_hand(place, rows)
    size = sum(len(row.key) + len(row.value) + sum(len(n) + len(t) for n, t in row.headers) for row in rows)
    return Rate(
        f"relay, {streams} streams",
        "journal rows numbered, hashed, sent, acknowledged; floor: aiokafka send_batch of the same bytes",
        len(rows),
        size // len(rows),
        ours,
        floor,
    )


async def _relay(place: Place, pool: Pool, topic: Topic, end: int, rows: int) -> Speed:
    relay = Relay(pool, topic, place.kafka.bootstrap, RelayPolicy())
    task = asyncio.create_task(relay.run())
    try:
        await until(lambda: relay.active, seconds=30)
        watch = Stopwatch()
        while await pool.fetchval("select cursor from sequencer") < end:  # noqa: ASYNC110 - it is in the database
            await asyncio.sleep(0.01)
        watch.add(rows)
        return watch.speed()
    finally:
        relay.drain()
        await task


@dataclass(frozen=True, slots=True)
class _Written:
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


async def _send_by_hand(place: Place, rows: Sequence[Outgoing]) -> Speed:
    partitions: dict[int, list[_Written]] = {}
    for row in rows:
        partitions.setdefault(row.partition, []).append(_Written(row.key, row.value, list(row.headers)))
    kafka = producer(place.kafka.bootstrap, "bench-floor")
    await kafka.start()
    try:
        await kafka.partitions_for(FLOOR.name)
        watch = Stopwatch()
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
        watch.add(len(rows))
        return watch.speed()
    finally:
        await kafka.stop()
