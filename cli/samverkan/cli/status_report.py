"""What `samverkan status` prints: a table of the services, then what stands still and what needs a human."""

from datetime import datetime

from rich import box
from rich.markup import escape
from rich.table import Table

from samverkan.cli.console import console
from samverkan.cli.status import ServiceStatus, held

_STYLES = {"ready": "green", "not ready": "yellow", "ended": "red"}


def print_status(found: list[ServiceStatus]) -> None:
    """Everything, in the order in which an operator asks."""
    out = console()
    out.print(_services(found))
    if any(True for _ in held(found)):
        out.print(_held(found))
    for one in found:
        for record in one.store.rejected_records if one.store is not None else ():
            place = f"{record.topic}/{record.partition} at offset {record.offset}"
            out.print(
                f"{one.name}: rejected {place}: {record.code} {escape(record.detail)}, {_clock(record.rejected_at)}",
                soft_wrap=True,
            )
        for fork in one.store.found_forks if one.store is not None else ():
            out.print(
                f"{one.name}: fork at {fork.stream_id}@{fork.version}, {fork.topic}/{fork.partition} "
                f"at offset {fork.offset}, {_clock(fork.found_at)}",
                soft_wrap=True,
            )
    sentences = [f"{one.name}: {trouble}" for one in found for trouble in one.troubles()]
    for sentence in sentences:
        out.print(f"[red]{escape(sentence)}[/]", soft_wrap=True)
    if not sentences:
        out.print("[green]All is well.[/]")


def _services(found: list[ServiceStatus]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))  # 80 columns
    table.add_column("service", no_wrap=True)
    table.add_column("process", no_wrap=True)
    for title in ("restarts", "unsent", "unread", "hole", "wait", "park", "reject", "fork"):
        table.add_column(title, justify="right")
    for one in found:
        style = _STYLES[one.state]
        table.add_row(one.name, f"[{style}]{one.state}[/] {one.pid}", str(one.restarts), *_cells(one))
    return table


def _cells(one: ServiceStatus) -> list[str]:
    store = one.store
    if store is None:
        return ["?"] * 7
    unsent = ""
    if store.relay is not None:
        unsent = str(store.relay.unsent) + (f", {store.unsent_seconds or 0.0:.0f} s" if store.relay.unsent else "")
        unsent += "" if store.lease_held else ", no lease"
    unread = "?" if one.unread is None else "halted" if store.halted_at is not None else str(one.unread)
    counts = (store.holes, store.waiting, store.parked, store.rejected, store.forks)
    return [unsent, unread, *(f"[red]{count}[/]" if count else "0" for count in counts)]


def _held(found: list[ServiceStatus]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="streams that stand still", title_justify="left")
    for title in ("where", "why", "stream and version", "code", "since", "tries", "next try"):
        table.add_column(title, overflow="fold")
    for name, stream in held(found):
        detail = f" ({escape(stream.detail)})" if stream.detail else ""
        table.add_row(
            name,
            stream.reason,
            f"{stream.stream_id}@{stream.version} +{stream.queued}",
            stream.code + detail,
            _clock(stream.since),
            str(stream.attempts),
            "" if stream.retry_at is None else _clock(stream.retry_at),
        )
    return table


def _clock(instant: datetime) -> str:
    """The instant in the reader's own time."""
    return f"{instant.astimezone():%Y-%m-%d %H:%M:%S}"
