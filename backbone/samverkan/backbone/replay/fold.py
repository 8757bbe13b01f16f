"""From arrived events to what a store must hold: the same reading, admission and folds as the live store, in memory.

Which interleaving is folded does not matter: any that respects stream order and `requires` leads to the same rows (S7).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from samverkan.backbone.subscription.admission import Hold, admit
from samverkan.backbone.subscription.arrival import Arrival
from samverkan.backbone.subscription.reacting import Reader, guarded
from samverkan.backbone.subscription.readied import Failure
from samverkan.backbone.view import View
from samverkan.backbone.view_table import Folding

Key = tuple[UUID, int]


@dataclass(frozen=True)
class Verdicts:
    """What only the live store can know, taken over from it and said in the result.

    `skipped`: events that an operator skipped; their version counts, nothing is folded. `stopped`: events that its
    database refused, or at which it stopped a stream that is told in two ways.
    """

    skipped: frozenset[Key] = frozenset()
    stopped: Mapping[Key, Failure] = field(default_factory=dict)


@dataclass(frozen=True)
class Replayed:
    """A store as it must be: applied events, events that wait, streams that stand still, rows by table and key."""

    applied: dict[Key, Arrival]
    waiting: dict[Key, Arrival]
    holds: dict[UUID, Hold]
    rows: dict[str, dict[Any, Any]]


def replay(
    arrivals: Iterable[Arrival], reader: Reader, views: Sequence[View[Any]], verdicts: Verdicts | None = None
) -> Replayed:
    """Fold these events, each given once and in any order. Pure."""
    known = verdicts or Verdicts()
    queues: dict[UUID, dict[int, Arrival]] = {}
    for arrival in arrivals:
        queues.setdefault(arrival.stream_id, {})[arrival.version] = arrival
    folding = Folding(views)

    def attempt(arrival: Arrival) -> Failure | None:
        key = (arrival.stream_id, arrival.version)
        if key in known.skipped:
            return None
        if (stopped := known.stopped.get(key)) is not None:
            return stopped
        ready = reader.ready(arrival.topic, arrival.envelope, arrival.value)
        if isinstance(ready, Failure):
            return ready
        return guarded(lambda: folding.apply(ready.recorded))

    admitted = admit(queues, {}, {}, reader.topics, attempt)
    applied = {(arrival.stream_id, arrival.version): arrival for arrival in admitted.applied}
    return Replayed(
        applied,
        {
            (stream_id, version): arrival
            for stream_id, queue in queues.items()
            for version, arrival in queue.items()
            if (stream_id, version) not in applied
        },
        admitted.holds,
        folding.rows,
    )
