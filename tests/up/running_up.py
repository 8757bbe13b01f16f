"""`up` as a user has it: a process that prints, restarts what is killed, and takes Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Self

from samverkan.cli.up import run as runs
from samverkan.cli.up.run import Run

_numbers = count(1)


class RunningUp:
    """A program that calls `up` on this folder.

    Leaving the block kills it, and with it everything that it started; `interrupt` ends it in order.
    """

    def __init__(self, folder: Path, program: Sequence[str | Path], *, timeout_seconds: float = 60.0) -> None:
        self.folder = folder
        self._timeout_seconds = timeout_seconds
        self._out = folder.with_name(f"{folder.name}-{next(_numbers)}.out")
        with self._out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-P", *program],
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def ready(self) -> Run:
        """Wait until every service is ready. AssertionError: with what it printed."""
        self.until(lambda: " ready" in self.printed() or self.process.poll() is not None)
        run = self.run()
        assert run.ready, self.printed()
        return run

    def run(self) -> Run:
        """What runs now. NothingRuns: it has ended."""
        return runs.load(self.folder)

    def printed(self) -> str:
        return self._out.read_text()

    def kill(self, name: str) -> None:
        """kill -9 the process of that name (placement, agency.af, kafka, postgres …); returns when it is restarted.

        Restarted, not ready: ask its /health/ready for that.
        """
        before = self.run().all_processes()[name]
        os.kill(before.pid, signal.SIGKILL)
        self.until(lambda: self.run().all_processes()[name] != before)

    def until(self, true: Callable[[], bool]) -> None:
        """Wait for it. AssertionError: with what was printed meanwhile."""
        deadline = time.monotonic() + self._timeout_seconds
        while not true():
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.05)

    def interrupt(self) -> int:
        """Ctrl-C; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.ended()

    def ended(self) -> int:
        """Wait for its end by itself; returns the exit code."""
        return self.process.wait(self._timeout_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
