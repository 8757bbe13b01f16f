"""Views: rows that queries read, derived from events by pure folds.

The same fold serves the live store, a rebuild, a replay and an auditor, so it must depend on nothing but the row and
the event. Each column is owned by one stream family (topic): then any interleaving of families that respects
`requires` leads to the same rows (S7).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, ClassVar, Generic, TypeVar

from samverkan.backbone.recorded import Recorded

Row = TypeVar("Row")


class View(ABC, Generic[Row]):
    """One table. `row` is a frozen dataclass whose fields are the table's columns; the first is the primary key.

    Every other field has a default, and every other column of the table is nullable or has one: a row that no event
    has touched is `row(key)`.
    """

    table: ClassVar[str]
    row: ClassVar[type[Any]]

    @abstractmethod
    def keys(self, recorded: Recorded) -> Iterable[Any]:
        """The primary keys of the rows that this event touches; empty for an event that does not matter here."""

    @abstractmethod
    def fold(self, row: Row, recorded: Recorded) -> Row:
        """The row after the event. Pure. Raising parks the event's stream (S4)."""

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The table's columns in the order of the row's fields; the first is the key."""
        return tuple(field.name for field in fields(cls.row))

    @classmethod
    def from_columns(cls, values: Iterable[Any]) -> Any:
        """The row with these values, in the order of `columns`; arrays become tuples."""
        return cls.row(*[tuple(value) if isinstance(value, list) else value for value in values])
