"""Ends sessions of processes that froze while they held a lock that others wait for (S0, R2)."""

import asyncio
from typing import Any, Final

import structlog

from samverkan.backbone.database import FROZEN_SECONDS, Connection, Pool, session, sql
from samverkan.backbone.errors import Transient

log = structlog.get_logger(__name__)

_LOOKS: Final = 4  # the first and the last of them lie so many seconds apart as a session may be silent


async def watch_frozen(pool: Pool, seconds: float = FROZEN_SECONDS) -> None:
    """Until cancelled, end whoever keeps somebody waiting in this database for so long without a sign of life.

    Most frozen sessions are ended by PostgreSQL itself (`database.connect`); this is for those that it cannot see. It
    keeps a connection of the pool to itself: when all others wait for locks, somebody must be free to look.
    """
    pause = seconds / (_LOOKS - 1)
    while True:
        try:
            async with session(pool) as connection:
                await _watch(connection, pause)
        except Transient as error:
            log.warning("watch_postponed", code=error.code, reason=str(error))
        await asyncio.sleep(pause)


async def _watch(connection: Connection, pause: float) -> None:
    silent = sql(__package__, "silent_holders.sql")
    seen: dict[tuple[Any, ...], int] = {}
    while True:
        await asyncio.sleep(pause)
        seen = {tuple(row): seen.get(tuple(row), 0) + 1 for row in await connection.fetch(silent)}
        for (pid, *_), looks in seen.items():
            if looks >= _LOOKS and await connection.fetchval("select pg_terminate_backend($1)", pid):
                log.warning("frozen_session_ended", pid=pid)
