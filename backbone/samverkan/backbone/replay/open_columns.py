"""Which columns of a view tell nothing of a person, so that a difference in them may be printed.

Found by folding the golden samples, one event of every type with all its fields, twice: with every compartment
readable and with none. A column that comes out the same and not empty is open. All others are not: also a column that
no sample fills, for nobody has shown that it is.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.backbone.view_table import Folding
from samverkan.schemas.codec import ALL, decode
from samverkan.schemas.event import Compartment
from samverkan.schemas.golden import golden_samples
from samverkan.schemas.headers import from_headers


def open_columns(view: View[Any]) -> frozenset[str]:
    """The columns that may be shown to whoever operates the system. The key always is: it is opaque."""
    readable, unreadable = (_rows(view, compartments) for compartments in (ALL, frozenset[Compartment]()))
    columns = view.columns()
    blank = view.row(None)
    told: set[str] = set()
    differing: set[str] = set()
    for key in readable.keys() | unreadable.keys():
        full, bare = readable.get(key, blank), unreadable.get(key, blank)
        told |= {column for column in columns if getattr(bare, column) != getattr(blank, column)}
        differing |= {column for column in columns if getattr(full, column) != getattr(bare, column)}
    return frozenset({columns[0]} | (told - differing))


def _rows(view: View[Any], compartments: frozenset[Compartment]) -> dict[Any, Any]:
    folding = Folding([view])
    for recorded in _samples(compartments):
        folding.apply(recorded)
    return folding.rows[view.table]


@cache
def _samples(compartments: frozenset[Compartment]) -> Sequence[Recorded]:
    return tuple(_recorded(compartments))


def _recorded(compartments: frozenset[Compartment]) -> Iterable[Recorded]:
    for sample in golden_samples():
        envelope = from_headers(sample.headers)
        yield Recorded(sample.topic, envelope, decode(envelope.type, sample.value, compartments).event)
