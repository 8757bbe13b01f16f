"""Reads that need more than one page or one view. Every row is read, a page at a time."""

from collections.abc import AsyncIterator
from typing import Any, Final, TypeVar

from samverkan.backbone.runtime import Between, Queries
from samverkan.backbone.view import View

_PAGE: Final = 500
Row = TypeVar("Row")


async def every(
    queries: Queries, view: type[View[Row]], *, between: Between | None = None, **equal: Any
) -> AsyncIterator[Row]:
    """All rows with these values, by key."""
    after: object | None = None
    while True:
        rows = await queries.select(view, after=after, limit=_PAGE, between=between, **equal)
        for row in rows:
            yield row
        if len(rows) < _PAGE:
            return
        after = getattr(rows[-1], view.columns()[0])
