"""S4 with the real services and agencies, all of them at once: thousands of malformed records on a topic that every one
of them reads, while a story is played.

A thousand in the default run; SAMVERKAN_STRESS=10 makes ten thousand.
"""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import pytest

from malformed import Malformed, generate
from samverkan.cli.play import play_story
from samverkan.cli.system import System
from samverkan.deploy.exits import OK
from samverkan.schemas.catalogue import PARTICIPANT, topics_for
from scale import SEED, scaled
from test_s4_flood import flood, listed, nothing_is_written

NUMBER = scaled(1000)
STORY = Path(__file__).parents[1] / "traffic.yaml"


def played_seconds(system: System) -> float:
    """How long a story takes, every store it names included."""
    began = time.monotonic()
    assert play_story(STORY, system.run) == OK
    return time.monotonic() - began


@pytest.mark.timeout(900)
def test_s4_a_flood_of_malformed_records_ends_no_service_and_delays_no_story(own_system: System) -> None:
    run = own_system.run
    readers = [name for name in run.services if PARTICIPANT in topics_for(name)]
    assert len(readers) >= 7, "all agencies, and the services that react"
    bad = [one for one in generate(SEED or 0, NUMBER, PARTICIPANT) if one.kind.code != "requires-unmet"]
    quiet = played_seconds(own_system)
    asyncio.run(_while_flooded(own_system, bad, quiet))
    after = own_system.run
    assert after.restarts == {}
    assert {name: one.process for name, one in after.services.items()} == {
        name: one.process for name, one in run.services.items()
    }
    for name in readers:
        asyncio.run(_listed(run.service(name).dsn, bad))
    for service in run.services.values():
        said = Path(service.log).read_text(errors="replace")
        assert "Kanarief" not in said and "191212121212" not in said


async def _while_flooded(system: System, bad: Sequence[Malformed], quiet: float) -> None:
    flooding = asyncio.create_task(flood(system.run.bootstrap, PARTICIPANT, bad))
    among_them = await asyncio.to_thread(played_seconds, system)
    await flooding
    print(f"\n{len(bad)} malformed records; a story took {quiet:.1f} s without them and {among_them:.1f} s among them")
    assert among_them < 3 * quiet + 10.0, "the story waited for the bad records"


async def _listed(dsn: str, bad: Sequence[Malformed]) -> None:
    async with asyncpg.create_pool(dsn, min_size=1, max_size=2) as pool:
        strangers = len(range(100, len(bad), 250))
        expected = sum(one.kind.verdict == "rejected" for one in bad) + strangers
        deadline = time.monotonic() + 60
        while await pool.fetchval("select count(*) from rejected_record") < expected:
            assert time.monotonic() < deadline, f"{dsn}: {await pool.fetchval('select count(*) from rejected_record')}"
            await asyncio.sleep(0.1)
        await listed(pool, bad)
        await nothing_is_written(pool)
