"""A child process of ours: its log in a file, ended with us whatever ends us."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from samverkan.deploy.errors import NoRoom, StartFailed

_CHILD = Path(__file__).with_name("child.py")
_POLL_SECONDS = 0.02
_LOG_TAIL_LINES = 5


class Process:
    """One run of a program. A new run is a new object."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        death_signal: signal.Signals = signal.SIGKILL,
        user: str | None = None,
        env: Mapping[str, str] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> None:
        """Start it; returns at once. `death_signal` is what it gets when this process is gone, even by kill -9.

        Call from the main thread: the kernel sends that signal when the *thread* that started the child ends.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError(f"{name} must be started from the main thread, with which it is to die")
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log_start = log.stat().st_size if log.exists() else 0
        wrapper = [sys.executable, "-I", "-S", str(_CHILD), str(os.getpid()), str(int(death_signal)), user or "-"]
        with log.open("ab") as out:
            self._popen = subprocess.Popen(
                [*wrapper, *(str(part) for part in argv)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=None if env is None else dict(env),
                cwd="/",
                pass_fds=pass_fds,
                start_new_session=True,  # a Ctrl-C of the terminal reaches us alone: we decide the order of the end
            )

    @property
    def pid(self) -> int:
        return self._popen.pid

    def ended(self) -> int | None:
        """The exit code (negative: the signal), None while it runs."""
        return self._popen.poll()

    def wait_until(self, ready: Callable[[], bool], timeout_seconds: float) -> None:
        """Return when `ready()`.

        StartFailed: it ended, or `timeout_seconds` passed (it still runs then). NoRoom: its disk is full.
        """
        deadline = time.monotonic() + timeout_seconds
        while not ready():
            if (code := self.ended()) is not None:
                raise self._failure(f"ended with {code} before it was ready")
            if time.monotonic() > deadline:
                raise self._failure(f"was not ready after {timeout_seconds:.0f} s")
            time.sleep(_POLL_SECONDS)

    def finish(self, timeout_seconds: float) -> None:
        """Wait for a program that does one thing.

        StartFailed: it did not succeed, or not in time (then it was killed). NoRoom: its disk is full.
        """
        try:
            code = self._popen.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            code = self.kill()
        if code != 0:
            raise self._failure(f"ended with {code}")

    def stop(self, how: signal.Signals, patience_seconds: float, last: signal.Signals = signal.SIGKILL) -> int:
        """Ask by `how`, after `patience_seconds` insist by `last`; returns the exit code. No harm if it has ended."""
        self._signal(how)
        try:
            return self._popen.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            return self.kill(last)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> int:
        """End it now, with all that it started; returns when they are gone."""
        try:
            below = psutil.Process(self.pid).children(recursive=True) if self.ended() is None else []
        except psutil.NoSuchProcess:
            below = []
        self._signal(how)
        code = self._popen.wait()
        for process in wait_gone(below, 5.0):
            process.kill()
        wait_gone(below, 5.0)
        return code

    def said(self) -> str:
        """What this run has written to its log."""
        with self.log.open("rb") as file:
            file.seek(self._log_start)
            return file.read().decode(errors="replace")

    def _signal(self, number: signal.Signals) -> None:
        if self.ended() is None:
            self._popen.send_signal(number)

    def _failure(self, what: str) -> StartFailed | NoRoom:
        """With its last words, unless they say the one thing that needs no reading of logs."""
        said = self.said()
        if "No space left on device" in said:
            return NoRoom(f"The disk that holds {self.log.parent} is full: free some and run the same command again.")
        lines = [line[:300] for line in said.splitlines() if line.strip()]
        return StartFailed("\n    ".join([f"{self.name} {what} (see {self.log})", *lines[-_LOG_TAIL_LINES:]]))


def wait_gone(processes: Sequence[psutil.Process], timeout_seconds: float) -> list[psutil.Process]:
    """Wait until all are gone; returns those that are not.

    A zombie is gone: in a container nobody may ever collect the orphans of a process that was killed.
    """
    deadline = time.monotonic() + timeout_seconds
    alive = list(processes)
    while alive := [process for process in alive if not _is_gone(process)]:
        if time.monotonic() > deadline:
            return alive
        time.sleep(_POLL_SECONDS)
    return []


def _is_gone(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
