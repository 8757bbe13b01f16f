"""Moves a process's gate by what its database says, whoever of the replicas compared it (W2)."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog

from samverkan.backbone.database import Pool, identity_of, sql, transaction
from samverkan.backbone.errors import Transient
from samverkan.backbone.recovery.gate import DIFFERS, NOT_COMPARED, Gate

log = structlog.get_logger(__name__)

CLOSED_SECONDS: Final = 0.2  # how late a replica opens
OPEN_SECONDS: Final = 1.0  # how late a dump restored into the living database is noticed; nothing else waits for it

_REASONS: Final = {"taking-back": "taking-back", "republishing": "republishing", "stopped": DIFFERS, "held": "held"}


class Keeper:
    """One per process that owns a topic."""

    def __init__(self, pool: Pool, gate: Gate, *, beat: Callable[[], None] = lambda: None) -> None:
        self.gate = gate
        self._pool = pool
        self._beat = beat
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Look until `stop`."""
        while not self._stopping.is_set():
            self._beat()
            try:
                await self.look()
            except Transient as error:  # commands meet the same; a connection that is made anew is looked at by itself
                log.debug("keeper_postponed", code=error.code)
            seconds = CLOSED_SECONDS if self.gate.reason is not None else OPEN_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._stopping.wait()

    def stop(self) -> None:
        """Return from `run`."""
        self._stopping.set()

    async def look(self) -> None:
        """Open or close the gate. Transient: the database cannot be asked; the gate stays as it is."""
        async with transaction(self._pool) as connection:
            session = identity_of(connection)
            now: str | None = await connection.fetchval(sql(__package__, "identity.sql"))
            row = None if now is None else await connection.fetchrow(sql(__package__, "state.sql"))
        if session is None or session != now or row is None:
            await self._pool.expire_connections()  # its tables were made anew under it
            self._close(NOT_COMPARED)
        elif row["compared_with"] != session:
            self._close(_REASONS.get(row["state"], NOT_COMPARED))
        else:
            if self.gate.reason is not None:
                await self._pool.expire_connections()  # those to another server, of before a failover
                log.info("gate_opened")
            self.gate.open(session, taken_back=row["taken_back"] > 0)

    def _close(self, reason: str) -> None:
        if self.gate.reason != reason:
            log.warning("gate_closed", reason=reason)
        self.gate.close(reason)
