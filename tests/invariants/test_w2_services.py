"""W2 for every service that owns a topic: an older backup put back while commands keep coming in."""

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from publishers import dump, put_back
from publishing import PERSONS, SERVICES, Published, Told, published, refer_and_consent
from samverkan.backbone.recovery.gate import OpenGate
from scale import scaled
from verdicts import log_is_whole, topic_follows_log
from world import World


@pytest.mark.parametrize("name", SERVICES)
async def test_w2_an_older_backup_put_back_under_load_loses_nothing_that_kafka_had(
    world: World, tmp_path: Path, name: str
) -> None:
    backup = tmp_path / "backup"
    async with published(world, name, tmp_path) as service, service.running():
        await service.ready()
        async with service.load() as told:
            await told.reach(scaled(20))
            await asyncio.to_thread(dump, world, service.database, backup)
            await told.reach(scaled(40))
        await service.at_rest()  # from here on Kafka has all that was acknowledged
        length = await service.pool.fetchval("select next from sequencer")
        async with service.load() as during:
            await put_back(world, service.database, backup)
            await service.ready()
            await during.reach(scaled(20))
        await service.at_rest()
        # Acknowledged and neither in the backup nor yet in Kafka: lost, so a caller of `during` may be refused what
        # rests on it. W1, synchronous replication, covers that; nothing of the kind may happen to what Kafka had.
        assert told.refused == set()
        assert during.postponed & {"not-ready", "database-transient", "database-unreachable"}
        await whole(world, service, told)
        assert await service.pool.fetchval("select next from sequencer") > length


async def whole(world: World, service: Published, *told: Told) -> None:
    """Everything that was acknowledged is there once, in order; log, topic, heads and views agree."""
    await log_is_whole(service.pool)
    await topic_follows_log(service.pool, await world.read(service.topic))
    rows = await service.pool.fetch("select stream_id, version from stream")
    heads: dict[UUID, int] = {row["stream_id"]: row["version"] for row in rows}
    for each in told:
        lost = {stream: version for stream, version in each.versions.items() if heads.get(stream, 0) < version}
        assert lost == {}
    await service.views_equal_the_fold()


async def test_w2_a_person_whose_index_was_lost_with_the_database_still_has_one_case(
    world: World, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    async with published(world, "intake", tmp_path) as service, service.running():
        await service.ready()
        told = Told()
        await asyncio.to_thread(dump, world, service.database, backup)
        refer, consent = refer_and_consent(PERSONS[0], 1)
        command_id = uuid4()
        first = await service.tell(refer, command_id, told, lambda: False)
        await service.tell(consent, uuid4(), told, lambda: False)
        await service.at_rest()
        await put_back(world, service.database, backup)
        repeated = await service.tell(refer, command_id, told, lambda: False)
        assert first is not None and repeated is not None and repeated.repeated
        assert (repeated.stream_id, repeated.version) == (first.stream_id, first.version), (
            "the reply was lost, not the fact"
        )
        order, index = refer
        elsewhere = (type(order)(order.aggregate, uuid4(), order.command), index)
        again = await service.tell(elsewhere, uuid4(), told, lambda: False)
        assert again is not None and again.stream_id == first.stream_id
        await service.at_rest()
        await whole(world, service, told)


async def test_w2_until_it_is_compared_a_service_answers_reads_and_tells_writers_to_come_again(
    world: World, tmp_path: Path
) -> None:
    async with published(world, "placement", tmp_path) as service:
        await service.pool.execute("update recovery set held_by = 'test'")
        async with service.running() as process:
            transport = httpx.ASGITransport(process.server.config.app)  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                headers = {"Idempotency-Key": uuid4().hex, "Samverkan-Agency": "af"}
                body = {"party": "af", "approved_on": "2026-03-02"}
                answer = await client.post(f"/placements/{uuid4()}/approvals", json=body, headers=headers)
                assert (answer.status_code, answer.json().get("code")) == (503, "not-ready"), answer.text
                assert "retry-after" in answer.headers
                assert (await client.get("/placements", headers=headers)).status_code == 200
                unmet = (await client.get("/health/ready")).json()["unmet"]
                assert {"name": "log", "reason": "held"} in unmet or any(each["name"] == "log" for each in unmet)
                await service.pool.execute("update recovery set held_by = null")
                await service.ready()


async def test_w2_a_service_that_decides_before_it_compared_forks_its_log(world: World, tmp_path: Path) -> None:
    """The planted bug, and what the gate is for: with it open from the start, the same scene ends in a difference."""
    for each in ("without", "with"):
        (tmp_path / each).mkdir()
    assert await fork_after_restore(world, tmp_path / "without", OpenGate())
    assert not await fork_after_restore(world, tmp_path / "with", None)


async def fork_after_restore(world: World, folder: Path, gate: OpenGate | None) -> bool:
    """Whether a command given in the first moment after a restore ends in a fork."""
    backup = folder / "backup"
    async with published(world, "intake", folder) as service:
        async with service.running():
            await service.ready()
            refer, consent = refer_and_consent(PERSONS[0], 1)
            told = Told()
            await service.tell(refer, uuid4(), told, lambda: False)
            await service.at_rest()
            await asyncio.to_thread(dump, world, service.database, backup)
            await service.tell(consent, uuid4(), told, lambda: False)
            await service.at_rest()
        await put_back(world, service.database, backup)
        await service.pool.expire_connections()
        async with service.running(gate):
            _, other = refer_and_consent(PERSONS[0], 2)
            await service.tell(other, uuid4(), told, lambda: False)
            state = "agreed"
            for _ in range(200):
                state = await service.pool.fetchval("select state from recovery")
                if state in ("stopped", "agreed"):
                    break
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.5)
            state = await service.pool.fetchval("select state from recovery")
            return bool(state == "stopped")
