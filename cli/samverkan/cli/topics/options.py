"""The options of `republish`, `compare` and `topics`. What they lead to is imported when called: help stays quick."""

from typing import Annotated

import typer

topics = typer.Typer(help="The topics of the running system.", no_args_is_help=True, rich_markup_mode=None)


def republish(
    service: Annotated[str, typer.Argument(metavar="SERVICE", help="intake, placement, funding or notify.")],
    recreate: Annotated[
        bool, typer.Option("--recreate", help="Delete the topic and create it anew first; the service waits meanwhile.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before deleting.")] = False,
) -> None:
    """Send a service's whole log to its topic again, after the topic was emptied or created anew.

    Same bytes, same log indexes, in order, before anything new; the service is read-only until it is done. Refuses
    when the topic holds anything else than the beginning of that log. Can be repeated. Readers then need
    `topics accept-recreated`.
    """
    from samverkan.cli.topics.republish import republish as run

    raise typer.Exit(run(service, recreate=recreate, yes=yes))


def compare(
    service: Annotated[str | None, typer.Argument(metavar="[SERVICE]", help="One service; else every one.")] = None,
) -> None:
    """Compare whole topics with the logs of their owners, leaf for leaf. Reads only; 0 if they agree."""
    from samverkan.cli.topics.compare import compare as run

    raise typer.Exit(run(service))


@topics.command("accept-recreated")
def accept_recreated(
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help="samverkan.participant, …")],
    store: Annotated[
        str | None,
        typer.Option("--store", metavar="NAME", help="Only this one (agency.af, placement); else every one."),
    ] = None,
) -> None:
    """Let the stores that read a topic go on with the one that was created anew under its name, from its beginning.

    What they have applied comes again and is dropped, leaf for leaf. Refuses as long as the topic holds less than the
    store has: republish first.
    """
    from samverkan.cli.topics.accept import accept_recreated as run

    raise typer.Exit(run(topic, store=store))
