"""Folds a view again from the events of a store, beside the live one, and swaps the two.

The live view goes on being written and read meanwhile. The swap is one transaction: it holds the subscription's row, so
that nothing is applied (S0), and the view's table, so that no command is half-way; it folds what came last, drops the
live table and gives its name to the new one. Whoever reads sees the old rows or the new ones, never neither, and
prepared statements go on: PostgreSQL looks the name up again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from copy import copy
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any, Final

import asyncpg

from samverkan.backbone.database import Connection, connect, session
from samverkan.backbone.errors import Refused, Transient
from samverkan.backbone.rebuild.events import Ends, Events, Unfoldable, read_ends
from samverkan.backbone.rebuild.table import Beside
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.subscription import store as stores
from samverkan.backbone.subscription.reacting import Reader, guarded
from samverkan.backbone.subscription.readied import Failure
from samverkan.backbone.view import View
from samverkan.backbone.view_table import ViewTable, keys_of
from samverkan.schemas.catalogue import Topic

CLOSE: Final = 500  # places behind the live view at which it is near enough to be swapped: folded in 0.05 s
# About 60 MB of the widest rows. Without them each window of events reads and writes all the rows that it touches.
ROWS_IN_MEMORY: Final = 20_000
SWAP_LOCK_SECONDS: Final = 0.5  # how long the swap may wait for the table, and readers for the swap; then it lets go
SWAP_PAUSE_SECONDS: Final = 0.1
SWAP_ATTEMPTS: Final = 60


@dataclass(frozen=True)
class Rebuildable:
    """Whose store, what it reads and may read, what it owns."""

    name: str
    reader: Reader
    views: tuple[View[Any], ...]
    owns: Topic | None = None

    def view(self, table: str) -> View[Any]:
        """Refused `view-unknown`: with the names that there are."""
        for view in self.views:
            if view.table == table:
                return view
        raise Refused("view-unknown", view=table, known=", ".join(sorted(view.table for view in self.views)))


@dataclass(frozen=True)
class Progress:
    """How far it has come: events folded, and about how many are left."""

    events: int
    left: int
    seconds: float


@dataclass(frozen=True)
class Rebuilt:
    """What came of it. `differing`: rows that were not the same before. `locked_seconds`: how long the view was held.

    `leftover`: an earlier rebuild had been interrupted, and its table was dropped.
    """

    view: str
    events: int
    rows: int
    differing: int
    seconds: float
    locked_seconds: float
    attempts: int
    leftover: bool


async def rebuild(
    dsn: str, store: Rebuildable, table: str, *, tell: Callable[[Progress], None] = lambda _: None
) -> Rebuilt:
    """Rebuild one view. Killed at any moment, it leaves the live view as it was, and a table that the next one drops.

    Refused `view-unknown`, `rebuild-runs-already`. Permanent: an event cannot be folded by this release, the table
    refuses a row, or has something that cannot be carried over; nothing was changed. Transient: try again.
    """
    view = store.view(table)
    pool = await connect(dsn, max_size=1)
    try:
        async with session(pool) as connection, _alone(connection, table):
            return await _Rebuilding(connection, store, view, tell).run()
    finally:
        await pool.close()


@asynccontextmanager
async def _alone(connection: Connection, table: str) -> AsyncIterator[None]:
    """Held by the session: it ends with the process, however that ends."""
    key = "hashtext('samverkan.rebuild'), hashtext($1)"
    if not await connection.fetchval(f"select pg_try_advisory_lock({key})", table):
        raise Refused("rebuild-runs-already", view=table)
    try:
        yield
    finally:
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            await connection.execute(f"select pg_advisory_unlock({key})", table)


class _Rebuilding:
    """One rebuild, on one connection."""

    def __init__(
        self, connection: Connection, store: Rebuildable, view: View[Any], tell: Callable[[Progress], None]
    ) -> None:
        self._connection = connection
        self._store = store
        self._beside = Beside(view.table)
        self._view = copy(view)
        object.__setattr__(self._view, "table", self._beside.new)  # the same fold, into the other table
        self._table = ViewTable(self._view, shared=False)
        self._rows: dict[Any, Any] = {}
        self._changed: set[Any] = set()
        self._events = Events(store.reader, store.owns)
        self._folded = 0
        self._started = perf_counter()
        self._tell = tell

    async def run(self) -> Rebuilt:
        async with self._connection.transaction():
            leftover = await self._beside.create(self._connection)
        await self._connection.execute("select brin_summarize_new_values('kept_event_order')")
        try:
            await self._catch_up(0)
            await self._beside.finish(self._connection)
            differing = await self._compare()
            attempts, locked = await self._swap()
        except BaseException:
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await self._beside.drop(self._connection)
            raise
        rows: int = await self._connection.fetchval(f"select count(*) from {self._beside.live}")  # noqa: S608
        seconds = perf_counter() - self._started
        return Rebuilt(self._beside.live, self._folded, rows, differing, seconds, locked, attempts, leftover)

    async def _catch_up(self, near: int) -> None:
        """Fold until no more than `near` places are left. None of it need survive a crash."""
        while True:
            ends = await self._ends()
            while (left := self._events.behind(ends)) > 0:
                async with self._connection.transaction():
                    await self._connection.execute("set local synchronous_commit = off")
                    await self._connection.execute("set local enable_seqscan = off")
                    await self._fold(await self._events.window(self._connection, ends))
                self._tell(Progress(self._folded, left, perf_counter() - self._started))
            await self._flush()
            if self._events.behind(await self._ends()) <= near:
                return

    async def _ends(self) -> Ends:
        """Under the subscription's lock, for a moment: what was applied before is visible, nothing else counts."""
        async with self._connection.transaction():
            await stores.lock(self._connection, self._store.name)
            return await read_ends(self._connection)

    async def _fold(self, events: Sequence[Recorded]) -> None:
        """Fold in memory; rows are read when first touched, and written when there are too many, or by `_flush`.

        Unfoldable: the view cannot take one of the events.
        """
        touched: list[tuple[Recorded, Collection[Any]]] = []
        for recorded in events:
            for _, keys in self._guarded(recorded, partial(keys_of, (self._view,), recorded)):
                touched.append((recorded, keys))
        unread = {key for _, keys in touched for key in keys} - self._rows.keys()
        self._rows.update(await self._table.read(self._connection, unread))
        for recorded, keys in touched:
            for key in keys:
                before = self._rows[key]
                after = self._guarded(recorded, partial(self._view.fold, before, recorded))
                if after is not before:
                    self._rows[key] = after
                    self._changed.add(key)
        self._folded += len(events)
        if len(self._rows) > ROWS_IN_MEMORY:
            await self._flush()

    async def _flush(self) -> None:
        """Write what changed, and forget all rows."""
        await self._table.write(self._connection, [self._rows[key] for key in self._changed])
        self._rows.clear()
        self._changed.clear()

    def _guarded(self, recorded: Recorded, call: Callable[[], Any]) -> Any:
        outcome = guarded(call)
        if isinstance(outcome, Failure):
            envelope = recorded.envelope
            raise Unfoldable(f"{envelope.type} {envelope.stream_id}@{envelope.version}", outcome)
        return outcome

    async def _rest(self, ends: Ends) -> None:
        """Fold all that is left, in this transaction, into rows that were all written before it."""
        while self._events.behind(ends) > 0:
            await self._fold(await self._events.window(self._connection, ends))
        await self._fold(await self._events.unnumbered(self._connection))
        await self._flush()

    async def _compare(self) -> int:
        """How many rows differ, at one moment and without a lock: the new table is brought to that moment, compared,
        and put back."""
        events, folded = self._events.copy(), self._folded
        undone = self._connection.transaction(isolation="repeatable_read")
        await undone.start()
        try:
            await self._rest(await read_ends(self._connection))
            key = self._view.columns()[0]
            return await self._beside.differing(self._connection, key, self._view.row(None))
        finally:
            await undone.rollback()
            self._put_back(events, folded)

    async def _swap(self) -> tuple[int, float]:
        """The attempts that it took and how long the view was held in the last. Transient: somebody never let go."""
        for attempt in range(1, SWAP_ATTEMPTS + 1):
            await self._catch_up(CLOSE)
            events, folded = self._events.copy(), self._folded
            try:
                async with self._connection.transaction():
                    await stores.lock(self._connection, self._store.name)
                    await self._connection.execute(f"set local lock_timeout = '{SWAP_LOCK_SECONDS * 1000:.0f}ms'")
                    await self._connection.execute(f"lock table {self._beside.live} in access exclusive mode")
                    since = perf_counter()
                    # No relay numbers meanwhile: no event moves from the unnumbered to the log between two reads.
                    await self._connection.execute("select from sequencer for update")
                    await self._rest(await read_ends(self._connection))
                    await self._beside.swap(self._connection)
                return attempt, perf_counter() - since
            except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
                self._put_back(events, folded)
                await asyncio.sleep(min(1.0, SWAP_PAUSE_SECONDS * attempt))  # whoever waited behind us goes first
        raise Transient("rebuild-never-alone", f"{self._beside.live} was in use for too long {SWAP_ATTEMPTS} times")

    def _put_back(self, events: Events, folded: int) -> None:
        """To where a transaction began that was rolled back."""
        self._events, self._folded = events, folded
        self._rows.clear()
        self._changed.clear()
