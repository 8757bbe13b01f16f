"""A large store is read whole: what is made of its records takes longer than the database lets a transaction idle."""

import time
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, ClassVar

import asyncpg
import pytest

from samverkan.agency.tally_view import Tally
from samverkan.backbone.database import connect
from samverkan.backbone.replay import snapshot
from samverkan.deploy.migrate import folders_of, migrate

_FROZEN_SECONDS = 0.3


class Slow(Tally):
    """A view whose rows take their time."""

    table: ClassVar = "tally"

    @classmethod
    def from_columns(cls, values: Iterable[Any]) -> Any:
        """As ever, later."""
        time.sleep(3 * _FROZEN_SECONDS)
        return super().from_columns(values)


async def test_nothing_is_made_of_the_records_inside_the_transaction(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(database, *folders_of("agency"))
    connection = await asyncpg.connect(database)
    await connection.execute("insert into tally values ('referred', 7)")
    await connection.close()
    monkeypatch.setattr(snapshot, "connect", partial(connect, frozen_seconds=_FROZEN_SECONDS))
    read: Mapping[str, Any] = (await snapshot.read_snapshot(database, [Slow(), Tally()])).rows
    assert read["tally"]["referred"].number == 7
