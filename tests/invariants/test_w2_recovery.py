"""W2: a service compares its log with the end of its topic before it decides anything; what either lacks comes back."""

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from publishers import Publisher, dump, put_back
from samverkan.backbone.database import Pool, connect
from samverkan.backbone.errors import Transient
from verdicts import log_is_whole, topic_follows_log
from world import World


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
            await before.reach(100)
            await asyncio.to_thread(dump, world, name, backup)
            await before.reach(sum(before.versions.values()) + 700)
        await publisher.sent()
        async with publisher.load(streams) as during:
            await put_back(world, name, backup)
            await publisher.opened()
            await during.reach(sum(during.versions.values()) + 100)
        await publisher.sent()
        assert during.refused
        records = await world.read(topic)
        await log_is_whole(pool)
        await topic_follows_log(pool, records)
        folded = await views_equal_the_journal(pool)
        for told in (before, during):
            assert all(len(folded[stream]) >= version for stream, version in told.versions.items())
        assert await pool.fetchval("select taken_back from recovery") >= 600
    await pool.close()
