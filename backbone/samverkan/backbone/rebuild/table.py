"""A table beside the live one, made like it in all that a rebuild must carry over, and put in its place.

Names come from the database's own catalogue and are quoted there; values never stand in these statements.
"""

from dataclasses import dataclass
from typing import Final

from samverkan.backbone.database import Connection, sql
from samverkan.backbone.errors import Permanent

SUFFIX: Final = "__rebuilt"
# Without the indexes, which would get other names and be kept row by row while the table is filled.
_LIKE: Final = ("defaults", "constraints", "generated", "storage", "compression", "comments", "statistics")


class CannotCarryOver(Permanent):
    """The live table has something that a new one would not get. Nothing was changed."""

    def __init__(self, table: str, what: str) -> None:
        super().__init__("rebuild-cannot-carry-over", f"{table} has {what}: carry it over by a migration")


@dataclass(frozen=True)
class Index:
    """An index or the constraint that it serves: how it is made, and the name that it is to have in the end."""

    name: str
    made: str
    is_constraint: bool
    is_primary: bool

    def provisional(self, number: int) -> str:
        """Its name until the swap: two of one name cannot stand side by side."""
        return f"rebuilt_{number}_{self.name}"[:63]


class Beside:
    """The table that a rebuild fills. `name` is the live one's."""

    def __init__(self, name: str) -> None:
        self.live = name
        self.new = name + SUFFIX
        self._indexes: list[Index] = []

    async def create(self, connection: Connection) -> bool:
        """Make it, empty, with its primary key; whether one that an interrupted rebuild had left was dropped first.

        CannotCarryOver: a trigger, a foreign key, a policy or a view hangs on the live one.
        """
        for what in await connection.fetch(sql(__package__, "cannot_carry_over.sql"), self.live):
            raise CannotCarryOver(self.live, what["what"])
        found = await connection.fetchval("select to_regclass($1) is not null", self.new)
        await connection.execute(f"drop table if exists {self.new}")
        like = " ".join(f"including {part}" for part in _LIKE)
        await connection.execute(f"create table {self.new} (like {self.live} {like})")
        for statement in await connection.fetch(sql(__package__, "carry_over.sql"), self.live, self.new):
            await connection.execute(statement["statement"])
        rows = await connection.fetch(sql(__package__, "indexes.sql"), self.live, self.new)
        self._indexes = [Index(**row) for row in rows]
        await self._make(connection, primary=True)
        return bool(found)

    async def finish(self, connection: Connection) -> None:
        """Once most rows are there: the other indexes, which are built faster than kept, and statistics."""
        await self._make(connection, primary=False)
        await connection.execute(f"analyze {self.new}")

    async def swap(self, connection: Connection) -> None:
        """Put it in the live one's place, which is dropped; all of it with the commit of the caller's transaction."""
        await connection.execute(f"drop table {self.live}")
        await connection.execute(f"alter table {self.new} rename to {self.live}")
        for number, index in enumerate(self._indexes):
            name, final = _quoted(index.provisional(number)), _quoted(index.name)
            await connection.execute(
                f"alter table {self.live} rename constraint {name} to {final}"
                if index.is_constraint
                else f"alter index {name} rename to {final}"
            )

    async def drop(self, connection: Connection) -> None:
        """Leave nothing behind."""
        await connection.execute(f"drop table if exists {self.new}")

    async def differing(self, connection: Connection, key: str, blank: object) -> int:
        """How many rows differ. A row as `blank`, that of a key that no event has touched, is as good as none: a
        command makes one to lock it."""
        statement = f"""
            with empty as materialized (
                select to_jsonb(b) - '{key}' as row from jsonb_populate_record(null::{self.live}, $1::jsonb) as b)
            select count(*) from {self.live} as l full join {self.new} as n on l.{key} = n.{key}
            where coalesce(to_jsonb(l) - '{key}', (select row from empty))
                is distinct from coalesce(to_jsonb(n) - '{key}', (select row from empty))
        """  # noqa: S608 - names are the view's own
        found = await connection.fetchval(statement, blank)
        return int(found)

    async def _make(self, connection: Connection, *, primary: bool) -> None:
        for number, index in enumerate(self._indexes):
            if index.is_primary == primary:
                name = _quoted(index.provisional(number))
                await connection.execute(index.made.replace("%NAME%", name))


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
