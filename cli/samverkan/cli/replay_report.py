"""What `samverkan replay` prints. Values that may tell something of a person are printed only when asked for."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import orjson
from rich import box
from rich.console import Console
from rich.table import Table

from samverkan.backbone.clock import STOCKHOLM
from samverkan.backbone.replay.compare import Difference
from samverkan.backbone.replay.open_columns import open_columns
from samverkan.backbone.replay.verify import Comparison
from samverkan.schemas.envelope import format_instant

WITHHELD: Final = "withheld"
_PAYLOAD: Final = "entry"  # the only column of a kept event that holds compartments


def sentence(comparison: Comparison, *, show_values: bool) -> str:
    """The result in one line: equal, or the first thing that is not as it should be."""
    name = comparison.store.name
    if comparison.equal:
        return f"{name}: equal: {_equal(comparison)}"
    first = next(
        iter([str(finding) for finding in comparison.findings]),
        _told(comparison.differences[0], comparison, show_values=show_values) if comparison.differences else "",
    )
    more = len(comparison.findings) + len(comparison.differences) - 1
    return f"{name}: DIFFERENT: {first}" + (f" (and {more} more)" if more else "")


def print_view(comparison: Comparison, instant: datetime, *, show_values: bool) -> None:
    """What the agency could know at that instant: every row, column by column, without the empty ones."""
    at = instant.astimezone(STOCKHOLM).isoformat(sep=" ", timespec="seconds")
    table = Table(title=f"{comparison.store.name} as of {at}", title_justify="left", box=box.SIMPLE_HEAD)
    for title in ("table", "key", "column", "value"):
        table.add_column(title, overflow="fold")
    for name, rows in _shown(comparison, show_values=show_values).items():
        for key, columns in rows.items():
            for place, (column, value) in enumerate(columns.items()):
                table.add_row(name if place == 0 else "", key if place == 0 else "", column, str(value))
    Console().print(table)


def as_json(comparisons: Sequence[Comparison], instant: datetime | None, *, show_values: bool) -> str:
    """The same for programs: a list with one object a store."""
    return orjson.dumps(
        [
            {
                "store": comparison.store.name,
                "as_of": None if instant is None else format_instant(instant),
                "equal": comparison.equal,
                "events": comparison.events,
                "rows": comparison.rows,
                "not_taken_yet": comparison.behind,
                "as_the_store_says": comparison.believed,
                "findings": [str(finding) for finding in comparison.findings],
                "differences": [_told(one, comparison, show_values=show_values) for one in comparison.differences],
                "tables": None if instant is None else _shown(comparison, show_values=show_values),
            }
            for comparison in comparisons
        ],
        default=str,
        option=orjson.OPT_INDENT_2,
    ).decode()


def _equal(comparison: Comparison) -> str:
    held = len(comparison.replayed.holds)
    tables = len(comparison.replayed.rows)
    said = f"{_count(comparison.events, 'event')}, {_count(comparison.rows, 'row')} in {_count(tables, 'table')}"
    if held:
        said += f", {_count(held, 'stream')} standing still in both"
    if comparison.believed:
        said += f", {_count(comparison.believed, 'event')} left out because the store says so"
    if comparison.behind:
        said += f", {_count(comparison.behind, 'event')} on the topics that the store has not taken yet"
    return said


def _told(difference: Difference, comparison: Comparison, *, show_values: bool) -> str:
    where = f"{difference.table} {difference.key}"
    if not difference.column:
        return f"{where}: {difference.replayed} in the replay, {difference.live} in the live store"
    if not (show_values or _is_open(difference.table, difference.column, comparison)):
        return f"{where}: {difference.column} differs (values {WITHHELD}; --show-values prints them)"
    return f"{where}: {difference.column} is {difference.replayed} in the replay, {difference.live} in the live store"


def _is_open(table: str, column: str, comparison: Comparison) -> bool:
    for view in comparison.store.views:
        if view.table == table:
            return column in open_columns(view)
    return column != _PAYLOAD


def _shown(comparison: Comparison, *, show_values: bool) -> dict[str, dict[str, dict[str, Any]]]:
    """Rows by table and key; columns that hold nothing are left out."""
    shown: dict[str, dict[str, dict[str, Any]]] = {}
    for view in comparison.store.views:
        free = open_columns(view)
        columns = [field.name for field in fields(view.row)][1:]
        shown[view.table] = {
            str(key): {
                column: value if show_values or column in free else WITHHELD
                for column in columns
                if (value := getattr(row, column)) != getattr(view.row(key), column)
            }
            for key, row in sorted(comparison.replayed.rows[view.table].items())
        }
    return shown


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
