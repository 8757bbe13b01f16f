"""The database session of the active relay: while it lives, the relay is alive; when the process dies, it ends.

A lease alone must run out before a standby takes over, fifteen seconds after a kill -9. The session ends with the
process, so a standby that gets its advisory lock need not wait. It is a hint and never a right: who numbers is decided
by the holder in the sequencer's row (R2), and a relay that lost its session but lives finds itself replaced there.
Needs a connection of its own: behind a pooler that shares sessions between clients relays would take turns.
"""

from contextlib import suppress
from typing import Final

import asyncpg

from samverkan.backbone.database import Pool, classify

LOCK_KEY: Final = 0x53414D56  # "SAMV"; advisory locks are per database, so every service may use the same


class RelaySession:
    """One per relay; takes a connection out of the pool for as long as it is held."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._held = False
        self._connection: asyncpg.pool.PoolConnectionProxy[asyncpg.Record] | None = None

    @property
    def held(self) -> bool:
        """Whether this relay's session has the lock, as far as this process knows."""
        return self._held

    async def hold(self) -> bool:
        """Whether no other relay's session is alive; then this one holds the lock until `release`.

        Transient: the database cannot be asked.
        """
        try:
            if self._connection is not None and self._connection.is_closed():  # raises once the pool has taken it back
                await self.release()
            if self._connection is None:
                self._connection = await self._pool.acquire()
            if not self._held:
                self._held = bool(await self._connection.fetchval("select pg_try_advisory_lock($1)", LOCK_KEY))
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            await self.release()
            raise classify(error) or error from None
        return self._held

    async def release(self) -> None:
        """Let go of the lock and give the connection back."""
        connection, self._connection, self._held = self._connection, None, False
        if connection is not None:
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):  # it is gone, and the lock with it
                try:
                    if not connection.is_closed():
                        await connection.execute("select pg_advisory_unlock_all()")
                finally:
                    await self._pool.release(connection)
