"""S2: what can neither be retried nor parked ends the process in sight of everybody; it is never raised away."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import NodeNotReadyError

from records import placed, raw
from samverkan.backbone.errors import Permanent
from samverkan.backbone.subscription.consumer import TolerantConsumer, Watch
from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.topics import ensure_topics
from samverkan.schemas.catalogue import PARTICIPANT
from world import Follower, World, Writer, running


async def test_s2_a_batch_that_fails_for_good_ends_the_subscription(world: World, kafka: EmbeddedKafka) -> None:
    topic = await world.topic()
    async with world.store() as own, world.store() as pool:
        writer, follower = await Writer(own, topic).ready(), Follower(pool, [topic])

        async def fails(*_: object) -> None:
            raise Permanent("database-refused", "nobody foresaw it")

        follower.applier.apply_read = fails  # type: ignore[method-assign,assignment]
        async with running(writer.relay(kafka)):
            await writer.count(uuid4())
            with pytest.raises(Permanent, match="nobody foresaw it"):
                async with asyncio.timeout(30):
                    await follower.subscription(kafka).run()


async def test_s2_a_retry_of_parked_streams_that_fails_for_good_ends_it_too(world: World, kafka: EmbeddedKafka) -> None:
    topic = await world.topic()
    async with world.store() as pool:
        follower = Follower(pool, [topic])

        async def fails() -> None:
            raise Permanent("database-refused", "nobody foresaw it")

        follower.applier.retry_due = fails  # type: ignore[method-assign]
        with pytest.raises(Permanent, match="nobody foresaw it"):
            async with asyncio.timeout(30):
                await follower.subscription(kafka).run()


async def test_s2_a_poll_that_will_never_succeed_ends_the_subscription(
    world: World, kafka: EmbeddedKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = await world.topic()
    async with world.store() as pool:
        follower = Follower(pool, [topic])

        async def fails(*_: object, **__: object) -> None:
            raise ArithmeticError("nobody foresaw it")

        monkeypatch.setattr(AIOKafkaConsumer, "getmany", fails)
        with pytest.raises(ArithmeticError, match="nobody foresaw it"):
            async with asyncio.timeout(30):
                await follower.subscription(kafka).run()


def test_s2_a_transport_that_uvloop_has_closed_is_replaced(
    kafka: EmbeddedKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """aiokafka keeps such a connection for ever; the agency stood still, alive and well, after its broker's death."""

    async def write_fails(*_: object, **__: object) -> None:
        raise RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed")

    async def read_on_in_time() -> int:
        async with asyncio.timeout(60):
            return await read_on()

    async def read_on() -> int:
        name = f"transport-{uuid4().hex[:8]}"
        await ensure_topics(kafka.bootstrap, [replace(PARTICIPANT, name=name, partitions=1)])
        failed: list[Exception] = []
        watch = Watch(failed=failed.append)
        options = {"bootstrap_servers": kafka.bootstrap, "auto_offset_reset": "earliest"}
        async with (
            TolerantConsumer(name, watch=watch, **options) as consumer,
            AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer,
        ):
            await consumer.getmany(timeout_ms=200)
            for connection in consumer._client._conns.values():
                connection._read_task.cancel()  # as when it ended before the transport did
                connection._writer.transport.abort()
            with monkeypatch.context() as patched:
                patched.setattr(AIOKafkaConsumer, "getmany", write_fails)
                assert await consumer.getmany() == {}
            await producer.send_and_wait(name, b"after")
            for _ in range(100):
                for records in (await consumer.getmany(timeout_ms=100)).values():
                    assert failed == []
                    return len(records)
        raise AssertionError(f"never delivered; failed: {failed}")

    assert uvloop.run(read_on_in_time()) == 1


async def test_s2_a_stop_while_a_fetch_waits_for_its_next_attempt_is_a_stop_and_no_cancellation(
    world: World, kafka: EmbeddedKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = await world.topic(partitions=1)
    consumer = TolerantConsumer(topic.name, bootstrap_servers=kafka.bootstrap, retry_backoff_ms=60_000)
    await consumer.start()
    refused = asyncio.Event()

    async def refuses(*_: object, **__: object) -> None:
        refused.set()
        raise NodeNotReadyError("as when a broker dies")

    monkeypatch.setattr(consumer._client, "send", refuses)
    await refused.wait()
    monkeypatch.undo()
    async with asyncio.timeout(20):
        await consumer.stop()
    assert not any(one.connected() for one in consumer._client._conns.values()), "the library went on to its end"


async def test_s4_a_version_that_no_store_can_hold_is_rejected(world: World, kafka: EmbeddedKafka) -> None:
    topic = await world.topic()
    async with world.store() as pool:
        follower, good = Follower(pool, [topic]), uuid4()
        records = placed(topic, [raw(topic, uuid4(), 2**31, 0), raw(topic, good, 1, 1)])
        applied = await follower.applier.apply(records)
        assert [record.code for record in applied.rejected] == ["envelope-attribute-invalid"]
        assert [event.stream_id for event in applied.events] == [good]
