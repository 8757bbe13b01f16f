"""The `up` command: one system at a time, played once, kept alive, ended in order."""

import errno
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

from samverkan.cli.up import run as runs
from samverkan.cli.up.plan import Plan
from samverkan.cli.up.run import AlreadyRuns, Run
from samverkan.cli.up.say import complain, progress, say
from samverkan.cli.up.supervisor import Supervisor, end_leftovers
from samverkan.deploy.errors import DeployError, NoRoom
from samverkan.deploy.exits import ALREADY_RUNS, FAILED, INTERRUPTED, NO_ROOM, OK

Task = Callable[[Run], int]


def up(plan: Plan, folder: Path, task: Task | None, *, once: bool, supervisor: Supervisor | None = None) -> int:
    """Run the plan on this folder; returns the exit code.

    `supervisor`: one that stands on other ground than one broker and one database. `task` runs when all is ready. With
    `once` the system ends after it and its exit code is ours; else it stays until Ctrl-C or SIGTERM, and 0 means that
    it was ready and ended in order.
    """
    try:
        with runs.holding(folder):
            return _up(supervisor or Supervisor(plan, folder), folder, task, once=once)
    except AlreadyRuns as other:
        say(_already(other.run))
        return ALREADY_RUNS


def _up(supervisor: Supervisor, folder: Path, task: Task | None, *, once: bool) -> int:
    _end_leftovers(folder)
    # SIGINT too: a shell that starts us in the background has it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    ready = False
    try:
        run = supervisor.start()
        ready = True
        progress("ready")
        say(_addresses(run))
        working = _Background(task, run) if task is not None else None
        if once and working is not None:
            supervisor.supervise(until=working.is_done)
            return working.code()
        if not once:
            say("Ctrl-C ends it.")
            supervisor.supervise()
    except KeyboardInterrupt:
        say("\nending ...")
        return OK if ready and not once else INTERRUPTED
    except DeployError as error:
        complain(str(error))
        return NO_ROOM if isinstance(error, NoRoom) else FAILED
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        complain(f"the disk that holds {folder} is full: free some and run the same command again.")
        return NO_ROOM
    finally:
        supervisor.stop()
        progress("ended")
    return OK


class _Background:
    """The task beside the supervision, which must go on restarting what the task may kill."""

    def __init__(self, task: Task, run: Run) -> None:
        self._code: int | None = None
        self._error: BaseException | None = None
        # A daemon: Ctrl-C must not wait for it, and its requests fail as soon as the services are gone.
        self._thread = threading.Thread(target=self._work, args=(task, run), name="task", daemon=True)
        self._thread.start()

    def is_done(self) -> bool:
        return not self._thread.is_alive()

    def code(self) -> int:
        """The task's exit code; what it raised is raised here."""
        if self._error is not None:
            raise self._error
        return FAILED if self._code is None else self._code

    def _work(self, task: Task, run: Run) -> None:
        try:
            self._code = task(run)
        except BaseException as error:
            self._error = error
            if not isinstance(error, Exception):
                raise
            sys.excepthook(type(error), error, error.__traceback__)


def _end_leftovers(folder: Path) -> None:
    before = runs.leftover(folder)
    if before is None:
        return
    count = end_leftovers(before)
    if count:
        say(f"An earlier run ended without clearing up; {count} processes of it were ended.")
    runs.forget(folder)


def start_afresh(folder: Path) -> None:
    """Delete what an earlier run left in the folder. AlreadyRuns: one still runs on it."""
    with runs.holding(folder):
        _end_leftovers(folder)
        for entry in folder.iterdir():
            if entry.name != "lock":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def _already(run: Run | None) -> str:
    if run is None or not run.ready:
        return "samverkan is already starting."
    return f"samverkan already runs (process {run.supervisor.pid}):\n{_addresses(run)}"


def _addresses(run: Run) -> str:
    width = max(len(name) for name in run.services)
    lines = [f"  {service.name:<{width}}  {service.url}/openapi.json" for service in run.services.values()]
    return "\n".join([*lines, f"  {'mail':<{width}}  {run.mails}"])


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - what signal handlers are given
    raise KeyboardInterrupt
