"""`up` and `reset` on this checkout's own folders."""

import shutil
import sys
from collections.abc import Sequence

from samverkan.cli.up import after_ready, plan
from samverkan.cli.up import run as runs
from samverkan.cli.up.run import AlreadyRuns, Run
from samverkan.cli.up.say import complain, say
from samverkan.cli.up.up import start_afresh, up
from samverkan.deploy.exits import ALREADY_RUNS, INTERRUPTED, OK, USAGE
from samverkan.deploy.home import home
from samverkan.schemas.catalogue import AGENCIES


def up_local(*, once: bool, play: bool, also: Sequence[str] = ()) -> int:
    """`--once` has a folder of its own, empty at its start: the data of `up` are not touched."""
    known = [agency.code for agency in AGENCIES]
    if unknown := [code for code in also if code not in known]:
        complain(f"there is no agency {unknown[0]}; there are {', '.join(known)}.")
        return USAGE
    folder = home() / "once" if once else runs.folder()
    if once:
        try:
            start_afresh(folder)
        except AlreadyRuns:
            complain("another `up --once` runs.")
            return ALREADY_RUNS
    key = folder / "data" / "secrets" / "blind-index.key"
    plan.ensure_key(key)
    played = folder / "data" / "timra-played"

    def task(run: Run) -> int:
        if once:
            return after_ready.everything(run)
        if play and not played.exists():
            played.touch()  # before it begins: half a story cannot be played again either
            return after_ready.play_timra(run)
        return OK

    return up(plan.whole_system(key, runs.clock_file(folder), also), folder, task, once=once)


def reset_local(*, yes: bool) -> int:
    """Delete the data of `up`. Refuses while one runs; asks unless `yes`."""
    folder = runs.folder()
    try:
        with runs.holding(folder):
            if not yes and not _agreed(f"Delete all data in {folder}? [y/N] "):
                say("Nothing was deleted.")
                return INTERRUPTED
            shutil.rmtree(folder)
    except AlreadyRuns:
        complain("a system runs on these data: end it first (Ctrl-C in its terminal).")
        return ALREADY_RUNS
    say("Deleted.")
    return OK


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        return False
    return input(question).strip().lower() in {"y", "yes", "j", "ja"}
