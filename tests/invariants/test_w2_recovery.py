"""W2: a service compares its log with the end of its topic before it decides anything; what either lacks comes back."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from members import Members
from publishers import Publisher, dump, put_back, restore_into
from records import Raw
from samverkan.backbone.command import IdempotencyKey
from samverkan.backbone.database import Pool, connect
from samverkan.backbone.errors import Refused, Transient
from samverkan.backbone.telemetry.alarms import Alarm
from samverkan.deploy.topics import recreate_topic
from scale import scaled
from verdicts import log_is_whole, topic_follows_log
from world import World, Writer, eventually, told


async def views_equal_the_journal(pool: Pool) -> dict[UUID, tuple[int, ...]]:
    """Every view row folded each version of its stream once, in order."""
    rows = await pool.fetch("select stream_id, seen, versions from tally")
    heads = {row["stream_id"]: row["version"] for row in await pool.fetch("select stream_id, version from stream")}
    folded = {row["stream_id"]: tuple(row["versions"]) for row in rows}
    assert folded == {stream: tuple(range(1, version + 1)) for stream, version in heads.items()}
    return folded


async def test_w2_a_service_restored_from_an_older_backup_under_load_takes_its_events_back(
    world: World, tmp_path: Path
) -> None:
    topic, name = await world.topic(), await world.database()
    pool = await connect(world.dsn(name), max_size=8)
    publisher = Publisher(pool, topic, world.kafka.bootstrap)
    streams = [uuid4() for _ in range(12)]
    backup = tmp_path / "backup"
    async with publisher.running():
        with pytest.raises(Transient, match="log-not-compared"):
            await publisher.count(streams[0])
        await publisher.opened()
        async with publisher.load(streams) as before:
            await before.reach(scaled(30))
            await asyncio.to_thread(dump, world, name, backup)
            await before.reach(sum(before.versions.values()) + scaled(60))
        await publisher.sent()
        async with publisher.load(streams) as during:
            await put_back(world, name, backup)
            await publisher.opened()
            await during.reach(sum(during.versions.values()) + scaled(20))
        await publisher.sent()
        assert during.refused
        records = await world.read(topic)
        await log_is_whole(pool)
        await topic_follows_log(pool, records)
        folded = await views_equal_the_journal(pool)
        assert all(len(folded[stream]) >= version for stream, version in before.versions.items())
        assert await pool.fetchval("select taken_back from recovery") >= 20
    await pool.close()


async def test_w2_j1_a_command_whose_events_were_taken_back_is_answered_as_before_and_again_under_its_key(
    world: World, tmp_path: Path
) -> None:
    """Its reply was lost with the database: the events tell, and the reply is kept again."""
    topic, name = await world.topic(), await world.database()
    pool = await connect(world.dsn(name), max_size=8)
    publisher, stream, key = Publisher(pool, topic, world.kafka.bootstrap), uuid4(), IdempotencyKey("a key", b"digest")
    same: dict[str, Any] = {"command_id": uuid4(), "idempotency": key}
    async with publisher.running():
        await publisher.opened()
        await asyncio.to_thread(dump, world, name, tmp_path / "backup")
        first = await publisher.count(stream, **same)
        await publisher.count(stream)
        await publisher.sent()
        await put_back(world, name, tmp_path / "backup")

        async def taken_back() -> bool:
            return publisher.gate.reason is None and publisher.gate.taken_back

        await eventually(taken_back, seconds=60)
        for _ in range(2):
            assert await publisher.count(stream, **same) == replace(first, repeated=True)
        with pytest.raises(Refused, match="idempotency-key-reused"):
            await publisher.count(stream, idempotency=replace(key, request_digest=b"another"))
        assert (await publisher.count(stream)).version == 3
    await pool.close()


async def agree(publisher: Publisher, number: int) -> None:
    """A service that has published so many events, and stands still."""
    async with publisher.running():
        await publisher.opened()
        for each in range(number):
            await publisher.count(UUID(int=each % 5))
        await publisher.sent()


async def test_w2_an_emptied_topic_gets_the_whole_log_again_before_anything_new(world: World) -> None:
    topic = await world.topic()
    async with world.store() as pool:
        await agree(Publisher(pool, topic, world.kafka.bootstrap), 30)
        before = [(record.key, record.headers, record.value) for record in await world.read(topic)]
        await recreate_topic(world.kafka.bootstrap, topic)
        publisher = Publisher(pool, topic, world.kafka.bootstrap)
        async with publisher.running():
            await publisher.opened()
            await publisher.count(UUID(int=0))
            await publisher.sent()
        records = await world.read(topic)
        again = [(record.key, record.headers, record.value) for record in records]
        assert set(before) <= set(again), "not byte for byte"
        assert len(again) == 31
        assert await topic_follows_log(pool, records) == 0
        assert await pool.fetchval("select republished from recovery") == 30


async def test_w2_a_topic_recreated_under_a_running_service_is_noticed_and_filled_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samverkan.backbone.recovery.watching.LANDMARK_SECONDS", 1.0)
    topic = await world.topic()
    async with world.store() as pool:
        publisher = Publisher(pool, topic, world.kafka.bootstrap)
        async with publisher.running():
            await publisher.opened()
            for each in range(12):
                await publisher.count(UUID(int=each % 5))
            await publisher.sent()

            async def noted() -> bool:
                return bool(await pool.fetchval("select proven = 12 from recovery"))

            await eventually(noted)
            await recreate_topic(world.kafka.bootstrap, topic)

            async def republished() -> bool:
                return bool(await pool.fetchval("select republished = 12 from recovery"))

            await eventually(republished)
            await publisher.opened()
        assert await topic_follows_log(pool, await world.read(topic)) == 0


@pytest.fixture
def alarms(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Alarm, str]]:
    """The alarms of a recovery, with their codes."""
    raised: list[tuple[Alarm, str]] = []
    monkeypatch.setattr(
        "samverkan.backbone.recovery.recovery.alarm", lambda kind, **facts: raised.append((kind, facts["code"]))
    )
    return raised


async def stopped(publisher: Publisher) -> str:
    """Run it until it stands still; why it does. Nothing may have been accepted or sent."""
    async with publisher.running():

        async def stands() -> bool:
            return publisher.gate.reason == "log-differs"

        await eventually(stands)
        with pytest.raises(Transient) as refused:
            await publisher.count(uuid4())
        assert refused.value.code == "read-only"
    code: str = await publisher.pool.fetchval("select code from recovery where state = 'stopped'")
    return code


async def test_w2_another_event_where_the_backup_has_one_stops_the_service_and_alarms(
    world: World, tmp_path: Path, alarms: list[tuple[Alarm, str]]
) -> None:
    """The backup went on by itself, and so did Kafka: neither is chosen."""
    topic, name = await world.topic(), await world.database()
    pool = await connect(world.dsn(name), max_size=8)
    await agree(Publisher(pool, topic, world.kafka.bootstrap), 10)
    await asyncio.to_thread(dump, world, name, tmp_path / "backup")
    await agree(Publisher(pool, topic, world.kafka.bootstrap), 3)
    await put_back(world, name, tmp_path / "backup")
    await pool.expire_connections()
    await (await Writer(pool, topic).ready()).count(UUID(int=0))  # committed by somebody who did not compare
    ends = await world.ends(topic)
    for _ in range(2):
        assert await stopped(Publisher(pool, topic, world.kafka.bootstrap)) == "event-differs"
    assert alarms == [(Alarm.LOG_DIFFERS, "event-differs")], "one alarm for one difference"
    assert await world.ends(topic) == ends, "something was sent"
    await pool.close()


async def test_w2_the_same_event_unnumbered_in_the_backup_and_numbered_in_kafka_is_one_event(
    world: World, tmp_path: Path
) -> None:
    topic, name = await world.topic(), await world.database()
    pool = await connect(world.dsn(name), max_size=8)
    await agree(Publisher(pool, topic, world.kafka.bootstrap), 5)
    writer = await Writer(pool, topic).ready()
    for each in range(4):
        await writer.count(UUID(int=each))  # committed, and nobody there to number it
    await asyncio.to_thread(dump, world, name, tmp_path / "backup")
    await agree(Publisher(pool, topic, world.kafka.bootstrap), 6)
    await put_back(world, name, tmp_path / "backup")
    await pool.expire_connections()
    await (await Writer(pool, topic).ready()).count(uuid4())  # in the backup's history only: it is sent later
    await agree(Publisher(pool, topic, world.kafka.bootstrap), 1)
    assert await log_is_whole(pool) == 5 + 4 + 6 + 1 + 1
    await topic_follows_log(pool, await world.read(topic))
    await views_equal_the_journal(pool)
    await pool.close()


async def test_w2_a_hole_in_the_topic_stops_the_service(world: World, alarms: list[tuple[Alarm, str]]) -> None:
    topic = await world.topic(partitions=1)
    async with world.store() as pool:
        await agree(Publisher(pool, topic, world.kafka.bootstrap), 6)
        records = await world.read(topic)
        await recreate_topic(world.kafka.bootstrap, topic)
        kept = [Raw(record.key, record.value, record.headers) for place, record in enumerate(records) if place != 2]
        await world.produce(topic, kept)
        assert await stopped(Publisher(pool, topic, world.kafka.bootstrap)) == "topic-hole"
        assert alarms == [(Alarm.LOG_DIFFERS, "topic-hole")]


async def test_w2_an_acknowledged_event_that_is_nowhere_any_more_is_told_and_not_passed_over(
    world: World, tmp_path: Path, alarms: list[tuple[Alarm, str]]
) -> None:
    topic = await world.topic(partitions=1)
    name = await world.database()
    pool = await connect(world.dsn(name), max_size=8)
    await agree(Publisher(pool, topic, world.kafka.bootstrap), 6)
    await asyncio.to_thread(dump, world, name, tmp_path / "backup")
    await agree(Publisher(pool, topic, world.kafka.bootstrap), 6)
    records = await world.read(topic)
    await recreate_topic(world.kafka.bootstrap, topic)
    await world.produce(topic, [Raw(r.key, r.value, r.headers) for place, r in enumerate(records) if place != 8])
    await put_back(world, name, tmp_path / "backup")
    await pool.expire_connections()
    assert await stopped(Publisher(pool, topic, world.kafka.bootstrap)) == "log-index-missing"
    assert await pool.fetchval("select detail from recovery") == "8"
    await pool.execute("insert into lost_index values (8, now(), 'somebody', 'there is no later backup')")
    for number in (1, 2):  # given up by name, the log goes on; and again after a restart
        await agree(Publisher(pool, topic, world.kafka.bootstrap), 1)
        rows = await pool.fetch("select logindex from log order by logindex")
        assert [row["logindex"] for row in rows] == [i for i in range(12 + number) if i != 8]
    await pool.close()


async def test_w2_kill_9_in_the_middle_of_taking_back_only_makes_it_begin_again(
    world: World, members: Members, tmp_path: Path
) -> None:
    topic, name = await world.topic(), await world.database()
    pool = await connect(world.dsn(name), max_size=8)
    await asyncio.to_thread(dump, world, name, tmp_path / "backup")
    await agree(Publisher(pool, topic, world.kafka.bootstrap), 60)
    await put_back(world, name, tmp_path / "backup")
    await pool.expire_connections()
    killed = 0
    while True:
        member = members.start(
            "publisher", dsn=world.dsn(name), bootstrap=world.kafka.bootstrap, topic=told(topic), chunk_events=20
        )
        before = await pool.fetchval("select next from sequencer")

        async def moved(before: int = before) -> bool:
            row = await pool.fetchrow("select next, state from sequencer cross join recovery")
            return row is not None and (row["next"] > before or row["state"] == "agreed")

        await eventually(moved)
        if await pool.fetchval("select state = 'agreed' from recovery"):
            break
        member.kill()
        killed += 1
    assert killed >= 2
    member.stop()
    assert await log_is_whole(pool) == 60
    await topic_follows_log(pool, await world.read(topic))
    await views_equal_the_journal(pool)
    await pool.close()


async def test_w2_replicas_open_and_close_with_the_one_that_leads(world: World, tmp_path: Path) -> None:
    topic, name = await world.topic(), await world.database()
    pools = [await connect(world.dsn(name), max_size=5) for _ in range(2)]
    replicas = [Publisher(pool, topic, world.kafka.bootstrap) for pool in pools]
    stream = uuid4()
    async with replicas[0].running(), replicas[1].running():
        for replica in replicas:
            await replica.opened()
            await replica.count(stream)
        await replicas[0].sent()
        await asyncio.to_thread(dump, world, name, tmp_path / "backup")
        for replica in replicas:
            await replica.count(stream)  # both remember the stream's state in memory
        await replicas[0].sent()
        await put_back(world, name, tmp_path / "backup")
        for replica in replicas:
            await replica.accepted(stream)
        await replicas[0].sent()
    assert await log_is_whole(pools[0]) == 6
    await topic_follows_log(pools[0], await world.read(topic))
    assert await views_equal_the_journal(pools[0]) == {stream: (1, 2, 3, 4, 5, 6)}
    for pool in pools:
        await pool.close()


async def test_w2_a_dump_restored_into_the_living_database_is_noticed_too(world: World, tmp_path: Path) -> None:
    """No connection is lost by it: only the tables are others."""
    topic, name = await world.topic(), await world.database()
    pool = await connect(world.dsn(name), max_size=5)
    publisher = Publisher(pool, topic, world.kafka.bootstrap)
    stream = uuid4()
    async with publisher.running():
        await publisher.opened()
        await publisher.count(stream)
        await publisher.sent()
        await asyncio.to_thread(dump, world, name, tmp_path / "backup")
        await publisher.count(stream)
        await publisher.sent()
        await asyncio.to_thread(restore_into, world, name, tmp_path / "backup")

        async def taken_back() -> bool:
            return bool(await pool.fetchval("select taken_back = 1 and state = 'agreed' from recovery"))

        await eventually(taken_back)
        await publisher.accepted(stream)
        await publisher.sent()
    assert await log_is_whole(pool) == 3
    await topic_follows_log(pool, await world.read(topic))
    await pool.close()


async def test_w2_while_kafka_is_away_only_a_database_that_was_compared_is_decided_in(
    world: World, tmp_path: Path
) -> None:
    topic, name = await world.topic(), await world.database()
    pool = await connect(world.dsn(name), max_size=5)
    away = "127.0.0.1:9"
    async with Publisher(pool, topic, away).running():
        await asyncio.sleep(1.0)
        with pytest.raises(Transient, match="log-not-compared"):
            await Publisher(pool, topic, away).count(uuid4())
    await agree(Publisher(pool, topic, world.kafka.bootstrap), 2)
    restarted = Publisher(pool, topic, away)
    async with restarted.running():
        await restarted.accepted(uuid4())  # the very database that was compared: nothing can have been put back
    await asyncio.to_thread(dump, world, name, tmp_path / "backup")
    await put_back(world, name, tmp_path / "backup")
    await pool.expire_connections()
    restored = Publisher(pool, topic, away)
    async with restored.running():
        await asyncio.sleep(1.0)
        with pytest.raises(Transient, match="log-not-compared"):
            await restored.count(uuid4())
    await pool.close()
