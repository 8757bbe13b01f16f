"""Reads of a service's own views and kept events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from samverkan.backbone.database import Pool, transaction
from samverkan.backbone.errors import Permanent
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.runtime import Among, Between
from samverkan.backbone.view import View
from samverkan.schemas.codec import ALL, decode
from samverkan.schemas.entry import read_entry
from samverkan.schemas.event import Compartment
from samverkan.schemas.headers import from_headers

Row = TypeVar("Row")

_TIMELINE = """
select entry, applied_at
from head join kept_event using (stream_id)
where head.correlation_id = $1 and not skipped
order by applied_order
"""


class ViewQueries:
    """`runtime.Queries` on a pool."""

    def __init__(self, pool: Pool, readable: frozenset[Compartment] = ALL) -> None:
        self._pool = pool
        self._readable = readable

    async def get(self, view: type[View[Row]], key: object) -> Row | None:
        """The row with this primary key."""
        by_key: dict[str, Any] = {view.columns()[0]: key}
        rows = await self.select(view, limit=1, **by_key)
        return rows[0] if rows else None

    async def select(
        self,
        view: type[View[Row]],
        *,
        after: object | None = None,
        limit: int = 100,
        between: Between | None = None,
        among: Among | None = None,
        **equal: Any,
    ) -> Sequence[Row]:
        """See `runtime.Queries.select`."""
        columns = view.columns()
        where, values = _where(columns, equal, between or {}, among or {})
        if after is not None:
            values.append(after)
            where.append(f"{columns[0]} > ${len(values)}")
        condition = f" where {' and '.join(where)}" if where else ""
        # Names come from the view's own dataclass, values travel as parameters.
        statement = f"select {', '.join(columns)} from {view.table}{condition} order by {columns[0]} limit {int(limit)}"
        async with transaction(self._pool) as connection:
            records = await connection.fetch(statement, *values)
        return [view.from_columns(record.values()) for record in records]

    async def count(self, view: type[View[Row]], **equal: Any) -> int:
        """How many rows have these values."""
        where, values = _where(view.columns(), equal, {}, {})
        condition = f" where {' and '.join(where)}" if where else ""
        async with transaction(self._pool) as connection:
            counted: int = await connection.fetchval(f"select count(*) from {view.table}{condition}", *values)
        return counted

    async def timeline(self, correlation_id: UUID) -> Sequence[tuple[Recorded, datetime]]:
        """The applied events of one case as this service may read them, in the order applied, each with when."""
        async with transaction(self._pool) as connection:
            rows = await connection.fetch(_TIMELINE, correlation_id)
        return [(self._recorded(row), row["applied_at"]) for row in rows]

    def _recorded(self, row: asyncpg.Record) -> Recorded:
        topic, _, headers, value = read_entry(row["entry"])
        envelope = from_headers(headers)
        return Recorded(topic, envelope, decode(envelope.type, value, self._readable).event)


def _where(
    columns: Sequence[str], equal: Mapping[str, Any], between: Between, among: Among
) -> tuple[list[str], list[Any]]:
    unknown = (equal.keys() | between.keys() | among.keys()) - set(columns)
    if unknown:
        raise Permanent("column-unknown", ", ".join(sorted(unknown)))
    compared = [(f"{column} = ${{}}", value) for column, value in equal.items()]
    for column, (lowest, highest) in between.items():
        bounds = ((">=", lowest), ("<=", highest))
        compared += [(f"{column} {sign} ${{}}", value) for sign, value in bounds if value is not None]
    compared += [(f"{column} = any(${{}})", list(values)) for column, values in among.items()]
    where = [condition.format(number) for number, (condition, _) in enumerate(compared, 1)]
    return where, [value for _, value in compared]
