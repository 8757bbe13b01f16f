"""The shortest way that the same libraries have from a committed row to a committed row elsewhere."""

import asyncio
from time import perf_counter

from aiokafka import AIOKafkaConsumer, TopicPartition

from samverkan.backbone.database import Pool, transaction
from samverkan.backbone.relay.sending import producer
from samverkan.cli.bench.filling import event
from samverkan.cli.bench.pace import steadily
from samverkan.cli.bench.place import FLOOR, Place
from samverkan.schemas.codec import encode


async def carry_by_hand(place: Place, own: Pool, other: Pool, rows: int, per_second: float) -> list[float]:
    """Insert and commit a row, send it, receive it, COPY and commit it; the seconds from commit to commit."""
    await own.execute("create table row_here (number integer primary key, value bytea not null)")
    await other.execute("create table row_there (number integer primary key, value bytea not null)")
    committed: dict[int, float] = {}
    visible: dict[int, float] = {}
    value = encode(event(1))
    consumer = AIOKafkaConsumer(bootstrap_servers=place.bootstrap, group_id=None)
    kafka = producer(place.bootstrap, "bench-floor")
    await kafka.start()
    await consumer.start()

    async def receive() -> None:
        while len(visible) < rows:
            fetched = await consumer.getmany(timeout_ms=1000)
            records = [(int(record.key), record.value) for batch in fetched.values() for record in batch]
            if records:
                async with transaction(other) as connection:
                    await connection.copy_records_to_table("row_there", records=records)
                visible.update((number, perf_counter()) for number, _ in records)

    async def send(number: int) -> None:
        async with transaction(own) as connection:
            await connection.execute("insert into row_here values ($1, $2)", number, value)
        committed[number] = perf_counter()
        batch = kafka.create_batch()
        batch.append(key=str(number).encode(), value=value, timestamp=None, headers=[])
        acknowledgements.append(await kafka.send_batch(batch, FLOOR.name, partition=number % FLOOR.partitions))

    acknowledgements: list[asyncio.Future[object]] = []
    try:
        partitions = [TopicPartition(FLOOR.name, number) for number in range(FLOOR.partitions)]
        consumer.assign(partitions)
        for partition, end in (await consumer.end_offsets(partitions)).items():
            consumer.seek(partition, end)
        receiving = asyncio.create_task(receive())
        await steadily(rows, per_second, send, at_once=32)
        await asyncio.gather(*acknowledgements)
        async with asyncio.timeout(30):
            await receiving
    finally:
        await kafka.stop()
        await consumer.stop()
    return [visible[number] - moment for number, moment in committed.items()]
