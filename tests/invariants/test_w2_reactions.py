"""W2 and S1 together: a restored service reads others' events again, and what they led to here is not done twice."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from counters import FOLLOWER, Tallies, followed, on_consent_given
from publishers import dump, put_back
from publishing import Published
from records import raw
from samverkan.backbone.database import connect
from samverkan.backbone.recovery.recovery import Recovery
from samverkan.backbone.relay.guard import CompareAgain
from samverkan.backbone.service import Service
from samverkan.backbone.settings import Settings
from samverkan.schemas.catalogue import PLACEMENT
from samverkan.schemas.participant import ConsentGiven
from verdicts import applied_once, log_is_whole, topic_follows_log
from world import World, eventually


@pytest.mark.parametrize("interrupted", [False, True], ids=["", "interrupted before log and topic were said to agree"])
async def test_w2_s1_reactions_that_came_back_with_the_own_events_are_not_carried_out_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interrupted: bool
) -> None:
    """Interrupted as by kill -9 after the last event was written: whoever compares next finds nothing to take back."""
    usual, interruptions = Recovery._conclude, [True] * interrupted

    async def conclude(self: Recovery, known: Any, shape: Any, taken_back: int, republished: int) -> None:
        if taken_back and interruptions:
            interruptions.pop()
            raise CompareAgain("interrupted")
        await usual(self, known, shape, taken_back, republished)

    monkeypatch.setattr(Recovery, "_conclude", conclude)
    foreign, own, name = await world.topic(), await world.topic(PLACEMENT), await world.database()
    pool = await connect(world.dsn(name), max_size=8)
    settings = Settings(
        database_url=SecretStr(world.dsn(name)),
        kafka_bootstrap=world.kafka.bootstrap,
        http_port=0,
        lease_seconds=3.0,
        transient_backoff_cap_seconds=0.5,
    )
    service = Service(
        f"follower-{uuid4().hex[:8]}",
        (foreign,),
        owns=own,
        aggregates=(FOLLOWER,),
        reactions={ConsentGiven: on_consent_given},
        views=(Tallies(),),
    )
    follower = Published(world, service.name, name, service, settings, pool)
    streams = [uuid4() for _ in range(4)]
    log = [(stream, version) for version in range(1, 10) for stream in streams]
    records = [
        raw(foreign, stream, version, index, purpose="refuse" if version % 3 == 0 else "test")
        for index, (stream, version) in enumerate(log)
    ]

    async def followed_all(count: int) -> None:
        async def there() -> bool:
            return bool(await pool.fetchval("select count(*) = $1 from log", count))

        await eventually(there)

    async with follower.running():
        await world.produce(foreign, records[:12])
        await followed_all(12)
        await asyncio.to_thread(dump, world, name, tmp_path / "backup")
        await world.produce(foreign, records[12:28])
        await followed_all(28)
        await follower.at_rest()
        await put_back(world, name, tmp_path / "backup")
        await world.produce(foreign, records[28:])
        await followed_all(36)
        await follower.at_rest()

        async def read_all() -> bool:
            return bool(await pool.fetchval("select count(*) = 36 from kept_event"))

        await eventually(read_all)
        assert interruptions == []
        assert await pool.fetchval("select taken_back from recovery") == 16
        assert await log_is_whole(pool) == 36
        await topic_follows_log(pool, await world.read(own))
        versions = await pool.fetch("select stream_id, version from stream")
        assert {row["stream_id"]: row["version"] for row in versions} == {followed(stream): 9 for stream in streams}
        await applied_once(pool, dict.fromkeys(streams, 9), reacting=True)
    await pool.close()
