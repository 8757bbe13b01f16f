"""Our subscription behind the conformance suite's `Store`."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from counters import Tallies, Tally
from records import Placed
from samverkan.backbone.database import Pool, transaction
from samverkan.backbone.errors import Transient
from samverkan.backbone.parking.policy import ParkingLimit
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.subscription import store as steps
from samverkan.backbone.subscription.apply import Halted
from samverkan.backbone.testing.conformance.store import TOPICS, Place, StandsStill, State, TransientFailure
from world import Follower, World


class Release:
    """Whether the members run a release in which the fold takes everything."""

    mended = False


class MendableTallies(Tallies):
    """The view of a release."""

    def __init__(self, release: Release) -> None:
        self._release = release

    def fold(self, row: Tally, recorded: Recorded) -> Tally:
        """As `Tallies`, until it is mended."""
        if self._release.mended:
            return Tally(row.stream_id, row.seen + 1, (*row.versions, recorded.envelope.version))
        return super().fold(row, recorded)


class PowerCut(Exception):
    """The process is no more."""


class OurStore:
    """`Store`: one applier on a real PostgreSQL."""

    def __init__(self, pool: Pool, limit: ParkingLimit, release: Release) -> None:
        self._pool, self._limit, self._release = pool, limit, release
        self._follower = Follower(pool, TOPICS, name="one-store", limit=limit, views=[MendableTallies(release)])

    async def apply(self, records: Sequence[Placed], at: Mapping[Place, int] | None = None) -> Mapping[Place, int]:
        """See `Store.apply`."""
        try:
            return (await self._follower.applier.apply(records, at)).rewind
        except Transient as error:
            raise TransientFailure(error.code) from error
        except Halted as error:
            raise StandsStill(str(error)) from error

    async def die_applying(self, records: Sequence[Placed]) -> None:
        """See `Store.die_applying`."""

        async def cut() -> None:
            raise PowerCut

        try:
            await self._applying_with(cut, records)
        except PowerCut:
            pass

    async def fail_applying(self, records: Sequence[Placed]) -> None:
        """See `Store.fail_applying`."""

        async def deadlock() -> None:
            raise asyncpg.DeadlockDetectedError("deadlock detected")

        await self._applying_with(deadlock, records)

    async def _applying_with(self, last: Callable[[], Awaitable[None]], records: Sequence[Placed]) -> None:
        """Apply, with something happening after the last statement before the commit, which moves the offsets."""
        usual = steps.move_offsets

        async def then(*arguments: Any) -> None:
            await usual(*arguments)
            await last()

        steps.move_offsets = then  # type: ignore[assignment]
        try:
            await self.apply(records)
        finally:
            steps.move_offsets = usual

    async def retry(self, streams: Sequence[UUID]) -> None:
        """See `Store.retry`."""
        await self._follower.applier.retry(streams)

    def member(self) -> "OurStore":
        """See `Store.member`."""
        return OurStore(self._pool, self._limit, self._release)

    def mend(self) -> None:
        """See `Store.mend`."""
        self._release.mended = True

    def unmend(self) -> None:
        """The first release again."""
        self._release.mended = False

    async def state(self) -> State:
        """See `Store.state`."""
        async with transaction(self._pool, snapshot=True) as connection:
            ask = connection.fetch
            queued: dict[UUID, tuple[int, ...]] = {}
            for stream, version in await ask("select stream_id, version from held_event order by 1, 2"):
                queued[stream] = (*queued.get(stream, ()), version)
            return State(
                heads={row[0]: row[1] for row in await ask("select stream_id, version from head where version > 0")},
                rows={row[0]: tuple(row[1]) for row in await ask("select stream_id, versions from tally")},
                held={
                    row[0]: (row[1], row[2]) for row in await ask("select stream_id, reason, version from held_stream")
                },
                queued=queued,
                offsets={
                    (row[0], row[1]): row[2]
                    for row in await ask("select topic, partition, next_offset from subscription_offset")
                },
                forks=frozenset(map(tuple, await ask("select topic, partition, kafka_offset from fork"))),
                rejected=frozenset(map(tuple, await ask("select topic, partition, kafka_offset from rejected_record"))),
            )

    async def backup(self) -> dict[str, str]:
        """See `Store.backup`: each table beside itself, whatever its columns."""
        async with transaction(self._pool) as connection:
            number = await connection.fetchval("select count(*) from pg_namespace where nspname like 'backup_%'")
            schema = f"backup_{number}"
            await connection.execute(f"create schema {schema}")
            for table in await _tables(connection):
                await connection.execute(f"create table {schema}.{table} as table public.{table}")
        return {"schema": schema}

    async def restore(self, backup: dict[str, str]) -> None:
        """See `Store.restore`."""
        async with transaction(self._pool) as connection:
            tables = await _tables(connection)
            # No trigger: rows come back in any order of their references, and what is never changed comes back, too.
            await connection.execute("set local session_replication_role = replica")
            await connection.execute(f"truncate {', '.join(tables)}")
            for table in tables:
                await connection.execute(
                    f"insert into public.{table} overriding system value table {backup['schema']}.{table}"
                )


async def _tables(connection: Any) -> list[str]:
    rows = await connection.fetch(
        "select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migration' order by 1"
    )
    return [row["tablename"] for row in rows]


@asynccontextmanager
async def our_store(world: World, *, halts_above: int = 1_000_000) -> AsyncIterator[OurStore]:
    """An empty store of ours."""
    async with world.store() as pool:
        yield OurStore(pool, ParkingLimit(at_least=halts_above), Release())
