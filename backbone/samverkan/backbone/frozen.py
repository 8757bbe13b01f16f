"""Ends sessions of processes that froze while they held a lock that others wait for (S0, R2)."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import asyncpg
import structlog

from samverkan.backbone.database import FROZEN_SECONDS, Connection, Pool, classify, sql
from samverkan.backbone.errors import Transient

log = structlog.get_logger(__name__)

_LOOKS: Final = 4  # the first and the last of them lie so many seconds apart as a session may be silent

Seen = Mapping[tuple[Any, ...], int]


async def watch_frozen(pool: Pool, seconds: float = FROZEN_SECONDS) -> None:
    """Until cancelled, end whoever keeps somebody waiting in this database for so long without a sign of life.

    Most frozen sessions are ended by PostgreSQL itself (`database.connect`); this is for those that it cannot see. It
    keeps a connection of the pool to itself: when all others wait for locks, somebody must be free to look.
    """
    pause = seconds / (_LOOKS - 1)
    while True:
        try:
            async with pool.acquire() as connection:
                await _watch(connection, pause)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            meaning = classify(error)
            if not isinstance(meaning, Transient):
                raise meaning or error from None
            log.warning("watch_postponed", code=meaning.code, reason=str(meaning))
        await asyncio.sleep(pause)


async def _watch(connection: Connection, pause: float) -> None:
    seen: Seen = {}
    while True:
        await asyncio.sleep(pause)
        seen = {tuple(row): seen.get(tuple(row), 0) + 1 for row in await connection.fetch(_sql())}
        for (pid, *_), looks in seen.items():
            if looks >= _LOOKS and await connection.fetchval("select pg_terminate_backend($1)", pid):
                log.warning("frozen_session_ended", pid=pid)


def _sql() -> str:
    return sql(__package__, "silent_holders.sql")
