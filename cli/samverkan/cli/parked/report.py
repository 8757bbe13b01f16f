"""What `parked list` and `parked show` print. Ids, types, places and codes; never what an event says."""

from collections.abc import Mapping
from datetime import datetime

from rich.markup import escape

from samverkan.backbone.parking.standing import FoundFork, HeldEvent, HeldStream, RejectedRecord, Shown, Standing
from samverkan.cli.console import console


def print_standing(found: Mapping[str, Standing]) -> None:
    """A line each: streams, then rejected records, then forks. Ids and places are whole, to be handed on."""
    out = console()
    lines = [_stream(name, stream) for name, standing in found.items() for stream in standing.streams]
    lines += [_rejected(name, record) for name, standing in found.items() for record in standing.rejected]
    lines += [_fork(name, fork) for name, standing in found.items() for fork in standing.forks]
    for line in lines or ["Nothing stands still."]:
        out.print(escape(line), soft_wrap=True)


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


def _stream(store: str, stream: HeldStream) -> str:
    again = "" if stream.retry_at is None else f", next {clock(stream.retry_at)}"
    return (
        f"{store}: {stream.reason} {stream.stream_id}@{stream.version} {_why(stream)}, since {clock(stream.since)}, "
        f"tried again {stream.attempts} times{again}; {stream.queued} events kept back"
    )


def _rejected(store: str, record: RejectedRecord) -> str:
    code = f"{record.code} {record.detail}".rstrip()
    return f"{store}: rejected {_place(record)} {code}, {clock(record.rejected_at)}{_by(record)}"


def _fork(store: str, fork: FoundFork) -> str:
    where = f"{fork.stream_id}@{fork.version}"
    return f"{store}: fork {_place(fork)} at {where}, event {fork.event_id}, {clock(fork.found_at)}{_by(fork)}"


def _place(record: RejectedRecord | FoundFork) -> str:
    return f"{record.topic}/{record.partition}@{record.offset}"


def _by(record: RejectedRecord | FoundFork) -> str:
    if record.acknowledged_by is None or record.acknowledged_at is None:
        return ""
    return f"; acknowledged by {record.acknowledged_by}, {clock(record.acknowledged_at)}: {record.reason}"


def _why(stream: HeldStream) -> str:
    return f"{stream.code} ({stream.detail})" if stream.detail else stream.code


def _told(event: HeldEvent) -> str:
    return f"{event.type} version {event.version}, log index {event.log_index} of {event.source}"
