"""The options of `samverkan parked`. What they lead to is imported when it is called: `--help` stays quick."""

from typing import Annotated

import typer

parked = typer.Typer(
    help="What stands still in the stores, and what may be done about it: try again, skip, acknowledge.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_STORE = typer.Argument(metavar="STORE", help="Whose store: placement, agency.af, …")
_STREAM = typer.Argument(metavar="STREAM", help="The stream's id, as `parked list` prints it.")
_REASON = typer.Option("--reason", help="Why. It is kept for good; no name and no personnummer of anybody.")
_BY = typer.Option("--by", help="Who does it: an id of yours, kept for good.")


@parked.command("list")
def list_parked(
    service: Annotated[str | None, typer.Option(help="Only this store.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what only waits, and what has been acknowledged.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List parked streams, rejected records and forks of every store: 0 none, 1 some, 3 nothing runs."""
    from samverkan.cli.parked.reading import list_all

    raise typer.Exit(list_all(service, everything=everything, as_json=as_json))


@parked.command()
def show(
    store: Annotated[str, _STORE],
    stream: Annotated[str, _STREAM],
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show one stream: the event at which it stands, why, what queues behind it, and what was done before."""
    from samverkan.cli.parked.reading import show_stream

    raise typer.Exit(show_stream(store, stream, as_json=as_json))


@parked.command()
def retry(
    store: Annotated[str, _STORE],
    stream: Annotated[str | None, _STREAM] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every parked stream of the store.")] = False,
    by: Annotated[str, _BY] = "operator",
    reason: Annotated[str, _REASON] = "",
) -> None:
    """Try a parked stream again now, and say what came of it: 0 it goes on, 1 it does not (yet)."""
    from samverkan.cli.parked.repairing import retry_streams

    if (stream is None) is not everything:
        raise typer.BadParameter("give STREAM or --all")
    raise typer.Exit(retry_streams(store, stream, by=by, reason=reason))


@parked.command()
def skip(
    store: Annotated[str, _STORE],
    event: Annotated[str, typer.Argument(metavar="STREAM@VERSION", help="Exactly the event at which it stands.")],
    reason: Annotated[str, _REASON],
    by: Annotated[str, _BY],
) -> None:
    """Leave an event out of this store for good: it is kept and never folded; later events go on."""
    from samverkan.cli.parked.repairing import skip_event

    raise typer.Exit(skip_event(store, event, by=by, reason=reason))


@parked.command()
def acknowledge(
    store: Annotated[str, _STORE],
    record: Annotated[
        str,
        typer.Argument(metavar="TOPIC/PARTITION@OFFSET", help="Where it lies; @FIRST-LAST: all rejected ones there."),
    ],
    reason: Annotated[str, _REASON],
    by: Annotated[str, _BY],
) -> None:
    """Say that a rejected record or a fork has been understood: it alarms no more, and stays noted for good."""
    from samverkan.cli.parked.repairing import acknowledge_record

    raise typer.Exit(acknowledge_record(store, record, by=by, reason=reason))
