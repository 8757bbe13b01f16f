"""S7: any interleaving that respects each stream's order and `requires` leads to the same rows.

A column that two families write, or a "last one seen" over several streams, shows up here as two orders whose rows
differ.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.backbone.view_table import Folding

Rows = Mapping[str, Mapping[Any, Any]]
Stream = Sequence[Recorded]

ORDERS: Final = 200  # orders looked at of each kind; a story of thirty events has more than there are atoms


def fold(views: Sequence[View[Any]], events: Sequence[Recorded]) -> Rows:
    """The rows of all views after these events, by table and key."""
    folding = Folding(views)
    for recorded in events:
        folding.apply(recorded)
    return folding.rows


def interleavings(streams: Sequence[Stream]) -> Iterator[tuple[Recorded, ...]]:
    """Every order in which a consumer may apply these streams. Their number grows without measure: take some."""
    yield from _continued(streams, [0] * len(streams), [])


def random_interleaving(streams: Sequence[Stream], source: random.Random) -> tuple[Recorded, ...]:
    """One allowed order, drawn step by step."""
    done, order = [0] * len(streams), list[Recorded]()
    while ready := _ready(streams, done):
        chosen = source.choice(ready)
        order.append(streams[chosen][done[chosen]])
        done[chosen] += 1
    return tuple(order)


def assert_same_rows(views: Sequence[View[Any]], streams: Sequence[Stream], *, seed: int = 0) -> Rows:
    """Fold the first orders and as many random ones, assert that all give the same rows, and return these."""
    source = random.Random(seed)
    drawn = (random_interleaving(streams, source) for _ in range(ORDERS))
    first, expected = None, dict[str, Mapping[Any, Any]]()
    for order in (*islice(interleavings(streams), ORDERS), *drawn):
        rows = fold(views, order)
        if first is None:
            first, expected = order, dict(rows)
        for table in rows:
            assert rows[table] == expected[table], f"{table}: {_told(first)} and {_told(order)} give different rows"
    assert first is not None
    return expected


def _continued(streams: Sequence[Stream], done: list[int], order: list[Recorded]) -> Iterator[tuple[Recorded, ...]]:
    ready = _ready(streams, done)
    if not ready:
        yield tuple(order)
    for chosen in ready:
        order.append(streams[chosen][done[chosen]])
        done[chosen] += 1
        yield from _continued(streams, done, order)
        done[chosen] -= 1
        order.pop()


def _ready(streams: Sequence[Stream], done: Sequence[int]) -> list[int]:
    """The streams whose next event may be applied now; requirements on streams that are not given are ignored (S5)."""
    heads: dict[UUID, int] = {
        stream[0].stream_id: stream[count - 1].envelope.version if count else 0
        for stream, count in zip(streams, done, strict=True)
    }
    unfinished = [index for index, stream in enumerate(streams) if done[index] < len(stream)]
    ready = [
        index
        for index in unfinished
        if all(
            heads.get(needed.stream_id, needed.version) >= needed.version
            for needed in streams[index][done[index]].envelope.requires
        )
    ]
    assert ready or not unfinished, "these streams require each other: no order is allowed"
    return ready


def _told(order: Sequence[Recorded]) -> str:
    return " ".join(f"{type(recorded.event).__name__}@{recorded.envelope.version}" for recorded in order)
