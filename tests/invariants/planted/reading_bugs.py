"""Mechanisms of the subscription, each taken out by itself."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import Any
from unittest.mock import ANY

import asyncpg
import pytest

from samverkan.backbone import database, view_table
from samverkan.backbone.errors import Permanent
from samverkan.backbone.parking.policy import ParkingLimit
from samverkan.backbone.subscription import admission, store
from samverkan.backbone.subscription.apply import Applier

APPLY = "samverkan.backbone.subscription.apply"


class _Believed(dict[Any, Any]):
    """Whatever is asked for was sought and proven."""

    def __bool__(self) -> bool:
        return True

    def get(self, *_: Any) -> Any:
        return ANY


def trust_the_position(patch: pytest.MonkeyPatch) -> None:
    """A batch is taken from wherever it begins."""
    usual = Applier.apply_read

    async def apply(self: Applier, records: Sequence[Any], at: Mapping[Any, int] | None = None) -> Any:
        return await usual(self, records, _Believed())

    patch.setattr(Applier, "apply_read", apply)


def offsets_are_not_compared(patch: pytest.MonkeyPatch) -> None:
    """And the stored offset is not asked for."""
    trust_the_position(patch)

    async def nothing(*_: Any) -> dict[Any, Any]:
        return {}

    patch.setattr(store, "read_offsets", nothing)


def acknowledge_first(patch: pytest.MonkeyPatch) -> None:
    """The position is committed before the effect, on a connection of its own."""
    usual = store.move_offsets

    async def move(connection: Any, *arguments: Any) -> None:
        own = await _another(connection)
        try:
            await usual(own, *arguments)
        finally:
            await own.close()

    patch.setattr(store, "move_offsets", move)


async def _another(connection: Any) -> asyncpg.Connection:
    database_name = await connection.fetchval("select current_database()")
    folder = await connection.fetchval("show unix_socket_directories")
    return await asyncpg.connect(host=folder, user="postgres", database=database_name)


def no_lock_on_the_subscription(patch: pytest.MonkeyPatch) -> None:
    """The first statement of a transaction reads the row and locks nothing."""
    replace_sql(patch, "samverkan.backbone.subscription.store", "lock.sql", lambda text: without(text, " for update"))


def unsorted_view_writes(patch: pytest.MonkeyPatch) -> None:
    """Rows are locked in the order in which they come to hand."""
    random = Random(0)

    def shuffled(items: Iterable[Any], **_: Any) -> list[Any]:
        listed = list(items)
        random.shuffle(listed)
        return listed

    patch.setattr(view_table, "sorted", shuffled, raising=False)
    usual = view_table.ViewTable.__init__

    def unordered(self: Any, *arguments: Any, **options: Any) -> None:
        usual(self, *arguments, **options)
        self._lock, found = re.subn(
            r"from (\w+) where (\w+) = any\(\$1\) order by \w+ for update$",
            r"from unnest($1::uuid[]) as wanted (it) cross join lateral "
            r"(select * from \1 where \2 = wanted.it for update) as t",
            self._lock,
        )
        assert found == 1 or not self.shared, "the statement is another one: this bug plants nothing"

    patch.setattr(view_table.ViewTable, "__init__", unordered)


def a_deadlock_is_permanent(patch: pytest.MonkeyPatch) -> None:
    """Whatever the database says is about the event."""
    usual = database.classify

    def classify(error: BaseException) -> Any:
        meaning = usual(error)
        return meaning and Permanent("database-refused", str(meaning))

    patch.setattr(database, "classify", classify)


def forget_what_came_early(patch: pytest.MonkeyPatch) -> None:
    """What comes before its turn is thrown away, as if it would come again."""

    async def nothing(*_: Any) -> None:
        return

    patch.setattr(store, "hold", nothing)


def nothing_is_guarded(patch: pytest.MonkeyPatch) -> None:
    """What a fold raises goes up as it is."""

    def unguarded(call: Callable[..., Any], *arguments: Any) -> Any:
        return call(*arguments)

    patch.setattr("samverkan.backbone.subscription.batch.guarded", unguarded)


def park_without_limit(patch: pytest.MonkeyPatch) -> None:
    """However many streams park, it goes on."""
    patch.setattr(ParkingLimit, "exceeded", lambda *_: False)


def do_not_wait(patch: pytest.MonkeyPatch) -> None:
    """What an event requires is not asked for."""
    patch.setattr(admission, "missing", lambda *_: ())


def wake_nobody(patch: pytest.MonkeyPatch) -> None:
    """Who waits for a stream is not looked for."""

    async def nobody(*_: Any) -> set[Any]:
        return set()

    patch.setattr(store, "read_waiters", nobody)


def a_fork_is_a_repeat(patch: pytest.MonkeyPatch) -> None:
    """What stands at a place is taken for the same, whatever its leaf."""
    usual = store.read_leaves

    async def alike(*arguments: Any) -> dict[Any, Any]:
        return dict.fromkeys(await usual(*arguments), ANY)

    patch.setattr(store, "read_leaves", alike)


def replace_sql(patch: pytest.MonkeyPatch, module: str, name: str, change: Callable[[str], str]) -> None:
    """The module runs another statement than the one in this file."""

    def sql(package: str, asked: str) -> str:
        text = database.sql(package, asked)
        return change(text) if asked == name else text

    patch.setattr(f"{module}.sql", sql)


def without(text: str, part: str) -> str:
    """The statement without a part that it must have."""
    assert part in text, f"{part!r} is not there any more: this bug plants nothing"
    return text.replace(part, "")
