"""Replays a store from the topics and says whether the live one holds the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from samverkan.backbone.replay.compare import Difference, compare_events, compare_rows, differences
from samverkan.backbone.replay.fold import Key, Replayed, Verdicts, replay
from samverkan.backbone.replay.history import Finding, History
from samverkan.backbone.replay.snapshot import Snapshot
from samverkan.backbone.subscription.apply import FORK
from samverkan.backbone.subscription.arrival import Arrival, Rejected, held_arrival
from samverkan.backbone.subscription.reacting import Reader
from samverkan.backbone.subscription.readied import Failure
from samverkan.backbone.view import View

REFUSED_BY_DATABASE: Final = "database-refused"  # a fold in memory has no constraints: believed from the live store


@dataclass(frozen=True)
class Store:
    """Whose store: its name, what it reads and may read, and what it makes of it."""

    name: str
    reader: Reader
    views: tuple[View[Any], ...]


@dataclass(frozen=True)
class Comparison:
    """What came of it. `behind`: records on the topics that the live store has not taken yet, which is no difference.

    `believed`: events that the replay skipped or stopped at only because the live store says so.
    """

    store: Store
    replayed: Replayed
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...]
    behind: int = 0
    believed: int = 0

    @property
    def equal(self) -> bool:
        """Nothing was found in the topics and nothing differs."""
        return not self.findings and not self.differences

    @property
    def events(self) -> int:
        """How many events were applied."""
        return len(self.replayed.applied)

    @property
    def rows(self) -> int:
        """How many rows they led to."""
        return sum(len(rows) for rows in self.replayed.rows.values())


def compare_now(history: History, live: Snapshot, store: Store) -> Comparison:
    """Fold the topics up to the positions of the live store and compare events, holds and rows. Pure."""
    arrivals = [arrival for arrival in history.arrivals if _taken(arrival, live)]
    verdicts = _verdicts(history, live)
    replayed = replay(arrivals, store.reader, store.views, verdicts)
    rejected = [record for record in history.rejected if _taken(record, live)]
    return Comparison(
        store,
        replayed,
        tuple(history.findings()),
        tuple(differences(replayed, rejected, live, store.views)),
        behind=sum(arrival.topic in store.reader.topics for arrival in history.arrivals) - len(arrivals),
        believed=len(verdicts.skipped) + len(verdicts.stopped),
    )


def compare_as_of(history: History, live: Snapshot, store: Store, instant: datetime) -> Comparison:
    """What the store's owner could know at that instant: only what had been recorded by then, as far as it has come.

    The same is folded from the events that the live store keeps, bytes and all. Pure.
    """
    verdicts = _verdicts(history, live)
    known = [a for a in history.arrivals if _taken(a, live) and a.envelope.recorded_at <= instant]
    replayed = replay(known, store.reader, store.views, verdicts)
    kept = {key: columns for key, columns in live.applied.items() if columns["recorded_at"] <= instant}
    held = {key: columns for key, columns in live.waiting.items() if columns["recorded_at"] <= instant}
    both = {**replayed.applied, **replayed.waiting}  # what waited then may have been applied since, and is kept now
    found = tuple(compare_events("kept_event", both, {**kept, **held}))
    if not found:
        arrivals = [_arrival(columns) for columns in {**kept, **held}.values()]
        from_store = replay(arrivals, store.reader, store.views, verdicts)
        found = tuple(
            difference
            for view in store.views
            for difference in compare_rows(view, replayed.rows[view.table], from_store.rows[view.table])
        )
    return Comparison(store, replayed, tuple(history.findings()), found)


def _taken(record: Arrival | Rejected, live: Snapshot) -> bool:
    return record.offset < live.offsets.get((record.topic, record.partition), 0)


def _verdicts(history: History, live: Snapshot) -> Verdicts:
    stopped: dict[Key, Failure] = {
        (stream_id, hold["version"]): Failure(REFUSED_BY_DATABASE)
        for stream_id, hold in live.holds.items()
        if hold["code"] == REFUSED_BY_DATABASE
    }
    for stream_id in history.contested() & live.holds.keys():
        stopped[stream_id, live.heads.get(stream_id, 0) + 1] = Failure(FORK)
    return Verdicts(live.skipped, stopped)


def _arrival(columns: Mapping[str, Any]) -> Arrival:
    return held_arrival({**columns, "partition": 0, "kafka_offset": 0})
