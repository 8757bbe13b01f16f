"""The options of `samverkan ledger`. What they lead to is imported when called: help stays quick."""

from typing import Annotated

import typer

ledger = typer.Typer(help="Every krona of funding.", no_args_is_help=True, rich_markup_mode=None)


@ledger.command()
def verify(
    show_values: Annotated[bool, typer.Option(help="Print the kronor of what differs: they tell of a person.")] = False,
) -> None:
    """Add up and compute again every krona that funding told on its topic: 0 if all of it agrees.

    Reads the topic only. Per programme: what stands on each account; then each difference with its stream and version.
    """
    from samverkan.cli.ledger.verifying import verify as run

    raise typer.Exit(run(show_values=show_values))
