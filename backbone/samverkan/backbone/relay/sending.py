"""Sending numbered rows to Kafka so that per partition, and so per stream, order can never turn (R1)."""

import asyncio
from collections.abc import Sequence
from typing import Final

from aiokafka import AIOKafkaProducer

from samverkan.backbone.relay.outgoing import Outgoing

# Of one batch as it is built here; below Kafka's default max.message.bytes of 1 048 588 for a batch.
BATCH_BYTES_MAX: Final = 1_000_000


def producer(bootstrap: str, client_id: str) -> AIOKafkaProducer:
    """A producer for one session of sending: idempotent, acknowledged by all in-sync replicas.

    It is dropped at the first error, because a later batch must not overtake a failed one.
    """
    return AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        client_id=client_id,
        enable_idempotence=True,
        acks="all",
        max_batch_size=BATCH_BYTES_MAX,
        max_request_size=8 * BATCH_BYTES_MAX,
        request_timeout_ms=10_000,
        retry_backoff_ms=500,  # 100 in every process kept a broker that starts on two cores from starting (2026-11)
    )


async def send(kafka: AIOKafkaProducer, rows: Sequence[Outgoing]) -> int:
    """Send the rows, in order per partition; on return all are acknowledged. Returns how many batches it took.

    At most one batch per partition is under way at a time: when one fails, nothing that follows it on its partition
    has been sent. KafkaError: some rows may have arrived; drop the producer and send again from the cursor.
    """
    waiting: dict[tuple[str, int], list[Outgoing]] = {}
    for row in rows:
        waiting.setdefault((row.topic, row.partition), []).append(row)
    batches = 0
    while waiting:
        acknowledgements: list[asyncio.Future[object]] = []
        try:
            for (topic, partition), queue in list(waiting.items()):
                batch = kafka.create_batch()
                taken = 0
                for row in queue:
                    if batch.append(key=row.key, value=row.value, timestamp=None, headers=list(row.headers)) is None:
                        break
                    taken += 1
                batch.close()
                acknowledgements.append(await kafka.send_batch(batch, topic, partition=partition))
                if taken == len(queue):
                    del waiting[topic, partition]
                else:
                    waiting[topic, partition] = queue[taken:]
        finally:
            # All of them, not the first failure alone: each is awaited before the producer is dropped.
            outcomes = await asyncio.gather(*acknowledgements, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        batches += len(acknowledgements)
    return batches
