"""What `parked list` and `parked show` print. Ids, types, places and codes; never what an event says."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from rich import box
from rich.markup import escape
from rich.table import Table

from samverkan.backbone.parking.standing import FoundFork, HeldEvent, RejectedRecord, Shown, Standing, Stream
from samverkan.cli.console import console


def print_standing(found: Mapping[str, Standing]) -> None:
    """Streams, then rejected records, then forks."""
    out = console()
    streams = [(name, stream) for name, standing in found.items() for stream in standing.streams]
    rejected = [(name, record) for name, standing in found.items() for record in standing.rejected]
    forks = [(name, fork) for name, standing in found.items() for fork in standing.forks]
    if streams:
        out.print(_streams(streams))
    if rejected:
        out.print(_rejected(rejected))
    if forks:
        out.print(_forks(forks))
    if not (streams or rejected or forks):
        out.print("Nothing stands still.")


def print_stream(store: str, stream_id: str, shown: Shown) -> None:
    """Where it stands, why, what queues, what was done."""
    out = console()

    def line(text: str) -> None:
        out.print(escape(text), soft_wrap=True)

    line(f"{store}: stream {stream_id}, applied up to version {shown.head}")
    stream = shown.stream
    if stream is None:
        line("It does not stand still.")
    else:
        line(f"{stream.reason} at version {stream.version} since {clock(stream.since)}: {_why(stream)}")
        tried = f"tried again {stream.attempts} times"
        line(f"{tried}, next {clock(stream.retry_at)}" if stream.retry_at is not None else tried)
        line(f"{stream.queued} events are kept back, and {shown.waits_for_it} other streams wait for this one")
    if shown.event is not None and stream is not None:
        line(f"the event: {_told(shown.event)}, on {stream.topic}/{shown.event.partition}@{shown.event.offset}")
        line(f"           id {shown.event.event_id}, leaf {shown.event.leaf}")
        line(f"           {shown.event.value_bytes} bytes, recorded {clock(shown.event.recorded_at)}")
        if shown.event.requires:
            line(f"           requires {' '.join(shown.event.requires)}")
    for event in shown.behind:
        line(f"behind it:  {_told(event)}, partition {event.partition}@{event.offset}")
    for fork in shown.forks:
        line(f"fork: {fork.event_id} at {fork.topic}/{fork.partition}@{fork.offset}, leaf {fork.leaf}{_by(fork)}")
    for repair in shown.history:
        at = "" if repair.version is None else f" of version {repair.version}"
        why = f": {repair.reason}" if repair.reason else ""
        line(f"{clock(repair.repaired_at)} {repair.action}{at} ({repair.code}) by {repair.repaired_by}{why}")


def clock(instant: datetime) -> str:
    """The instant in the reader's own time."""
    return f"{instant.astimezone():%Y-%m-%d %H:%M:%S}"


def _streams(streams: Iterable[tuple[str, Stream]]) -> Table:
    table = _table(
        "streams that stand still", "store", "why", "stream@version", "code", "since", "tries", "next", "kept"
    )
    for name, stream in streams:
        table.add_row(
            name,
            stream.reason,
            f"{stream.stream_id}@{stream.version}",
            escape(_why(stream)),
            clock(stream.since),
            str(stream.attempts),
            "" if stream.retry_at is None else clock(stream.retry_at),
            str(stream.queued),
        )
    return table


def _rejected(records: Iterable[tuple[str, RejectedRecord]]) -> Table:
    table = _table("rejected records", "store", "topic/partition@offset", "code", "when", "acknowledged")
    for name, record in records:
        code = f"{record.code} {record.detail}".rstrip()
        table.add_row(name, _place(record), escape(code), clock(record.rejected_at), escape(_by(record)))
    return table


def _forks(forks: Iterable[tuple[str, FoundFork]]) -> Table:
    table = _table("forks", "store", "topic/partition@offset", "stream@version", "event", "when", "acknowledged")
    for name, fork in forks:
        stream = f"{fork.stream_id}@{fork.version}"
        table.add_row(name, _place(fork), stream, str(fork.event_id), clock(fork.found_at), escape(_by(fork)))
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _place(record: RejectedRecord | FoundFork) -> str:
    return f"{record.topic}/{record.partition}@{record.offset}"


def _by(record: RejectedRecord | FoundFork) -> str:
    if record.acknowledged_by is None or record.acknowledged_at is None:
        return ""
    return f" by {record.acknowledged_by}, {clock(record.acknowledged_at)}: {record.reason}"


def _why(stream: Stream) -> str:
    return f"{stream.code} ({stream.detail})" if stream.detail else stream.code


def _told(event: HeldEvent) -> str:
    return f"{event.type} version {event.version}, log index {event.log_index} of {event.source}"
