"""W1: in a cluster, what was acknowledged survives the loss of the database server that acknowledged it.

A property of the cluster's settings: two real servers, the second a synchronous standby of the first. What deploys a
journal sets what PRIMARY says.
"""

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid5

import psutil

from samverkan.backbone.database import Pool, connect
from samverkan.backbone.errors import Transient
from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.embedded.postgres import BINARIES, SUPERUSER, EmbeddedPostgres
from world import World, Writer, eventually, topic_named

PRIMARY = {"synchronous_commit": "on"}  # and synchronous_standby_names, as soon as the standby is there
STREAMS = [uuid5(UUID(int=1), str(number)) for number in range(5)]
TOPIC = topic_named("samverkan.participant.w1")


class Standby(EmbeddedPostgres):
    """A server on the copy of another's data, which follows that one until it is promoted."""

    def follow(self, primary: EmbeddedPostgres) -> None:
        """Copy the primary's data and start to follow it."""
        self._folder.mkdir(parents=True)
        address = f"host={primary.socket_folder} user={SUPERUSER} application_name=standby"
        tool, into = str(BINARIES / "pg_basebackup"), str(self._data)
        copy = [tool, "-d", address, "-D", into, "-R", "--no-sync", "-c", "fast"]
        subprocess.run(copy, check=True, capture_output=True)
        for path in (self._data, *self._data.rglob("*")):
            self._give(path)
        self.start()

    def freeze(self, how: signal.Signals) -> None:
        """Every process of it: a machine that hangs, or goes on."""
        postmaster = psutil.Process(self.pid)
        for process in (postmaster, *postmaster.children(recursive=True)):
            os.kill(process.pid, how)

    def _is_ready(self) -> bool:
        file = self._data / "postmaster.pid"
        lines = file.read_text().splitlines() if file.exists() else []
        return len(lines) >= 8 and lines[0] == str(self.pid) and lines[7].strip() in ("ready", "standby")


@contextmanager
def servers(folder: Path) -> Iterator[tuple[EmbeddedPostgres, Standby]]:
    """A primary that runs, and its standby to be."""
    primary, standby = EmbeddedPostgres(folder / "a", settings=PRIMARY), Standby(folder / "b")
    try:
        yield primary.start(), standby
    finally:
        primary.stop()
        standby.stop()


async def test_w1_what_was_acknowledged_survives_the_loss_of_the_primary_and_its_disk(
    kafka: EmbeddedKafka, short_folder: Path
) -> None:
    with servers(short_folder) as (primary, standby):
        name = await World(primary, kafka).database()
        standby.follow(primary)
        pool = await connect(primary.dsn(name), max_size=5)
        await pool.execute("alter system set synchronous_standby_names = 'standby'")
        await pool.execute("select pg_reload_conf()")
        await eventually(lambda: follows(pool))
        writer = await Writer(pool, TOPIC).ready()
        acknowledged: dict[UUID, int] = {}
        loading = [asyncio.create_task(load(writer, stream, acknowledged)) for stream in STREAMS]
        await eventually(lambda: enough(acknowledged))
        standby.freeze(signal.SIGSTOP)
        await asyncio.sleep(0.3)  # what the standby had taken is acknowledged
        before = dict(acknowledged)
        await asyncio.sleep(0.5)
        alone = {stream: version for stream, version in acknowledged.items() if version != before[stream]}
        primary.kill()
        shutil.rmtree(short_folder / "a" / "data")
        for task in loading:
            task.cancel()
        await asyncio.gather(*loading, return_exceptions=True)
        pool.terminate()
        standby.freeze(signal.SIGCONT)
        assert not alone, "acknowledged while only one disk had it"
        await has_everything(standby.dsn(name), acknowledged)


async def has_everything(dsn: str, acknowledged: dict[UUID, int]) -> None:
    """The promoted server holds what callers were told of, and takes commands."""
    pool = await connect(dsn, max_size=2)
    try:
        assert await pool.fetchval("select pg_promote()")
        rows = await pool.fetch("select stream_id, max(version) as version from journal group by 1")
        held = {row["stream_id"]: row["version"] for row in rows}
        assert {s: v for s, v in acknowledged.items() if held.get(s, 0) < v} == {}, "acknowledged and lost"
        await Writer(pool, TOPIC).count(STREAMS[0])
    finally:
        await pool.close()


async def load(writer: Writer, stream: UUID, acknowledged: dict[UUID, int]) -> None:
    """Commands one after the other, for as long as the database answers."""
    while True:
        try:
            acknowledged[stream] = (await writer.count(stream)).version
        except Transient:
            return


async def enough(acknowledged: dict[UUID, int]) -> bool:
    """Whether every stream has some events."""
    return len(acknowledged) == len(STREAMS) and min(acknowledged.values()) >= 5


async def follows(pool: Pool) -> bool:
    """Whether the standby is the synchronous one."""
    return bool(await pool.fetchval("select count(*) from pg_stat_replication where sync_state = 'sync'"))
