"""`samverkan play`: play stories on the running system and say whether they came out as written."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from samverkan.cli.console import console
from samverkan.cli.stories import report
from samverkan.cli.stories.player import Played, Player
from samverkan.cli.stories.story import WITHIN_SECONDS, Step, Story, StoryInvalid, files_of, load_story
from samverkan.cli.up.run import NothingRuns, Run, load
from samverkan.cli.up.say import complain
from samverkan.deploy.exits import DIFFERENT, NOTHING_RUNS, OK, USAGE


def play(path: Path, *, run_id: str | None, verbose: bool) -> int:
    """Play a story or a folder of them on the system of `up`. 0 only if every expectation of every story held.

    After a folder, all its stories in one table: what each checked, and whether it came out as written.
    """
    try:
        stories = {file: load_story(file) for file in files_of(path)}  # all of them are read before the first is played
        run = load()
        played = {file.stem: (story, _play(file, story, run, run_id, verbose)) for file, story in stories.items()}
    except StoryInvalid as invalid:
        complain(str(invalid))
        return USAGE
    except NothingRuns as nothing:
        complain(str(nothing))
        return NOTHING_RUNS
    if len(played) > 1:
        console().print(report.summary(played))
    return OK if all(one.held for _, one in played.values()) else DIFFERENT


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
    return OK if _play(path, story, run, run_id, verbose, sending, within_seconds).held else DIFFERENT


def _play(
    path: Path,
    story: Story,
    run: Run,
    run_id: str | None,
    verbose: bool,
    sending: Callable[[int, Step], None] = lambda _number, _step: None,
    within_seconds: float = WITHIN_SECONDS,
) -> Played:
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
    return played
