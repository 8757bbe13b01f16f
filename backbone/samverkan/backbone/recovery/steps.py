"""The transactions of the relay that leads, while log and topic are brought to agree (R2, W2)."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from samverkan.backbone.database import Connection, Pool, identity_of, sql, transaction
from samverkan.backbone.errors import Transient
from samverkan.backbone.recovery.comparing import Landmarks
from samverkan.backbone.recovery.keeper import Keeper
from samverkan.backbone.recovery.own_topic import Shape
from samverkan.backbone.relay.guard import CompareAgain, LeaseLost, Standstill

HELD_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Known:
    """What the database says when a comparison begins. `agreed`: it was compared before, under the same name."""

    began_at: datetime
    next_index: int
    cursor: int
    landmarks: Landmarks
    given_up: frozenset[int]
    agreed: bool


@dataclass(frozen=True)
class Lease:
    """Who leads, and for how long each transaction renews it."""

    holder: UUID
    seconds: float


class Steps:
    """Each transaction begins with the lease, in the database that is compared, or is not made at all."""

    def __init__(self, pool: Pool, keeper: Keeper, beat: Callable[[], None]) -> None:
        self.pool = pool
        self._keeper = keeper
        self._beat = beat
        self._lease = Lease(UUID(int=0), 0.0)
        self.identity: str | None = None

    def admit(self, connection: Connection) -> None:
        """CompareAgain: this is not the database that was compared."""
        if identity_of(connection) != self.identity:
            raise CompareAgain("database-replaced")

    @asynccontextmanager
    async def step(self) -> AsyncIterator[tuple[Connection, int, int]]:
        """One transaction, with the next log index and the cursor. LeaseLost, CompareAgain: nothing was done."""
        self._beat()
        async with transaction(self.pool) as connection:
            row = await connection.fetchrow(sql(__package__, "renew.sql"), self._lease.holder, self._lease.seconds)
            if row is None:
                raise LeaseLost
            if self.identity is not None:
                self.admit(connection)
            yield connection, row["next"], row["cursor"]

    async def begin(self, holder: UUID, lease_seconds: float) -> Known:
        """What a comparison begins with; from here on every step is in the same database.

        Standstill `held`: an operator wants it so.
        """
        self._lease = Lease(holder, lease_seconds)
        self.identity = None
        async with self.step() as (connection, next_index, cursor):
            identity = identity_of(connection)
            row = await connection.fetchrow("select *, now() from recovery")
            present = await connection.fetchval(sql(__package__, "identity.sql"))
            if row is None or identity is None or identity != present:
                await self.pool.expire_connections()  # to tables that were made anew under them
                raise Transient("database-replaced", "a connection is older than the tables")
            marks = await connection.fetch("select partition, next_offset from landmark")
            lost = await connection.fetch("select logindex from lost_index")
            agreed = row["compared_with"] == identity
            held = row["held_by"] is not None
            if held:
                await say(connection, "held")
            elif not agreed and row["state"] != "stopped":
                await say(connection, "comparing")
        if held:
            await self._keeper.look()
            raise Standstill("held", HELD_SECONDS)
        if not agreed:
            self._keeper.gate.close("log-not-compared")
        self.identity = identity
        offsets = {each["partition"]: each["next_offset"] for each in marks}
        return Known(
            row["now"],
            next_index,
            cursor,
            Landmarks(row["topic_id"], row["proven"], offsets),
            frozenset(each["logindex"] for each in lost),
            agreed,
        )

    async def close(self, state: str, events: int) -> None:
        """From here on read-only, in every replica, until log and topic agree."""
        async with self.step() as (connection, _, _):
            await say(connection, state, events=events)
        await self._keeper.look()


async def say(
    connection: Connection, state: str, *, code: str | None = None, detail: str = "", events: int = 0
) -> None:
    """The service is read-only from this commit on, and why."""
    await connection.execute(sql(__package__, "say.sql"), state, code, detail, events)


async def note_landmarks(connection: Connection, shape: Shape, proven: int) -> None:
    """Every record of the log below `proven` is in the topic, and every other one lies at or above these ends."""
    await connection.execute("update recovery set topic_id = $1, proven = $2", shape.topic_id, proven)
    await connection.execute(sql(__package__, "landmarks.sql"), list(shape.ends.keys()), list(shape.ends.values()))
