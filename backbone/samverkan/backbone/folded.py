"""Rows that were folded in memory, queried as a store is: for a past moment, and for tests."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.runtime import Among, Between
from samverkan.backbone.view import View
from samverkan.backbone.view_table import Folding

Row = TypeVar("Row")


class FoldedQueries:
    """`runtime.Queries` on a `Folding` and on the events that were folded into it, each with when it was applied."""

    def __init__(self, folding: Folding, events: Iterable[tuple[Recorded, datetime]] = ()) -> None:
        self.folding = folding
        self._events = events

    @classmethod
    def of(cls, views: Sequence[View[Any]], events: Sequence[tuple[Recorded, datetime]]) -> "FoldedQueries":
        """The rows that these events lead to, in this order. A fold that raises is raised."""
        folding = Folding(views)
        for recorded, _ in events:
            folding.apply(recorded)
        return cls(folding, events)

    async def get(self, view: type[View[Row]], key: object) -> Row | None:
        """The row with this primary key."""
        row: Row | None = self.folding.rows[view.table].get(key)
        return row

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
        rows = self.folding.rows[view.table]
        keys = sorted(key for key in rows if after is None or key > after)
        chosen: list[Row] = [
            rows[key]
            for key in keys
            if all(getattr(rows[key], name) == value for name, value in equal.items())
            and all(_between(getattr(rows[key], name), *bounds) for name, bounds in (between or {}).items())
            and all(getattr(rows[key], name) in values for name, values in (among or {}).items())
        ]
        return chosen[:limit]

    async def count(self, view: type[View[Row]], **equal: Any) -> int:
        """How many rows have these values."""
        return len(await self.select(view, limit=len(self.folding.rows[view.table]), **equal))

    async def timeline(self, correlation_id: UUID) -> Sequence[tuple[Recorded, datetime]]:
        """The events of one case in the order applied, each with when."""
        return [one for one in self._events if one[0].envelope.correlation_id == correlation_id]


def _between(value: Any, lowest: Any, highest: Any) -> bool:
    """As SQL compares: a null is between nothing."""
    if value is None:
        return lowest is None and highest is None
    return (lowest is None or lowest <= value) and (highest is None or value <= highest)
