"""Ends sessions of processes that froze while they held a lock that others wait for (S0, R2)."""

import asyncio

import structlog

from samverkan.backbone.database import FROZEN_SECONDS, Pool, sql, transaction
from samverkan.backbone.errors import Transient

log = structlog.get_logger(__name__)


async def watch_frozen(pool: Pool, seconds: float = FROZEN_SECONDS) -> None:
    """Until cancelled, end whoever has kept somebody waiting in this database for so long without a word, within a
    third of that. Apart from everything that waits for locks: somebody must be free to do it.

    Most frozen sessions are ended by PostgreSQL itself (`database.connect`); this is for those that it cannot see.
    """
    while True:
        await asyncio.sleep(seconds / 3)
        try:
            async with transaction(pool) as connection:
                ended = len(await connection.fetch(sql(__package__, "end_frozen.sql"), seconds))
        except Transient as error:
            log.warning("watch_postponed", code=error.code, reason=str(error))
        else:
            if ended:
                log.warning("frozen_sessions_ended", sessions=ended)
