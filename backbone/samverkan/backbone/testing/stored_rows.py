"""Rows as the database gives them back: equal to the folded ones, whatever their types, or a replay would differ."""

from collections.abc import Sequence
from typing import Any

from samverkan.backbone.database import connect
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.testing.permute import fold
from samverkan.backbone.view import View
from samverkan.backbone.view_table import ViewTables, keys_by_table


async def assert_stored_as_folded(dsn: str, views: Sequence[View[Any]], events: Sequence[Recorded]) -> None:
    """Write and read every row between any two events, on a database that has the views' tables.

    Both ways of writing: that of a reader, and that of a service whose commands write too, where a row begins with
    the defaults of its columns.
    """
    pool = await connect(dsn, max_size=1)
    try:
        for shared in (False, True):
            tables = ViewTables(views, shared=shared)
            async with pool.acquire() as connection:
                transaction = connection.transaction()
                await transaction.start()
                for recorded in events:
                    folding = await tables.read(connection, keys_by_table(tables.views, [recorded]))
                    folding.apply(recorded)
                    await tables.write(connection, folding)
                expected = fold(views, events)
                stored = await tables.read(connection, expected)
                await transaction.rollback()
            for table, rows in expected.items():
                assert rows, f"{table}: the events touch no row"
                assert stored.rows[table] == rows, table
    finally:
        await pool.close()
