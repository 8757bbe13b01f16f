"""Kafka clients of our own, past every link, that leave nothing behind when the broker is away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaProducer

from samverkan.backbone.subscription.consumer import TolerantConsumer

_PATIENCE_MS: Final = 10_000


@asynccontextmanager
async def producer(bootstrap: str) -> AsyncIterator[Any]:
    """KafkaError: it cannot be reached."""
    # Acknowledged by one broker only, a record may be lost with it, and nobody could be expected to list it.
    client = AIOKafkaProducer(bootstrap_servers=bootstrap, request_timeout_ms=_PATIENCE_MS, acks="all")
    try:
        await client.start()
        yield client
    finally:
        await client.stop()


@asynccontextmanager
async def consumer(bootstrap: str, *topics: str) -> AsyncIterator[Any]:
    """All partitions of the topics are assigned; no group. KafkaError: it cannot be reached."""
    client = TolerantConsumer(
        *topics, bootstrap_servers=bootstrap, enable_auto_commit=False, request_timeout_ms=_PATIENCE_MS
    )
    try:
        await client.start()
        yield client
    finally:
        await client.stop()
