"""`samverkan play`: play stories on the running system and say whether they came out as written."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from samverkan.cli.console import console
from samverkan.cli.stories import report
from samverkan.cli.stories.player import Player
from samverkan.cli.stories.story import WITHIN_SECONDS, Step, StoryInvalid, files_of, load_story
from samverkan.cli.up.run import NothingRuns, Run, load
from samverkan.cli.up.say import complain
from samverkan.deploy.exits import DIFFERENT, NOTHING_RUNS, OK, USAGE


def play(path: Path, *, run_id: str | None, verbose: bool) -> int:
    """Play a story or a folder of them on the system of `up`. 0 only if every expectation of every story held."""
    try:
        files = files_of(path)
        run = load()
        codes = [play_story(file, run, run_id=run_id, verbose=verbose) for file in files]
    except StoryInvalid as invalid:
        complain(str(invalid))
        return USAGE
    except NothingRuns as nothing:
        complain(str(nothing))
        return NOTHING_RUNS
    return next((code for code in codes if code != OK), OK)


def play_story(
    path: Path,
    run: Run,
    *,
    run_id: str | None = None,
    verbose: bool = False,
    sending: Callable[[int, Step], None] = lambda _number, _step: None,
    within_seconds: float = WITHIN_SECONDS,
) -> int:
    """Play one story on this system and print how it went. StoryInvalid: the file is no story.

    With the `run_id` of an earlier playing every step repeats that one's requests; without, placements and claims are
    new and only the person's case is the one that was there.
    """
    story = load_story(path)
    out = console()
    run_id = run_id or uuid4().hex[:12]
    out.print(f"\n[bold]{story.title.sv}[/] ({story.title.en}), run {run_id}")
    player = Player(
        run,
        tell=lambda done: out.print(report.line(done), soft_wrap=True),
        sending=sending,
        within_seconds=within_seconds,
    )
    played = asyncio.run(player.play(story, run_id))
    if played.stores:
        out.print(report.table(story, played))
        if verbose:
            out.print(report.events(played.stores))
    for difference in report.differences(played.stores):
        out.print(f"[red]{difference}[/]", soft_wrap=True)
    outcome = "[green]as written[/]" if played.held else "[red]not as written[/]"
    out.print(f"{path.name}: {outcome} ({played.seconds:.1f} s)")
    return OK if played.held else DIFFERENT
