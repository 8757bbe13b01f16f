"""The options of `samverkan papers`. What they lead to is imported when called: help stays quick."""

from pathlib import Path
from typing import Annotated

import typer

papers = typer.Typer(
    help="Consent, plan, agreement, certificate, decision.", no_args_is_help=True, rich_markup_mode=None
)


@papers.command("list")
def list_papers() -> None:
    """The templates of every service: name, version, editions, what must stand in them."""
    from samverkan.cli.papers.templates import list_templates

    raise typer.Exit(list_templates())


@papers.command()
def render(
    template: Annotated[str, typer.Argument(metavar="TEMPLATE", help="consent, decision, …; see `papers list`.")],
    to: Annotated[Path, typer.Option("--to", metavar="FILE.pdf", help="Where to write it.")],
    sample: Annotated[
        Path | None, typer.Option("--sample", metavar="FILE.json", help="What stands in it; else the template's own.")
    ] = None,
    edition: Annotated[str | None, typer.Option("--edition", help="sv, sv-lattlast, en; else the first.")] = None,
    version: Annotated[int | None, typer.Option("--version", help="Else the newest.")] = None,
) -> None:
    """Make an example, to look at while editing a template."""
    from samverkan.cli.papers.templates import render_example

    raise typer.Exit(render_example(template, to, sample=sample, edition=edition, version=version))


@papers.command()
def verify(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.pdf]", help="One that you were given; else every paper there is.")
    ] = None,
) -> None:
    """Make papers again from the events on the topics and compare SHA-256: 0 if each is the same to the byte.

    Reads the topics only. A paper whose keys are gone, or that another engine made, is counted and not judged.
    """
    from samverkan.cli.papers.verifying import verify as run

    raise typer.Exit(run(file))
