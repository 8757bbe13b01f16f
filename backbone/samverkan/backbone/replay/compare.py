"""A replayed store beside a live one, value by value, in one order, so that the first difference is always the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from samverkan.backbone.replay.fold import Replayed
from samverkan.backbone.replay.snapshot import EVENT_COLUMNS, Snapshot
from samverkan.backbone.subscription.admission import Hold
from samverkan.backbone.subscription.arrival import Arrival, Rejected
from samverkan.backbone.view import View


class Absent:
    """There is no such event or row."""

    def __repr__(self) -> str:
        return "absent"


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the same. `column` is empty when the whole event or row is on one side only."""

    table: str
    key: str
    column: str
    replayed: Any
    live: Any


def differences(
    replayed: Replayed, rejected: Iterable[Rejected], live: Snapshot, views: Sequence[View[Any]]
) -> Iterator[Difference]:
    """Events first, then what stands still, then rows: a row that differs is explained by what came before it."""
    yield from compare_events("kept_event", replayed.applied, live.applied)
    yield from compare_events("held_event", replayed.waiting, live.waiting)
    holds = {stream_id: _hold(hold) for stream_id, hold in replayed.holds.items()}
    yield from _compare("held_stream", ("reason", "version", "code"), holds, live.holds)
    codes = {(one.topic, one.partition, one.offset): {"code": one.code} for one in rejected}
    found = {place: {"code": code} for place, code in live.rejected.items()}
    yield from _compare("rejected_record", ("code",), codes, found)
    for view in sorted(views, key=lambda view: view.table):
        yield from compare_rows(view, replayed.rows[view.table], live.rows[view.table])


def compare_events(
    table: str, replayed: Mapping[Any, Arrival], live: Mapping[Any, Mapping[str, Any]]
) -> Iterator[Difference]:
    """Events as the topics have them beside events as the store keeps them, bytes and all."""
    yield from _compare(table, EVENT_COLUMNS, {key: _event(arrival) for key, arrival in replayed.items()}, live)


def compare_rows(view: View[Any], replayed: Mapping[Any, Any], live: Mapping[Any, Any]) -> Iterator[Difference]:
    """Rows of one view. A row that says nothing but its key is as good as none: locking may have made it."""
    yield from _compare(view.table, view.columns()[1:], _told(view, replayed), _told(view, live))


def _compare(
    table: str,
    columns: Sequence[str],
    replayed: Mapping[Any, Mapping[str, Any]],
    live: Mapping[Any, Mapping[str, Any]],
) -> Iterator[Difference]:
    for key in sorted(replayed.keys() | live.keys()):
        shown = "/".join(map(str, key)) if isinstance(key, tuple) else str(key)
        if key not in replayed or key not in live:
            there, here = key in replayed, key in live
            yield Difference(table, shown, "", "present" if there else ABSENT, "present" if here else ABSENT)
            continue
        for column in columns:
            if replayed[key][column] != live[key][column]:
                yield Difference(table, shown, column, replayed[key][column], live[key][column])


def _told(view: View[Any], rows: Mapping[Any, Any]) -> dict[Any, dict[str, Any]]:
    columns = view.columns()[1:]
    return {
        key: {column: _plain(getattr(row, column)) for column in columns}
        for key, row in rows.items()
        if row != view.row(key)
    }


def _plain(value: Any) -> Any:
    """A value as it comes back from its column: an array as a tuple, json as plain values."""
    if isinstance(value, Mapping):
        return orjson.loads(orjson.dumps(dict(value), default=str))
    return tuple(value) if isinstance(value, list) else value


def _event(arrival: Arrival) -> dict[str, Any]:
    envelope = arrival.envelope
    return {
        "topic": arrival.topic,
        "source": envelope.source,
        "log_index": arrival.log_index,
        "event_id": envelope.id,
        "leaf": arrival.leaf,
        "correlation_id": envelope.correlation_id,
        "recorded_at": envelope.recorded_at,
        "entry": arrival.entry,
    }


def _hold(hold: Hold) -> dict[str, Any]:
    return {"reason": hold.reason, "version": hold.version, "code": hold.code}
