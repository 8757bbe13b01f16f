"""The connection pool, SQL files, and what a database error means to the caller."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import asyncpg
import orjson

from samverkan.backbone.errors import Permanent, Transient

Pool = asyncpg.Pool
Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy

# 08 connection, 40 rollback (serialization, deadlock), 53 resources (disk full, too many connections), 55P03 lock not
# available, 57 operator intervention (shutdown), 58 system error, 25006 a replica that is to become the primary, 25P03
# idle in a transaction for too long; 3D000, 55000 and 42P01 a database that is being put back: it is not there, takes
# nobody in, or has no tables yet. The same statement may go through later.
_TRANSIENT_CLASSES: Final = ("08", "40", "53", "57", "58")
_TRANSIENT_STATES: Final = ("55P03", "25006", "25P03", "3D000", "55000", "42P01")


@cache
def sql(package: str, name: str) -> str:
    """The statement in the file `name` beside the module that runs it."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def classify(error: BaseException) -> Transient | Permanent | None:
    """What the error means; None for one that is no database or connection error.

    Only SQLSTATE and constraint name are taken over: PostgreSQL's own message may repeat a row.
    """
    if isinstance(error, asyncpg.InvalidCachedStatementError):
        return Transient("database-transient", "a migration changed a table under a prepared statement")
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or "?"
        if state[:2] in _TRANSIENT_CLASSES or state in _TRANSIENT_STATES:
            return Transient("database-transient", f"SQLSTATE {state}")
        constraint = getattr(error, "constraint_name", None)
        return Permanent("database-refused", f"SQLSTATE {state}" + (f", constraint {constraint}" if constraint else ""))
    if isinstance(error, asyncpg.InterfaceError) and isinstance(error, ValueError):
        return Permanent("database-refused", type(error).__name__)  # the driver cannot encode a value
    # InternalClientError is what a connection says that was lost in the middle of a statement (asyncpg 0.31: "cannot
    # switch to state …", seen when PostgreSQL is killed -9): it is about the connection, never about an event.
    if isinstance(
        error, asyncpg.InterfaceError | asyncpg.InternalClientError | OSError | TimeoutError | asyncio.TimeoutError
    ):
        return Transient("database-unreachable", type(error).__name__)
    return None


@asynccontextmanager
async def session(pool: Pool) -> AsyncIterator[Connection]:
    """A connection of one's own, outside of any transaction.

    Transient: connection lost, deadlock, shutdown. Permanent: a constraint or type refused a statement. Both hide
    PostgreSQL's message, which may repeat personal data.
    """
    try:
        async with pool.acquire() as connection:
            yield connection
    except Exception as error:
        meaning = classify(error)
        if meaning is None:
            raise
        raise meaning from None


@asynccontextmanager
async def transaction(pool: Pool, *, snapshot: bool = False) -> AsyncIterator[Connection]:
    """One READ COMMITTED transaction on a connection of its own. `snapshot`: REPEATABLE READ and read only instead, so
    that all its statements see one moment.

    Errors are those of `session`; after a Transient one, the outcome of a commit is unknown.
    """
    async with (
        session(pool) as connection,
        connection.transaction(isolation="repeatable_read" if snapshot else None, readonly=snapshot),
    ):
        yield connection


# A process that is frozen, or on a machine that has vanished, keeps its locks until PostgreSQL gives its session up, by
# default never: no other relay could number (R2), no other member apply (S0). Longer than any pause between two
# statements of a live process on a laden machine.
FROZEN_SECONDS: Final = 15.0


async def connect(dsn: str, *, min_size: int = 1, max_size: int = 10, frozen_seconds: float = FROZEN_SECONDS) -> Pool:
    """A pool whose connections speak json as Python values and UTC.

    A transaction in which nothing is asked for `frozen_seconds` is rolled back, and its session ended.
    """
    pool = await asyncpg.create_pool(
        dsn,
        min_size=min_size,
        max_size=max_size,
        connection_class=Session,
        init=_identify,
        server_settings={
            "timezone": "UTC",
            "idle_in_transaction_session_timeout": str(int(frozen_seconds * 1000)),
        },
    )
    assert pool is not None
    return pool


if TYPE_CHECKING:
    _Plain = asyncpg.Connection[asyncpg.Record]
else:
    _Plain = asyncpg.Connection  # not subscriptable when it runs


class Session(_Plain):
    """A connection that knows which database it is to, for as long as it lives (W2)."""

    identity: str | None = None

    def get_reset_query(self) -> str:
        """Nothing is left of a transaction but the end of it, so a connection goes back without a question to the
        server: one round trip in ten of a command. Whoever takes more of a session gives it back itself (the relay's
        advisory lock)."""
        return ""


def identity_of(connection: Connection) -> str | None:
    """Which database this is (recovery/identity.sql); None for a connection of no pool of ours."""
    name: str | None = getattr(connection, "identity", None)
    return name


async def _identify(connection: _Plain) -> None:
    await prepare_connection(connection)
    assert isinstance(connection, Session)
    connection.identity = await connection.fetchval(sql("samverkan.backbone.recovery", "identity.sql"))


async def prepare_connection(connection: asyncpg.Connection) -> None:
    """json and jsonb go in and come out as Python values, in the binary format, so that COPY takes them too."""
    await connection.set_type_codec(
        "json", encoder=_to_json, decoder=orjson.loads, schema="pg_catalog", format="binary"
    )
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda value: b"\x01" + _to_json(value),
        decoder=lambda content: orjson.loads(content[1:]),  # the first byte is the format's version
        schema="pg_catalog",
        format="binary",
    )


def _to_json(value: Any) -> bytes:
    """JSON; decimals as strings so that no digit is lost."""
    return orjson.dumps(value, default=str)
