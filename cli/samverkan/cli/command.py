"""The commands and their options. Each imports what it needs when it is called: `--help` stays quick."""

import os
from pathlib import Path
from typing import Annotated

import typer

from samverkan.cli.ledger.options import ledger
from samverkan.cli.papers.options import papers
from samverkan.cli.parked.options import parked
from samverkan.cli.topics.options import compare, republish, topics

app = typer.Typer(
    name="samverkan",
    help="Agencies that must help the same person work from the same facts, without a shared database.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


app.add_typer(ledger, name="ledger")
app.add_typer(papers, name="papers")
app.add_typer(parked, name="parked")
app.add_typer(topics, name="topics")
app.command()(republish)
app.command()(compare)


@app.command()
def up(
    once: Annotated[
        bool, typer.Option("--once", help="On new data: start, play Timrå, compare the replay, end. 0 if all is well.")
    ] = False,
    play: Annotated[bool, typer.Option(help="Play Timrå when ready, if these data have not seen it.")] = True,
    also: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="A store besides the five: socialtjanst, gymnasiekontor.")
    ] = None,
) -> None:
    """Start the whole system on this machine: Kafka, PostgreSQL, four services, five agencies. Ctrl-C ends it."""
    from samverkan.cli.up.local import up_local

    raise typer.Exit(up_local(once=once, play=play, also=also or []))


imports = typer.Typer(help="Take in lists from files.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(imports, name="import")


@imports.command()
def referrals(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.csv",
            help="Needs the columns personnummer, program, inkom and myndigheter (several with | between); "
            "may have namn, skäl, remitterad av, språk, behöver tolk, telefon, e-post. English names are known too.",
        ),
    ],
    agency: Annotated[str, typer.Option("--as", help="On whose behalf: the agency's code.")] = "kommun",
    intake: Annotated[str | None, typer.Option(help="Intake's address; else that of the running system.")] = None,
) -> None:
    """Take in a list of referrals. Bad lines go to FILE.rejected.csv. Can be repeated: nothing is taken in twice."""
    from samverkan.cli.referrals.command import import_referrals

    raise typer.Exit(import_referrals(file, agency=agency, intake_url=intake))


@imports.command()
def payments(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.csv",
            help="Needs the columns beslut, arbetsmånad, belopp and datum; may have referens. "
            "English names are known too.",
        ),
    ],
    agency: Annotated[str, typer.Option("--as", help="On whose behalf: the agency's code.")] = "kommun",
    funding: Annotated[str | None, typer.Option(help="Funding's address; else that of the running system.")] = None,
) -> None:
    """Take in a list of payments received. Bad lines go to FILE.rejected.csv. Can be repeated."""
    from samverkan.cli.payments.command import import_payments

    raise typer.Exit(import_payments(file, agency=agency, funding_url=funding))


@app.command()
def play(
    stories: Annotated[Path, typer.Argument(metavar="STORY.yaml|FOLDER", help="A story, or a folder of them.")],
    run_id: Annotated[
        str | None, typer.Option("--run-id", help="Repeat an earlier playing: the same requests, answered the same.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="How long each event took to each agency.")] = False,
) -> None:
    """Play a story on the running system: every step, and what each agency's store holds in the end."""
    from samverkan.cli.play import play as play_stories

    raise typer.Exit(play_stories(stories, run_id=run_id, verbose=verbose))


@app.command()
def clock(
    to: Annotated[
        str | None, typer.Argument(metavar="TIME", help="2026-03-02 (nine o'clock) or 2026-03-02T14:30, Swedish time.")
    ] = None,
    machine: Annotated[bool, typer.Option("--machine", help="Back to this machine's own time.")] = False,
) -> None:
    """Show the time of the running system, or set it: deadlines, reminders and ages follow. Only for trying things."""
    from samverkan.cli.system_clock import clock as show_or_set

    raise typer.Exit(show_or_set(to, machine=machine))


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Show what runs, what lags, and what needs a human: 0 all is well, 1 something needs one, 3 nothing runs."""
    from samverkan.cli.status import status as show

    raise typer.Exit(show(as_json=as_json))


@app.command()
def reset(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete all data of a stopped system: topics, databases, mails, keys, logs."""
    from samverkan.cli.up.local import reset_local

    raise typer.Exit(reset_local(yes=yes))


@app.command()
def replay(
    agency: Annotated[str | None, typer.Option(help="An agency's code: kommun, af, fk, region, forbund.")] = None,
    everyone: Annotated[bool, typer.Option("--all", help="Every agency.")] = False,
    as_of: Annotated[
        str | None, typer.Option(help="What could be known then: 2026-03-02 (that day's end) or 2026-03-02T09:30.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    show_values: Annotated[bool, typer.Option(help="Print values that may tell something of a person.")] = False,
) -> None:
    """Fold the topics from the beginning and compare with the live store: equal, or the first difference."""
    from samverkan.cli.replay import replay as run_replay
    from samverkan.schemas.catalogue import DEFAULT_AGENCIES

    if (agency is None) is not everyone:
        raise typer.BadParameter("give --agency CODE or --all")
    codes = [one.code for one in DEFAULT_AGENCIES] if agency is None else [agency]
    raise typer.Exit(run_replay(codes, as_of=as_of, json=as_json, show_values=show_values))


@app.command()
def rebuild(
    view: Annotated[str, typer.Argument(metavar="VIEW", help="The view's table: shared_case, placement, …")],
    store: Annotated[str | None, typer.Option(help="Only in this store: agency.af. Else in all that have it.")] = None,
) -> None:
    """Fold a view again from its store's events, beside the live one, and swap: readers notice nothing."""
    from samverkan.cli.rebuild import rebuild_view

    raise typer.Exit(rebuild_view(view, store))


@app.command()
def bench(
    only: Annotated[
        str | None,
        typer.Option(metavar="PART,…", help="relay, apply, rebuild, visible, commands, pipeline, start, growth."),
    ] = None,
    events: Annotated[int | None, typer.Option(min=5000, help="Events over 1 000 streams, and of growth.")] = None,
    short: Annotated[bool, typer.Option("--short", help="Under 40 s: little of each, 1 000 streams only.")] = False,
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file, too.")] = None,
    plot: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Draw them as SVG into this folder.")] = None,
    profile: Annotated[
        str | None, typer.Option(metavar="PART", help="Show instead where the time of this part goes (py-spy).")
    ] = None,
) -> None:
    """Measure each part beside floors and rivals, on a Kafka and PostgreSQL of its own. All of it: 25 minutes."""
    from samverkan.cli.bench.bench import bench as run_bench
    from samverkan.cli.bench.part import PARTS

    chosen = [] if only is None else only.split(",")
    for part in [*chosen, *([] if profile is None else [profile])]:
        if part not in PARTS:
            raise typer.BadParameter(f"{part} is none of {', '.join(PARTS)}")
    raise typer.Exit(
        run_bench(events=events, short=short, only=chosen, json_file=json, plot_folder=plot, profiled=profile)
    )


@app.command()
def chaos(
    minutes: Annotated[float, typer.Option(min=0.05, max=1440, help="Of load and faults; healing comes after.")] = 20,
    seed: Annotated[int | None, typer.Option(help="Repeats the schedule of an earlier run; else a new one.")] = None,
    faults: Annotated[
        str | None, typer.Option(metavar="KIND,…", help="Only these; `list` tells them all. Without it: all.")
    ] = None,
    small: Annotated[
        bool, typer.Option("--small", help="One broker, two database servers, three services, two agencies.")
    ] = False,
    json: Annotated[Path | None, typer.Option(help="Write the report to this file, too.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep data, logs and the history of commands.")] = False,
    plant: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Let faults strike a whole system under load, then check that nothing was lost, doubled or put out of order.

    Kafka on three brokers, a PostgreSQL for each of four services and five agencies; processes are killed and frozen,
    connections cut, disks filled, clocks turned, topics forged. 0 if every invariant held, 1 if not: then the report
    says which, where, near which faults, and how to run it again. See docs/chaos.md.
    """
    from samverkan.cli.chaos.start import start_chaos

    code = start_chaos(minutes=minutes, seed=seed, faults=faults, small=small, json_file=json, keep=keep, plant=plant)
    raise typer.Exit(code)


@app.command()
def lives(
    cases: Annotated[int, typer.Option(min=1, help="How many.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same lives.")] = 1,
    at_once: Annotated[int, typer.Option(min=1, max=500, help="How many are lived at the same time.")] = 48,
) -> None:
    """Live many generated lives, from referral to exit, on a system of their own; compare every store and krona."""
    from samverkan.cli.lives.lives import run_lives

    raise typer.Exit(run_lives(cases, seed=seed, workers=at_once))


@app.command()
def check() -> None:
    """Check format, lint, types, imports and contracts. Changes nothing."""
    from samverkan.cli.checks import check as run_checks

    raise typer.Exit(run_checks())


@app.command("test", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run_tests(
    context: typer.Context,
    stress: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="The invariant suite N times, with other random numbers each time."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="S", help="Of the random numbers; the second round of --stress has S + 1.")
    ] = None,
    planted: Annotated[bool, typer.Option("--planted", help="Only the planted bugs, and what caught each.")] = False,
) -> None:
    """Run the tests, on a real Kafka and a real PostgreSQL. What follows -- goes to pytest: test -- -k consent."""
    from samverkan.cli.checks import test
    from samverkan.cli.stress import stress as run_stress

    if stress is not None:
        raise typer.Exit(run_stress(stress, 1 if seed is None else seed, context.args))
    if seed is not None:
        os.environ["SAMVERKAN_SEED"] = str(seed)
    raise typer.Exit(test([*(["tests/invariants/planted", "-v", "-n0"] if planted else []), *context.args]))
