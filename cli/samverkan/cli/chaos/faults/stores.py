"""Databases whose disk is full, and databases that are put back to what they were a while ago."""

import asyncio
import os
import shutil
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg

from samverkan.backbone.status import read_state
from samverkan.cli.chaos.arena import Arena
from samverkan.cli.chaos.faults.fault import Fault, Missed
from samverkan.deploy.embedded.postgres import BINARIES, SUPERUSER, EmbeddedPostgres

_BACKUP_SECONDS: Final = 30.0
_ASK_SECONDS: Final = 10.0


class FullDisk(Fault):
    """PostgreSQL can write nothing more: statements fail, at worst it goes down until there is room again."""

    async def strike(self) -> str:
        disk = self.arena.ground.small_disk
        if disk is None or not await asyncio.to_thread(disk.fill):
            raise Missed("its disk cannot be filled")
        return ""

    async def heal(self) -> None:
        disk = self.arena.ground.small_disk
        if disk is not None:
            await asyncio.to_thread(disk.clear)


class RestoreReaders(Fault):
    """A backup of the server is taken now and put back when it heals, under agencies that go on running: each must
    catch up by itself from the offsets that stand beside its data (S1)."""

    _backup: Path | None = None

    async def strike(self) -> str:
        self._backup = await back_up(self._server, self.arena.folder / "backups")
        return ""

    async def heal(self) -> None:
        assert self._backup is not None
        await replace_data(self.arena, self.target, self._backup)

    @property
    def _server(self) -> EmbeddedPostgres:
        return self.arena.ground.servers[self.target]


class RestoreOwner(Fault):
    """A service's database goes back in time while its topic does not: before it decides anything it must take its own
    events back from there (W2). What it had committed and not yet sent would be lost with any single disk, which is
    what W1 is for; so the service is stopped in order first, and sends what it has."""

    _backup: Path | None = None

    async def strike(self) -> str:
        self._backup = await back_up(self._server, self.arena.folder / "backups")
        return ""

    async def heal(self) -> None:
        assert self._backup is not None
        server = self.arena.ground.server_of(self.target)
        await self.arena.keep_down(self.target)
        for process in self.arena.tree(self.target):
            process.terminate()
        await self.arena.gone(self.target)
        try:
            if await unsent(self.arena.run.service(self.target).dsn):
                raise Missed("it could not send what it had committed, and would have lost it")
            await replace_data(self.arena, server, self._backup)
        finally:
            await self.arena.bring_up(self.target)

    @property
    def _server(self) -> EmbeddedPostgres:
        return self.arena.ground.servers[self.arena.ground.server_of(self.target)]


async def replace_data(arena: Arena, server: str, backup: Path) -> None:
    """kill -9 the server, put the backup in the place of its data, start it again; returns at once then."""
    await arena.keep_down(server)
    for process in arena.tree(server):
        process.kill()
    await arena.gone(server)
    await asyncio.to_thread(put_back, backup, arena.ground.servers[server].data)
    await arena.bring_up(server)


async def unsent(dsn: str) -> int:
    """How many committed events Kafka has not acknowledged. Missed: the database cannot be asked."""
    try:
        connection = await asyncpg.connect(dsn, timeout=_ASK_SECONDS)
        try:
            state = await read_state(connection, owns_topic=True)
        finally:
            await connection.close()
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        raise Missed(type(error).__name__) from None
    return 0 if state.relay is None else state.relay.unsent


async def back_up(server: EmbeddedPostgres, folder: Path) -> Path:
    """A copy of the running server's data, as of the copy's end. Missed: it cannot be taken now."""
    target = folder / uuid4().hex[:8]
    where = ["--host", str(server.socket_folder), "--username", SUPERUSER, "--pgdata", str(target)]
    process = await asyncio.create_subprocess_exec(
        BINARIES / "pg_basebackup",
        *where,
        *("--checkpoint", "fast", "--wal-method", "fetch", "--no-sync"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_BACKUP_SECONDS):
            code = await process.wait()
    except TimeoutError:
        process.kill()
        code = await process.wait()
    if code != 0:
        raise Missed("no backup could be taken")
    return target


def put_back(backup: Path, data: Path) -> None:
    """Replace the data of a server that does not run."""
    owner = data.stat()
    shutil.rmtree(data)
    shutil.move(backup, data)
    for path in (data, *data.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
