"""The services as processes: forked, restarted when they end unless they are to stay down, ended in order."""

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samverkan.cli.up.forks import Forks
from samverkan.cli.up.ground import ending

_STEADY_SECONDS = 10.0
_BACKOFF_CAP_SECONDS = 10.0
_POLL_SECONDS = 0.05


@dataclass
class Child:
    """A forked process and what is needed to start it again."""

    name: str
    module: str
    env: dict[str, str]
    log: Path
    draining: bool = True  # is given time to end; what keeps nothing is not waited for
    wanted: bool = True  # started again when it ends
    pid: int | None = None
    started_at: float = 0.0
    failures: int = 0
    start_at: float | None = None  # when the next start is due; None while it runs or is on its way

    def last_words(self) -> str:
        """The end of its log, for a sentence."""
        try:
            lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        except FileNotFoundError:
            lines = []
        return f" (see {self.log})" + "".join(f"\n    {line[:300]}" for line in lines[-5:])


class Children:
    """All of them, and the process that forks them. Main thread only."""

    def __init__(
        self, logs: Path, preload: Sequence[str], note: Callable[[str, int], None], say: Callable[[str], None]
    ) -> None:
        """`note` is told every process's number, `say` every ending."""
        self._log = logs / "forks.log"
        self._preload = tuple(preload)
        self._note = note
        self._say = say
        self._all: dict[str, Child] = {}
        self._forks = self._start_forks()

    def __getitem__(self, name: str) -> Child:
        return self._all[name]

    def add(self, child: Child) -> None:
        """Start it, now and whenever it ends."""
        self._all[child.name] = child
        self._fork(child)

    def keep_down(self, name: str) -> None:
        """Do not start it again when it ends."""
        self._all[name].wanted = False
        self._all[name].start_at = None

    def bring_up(self, name: str, env: Mapping[str, str] | None = None) -> None:
        """Start it again, with this environment from now on if one is given; a process that runs is not touched."""
        child = self._all[name]
        child.wanted = True
        if env is not None:
            child.env = dict(env)
        if child.pid is None:
            self._fork(child)

    def watch(self) -> None:
        """One look at all; waits a moment if there is nothing to see."""
        for message in self._forks.messages(_POLL_SECONDS):
            self._heed(message)
        if (code := self._forks.ended()) is not None:
            self._say(f"the forking process ended ({ending(code)}), restarted with every service")
            self._forks = self._start_forks()
            for child in self._all.values():
                if child.wanted:
                    self._fork(child)
            time.sleep(_POLL_SECONDS)
        now = time.monotonic()
        for child in self._all.values():
            if child.wanted and child.start_at is not None and child.start_at <= now:
                self._fork(child)

    def stop(self, drain_seconds: float) -> None:
        """Let them drain, then end whatever is left."""
        for child in self._running():
            _signal(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + drain_seconds
        while self._running() and time.monotonic() < deadline and self._forks.ended() is None:
            for message in self._forks.messages(_POLL_SECONDS):
                ended = self._all.get(message.get("ended", ""))
                if ended is not None and ended.pid == message["pid"]:
                    ended.pid = None
        for child in self._running():
            self._say(f"{child.name} did not end within {drain_seconds:.0f} s and was killed")
        self._forks.stop()

    def _start_forks(self) -> Forks:
        forks = Forks(self._log, self._preload)
        self._note("forks", forks.pid)
        return forks

    def _fork(self, child: Child) -> None:
        child.start_at = None
        child.pid = None
        self._forks.start(child.name, child.module, child.env, child.log)

    def _heed(self, message: Mapping[str, Any]) -> None:
        if "started" in message:
            child = self._all[message["started"]]
            child.pid = message["pid"]
            child.started_at = time.monotonic()
            self._note(child.name, message["pid"])
            return
        child = self._all[message["ended"]]
        if child.pid != message["pid"]:
            return
        child.pid = None
        if not child.wanted:
            return
        steady = time.monotonic() - child.started_at > _STEADY_SECONDS
        killed = message["code"] == -signal.SIGKILL
        # Killed from outside is not its own fault: it starts again at once, however often.
        child.failures = 0 if steady or killed else child.failures + 1
        pause = 0.0 if child.failures <= 1 else min(0.25 * 2**child.failures, _BACKOFF_CAP_SECONDS)
        child.start_at = time.monotonic() + pause
        later = f" in {pause:.0f} s, see {child.log}" if pause else ""
        self._say(f"{child.name} ended ({ending(message['code'])}), restarted{later}")

    def _running(self) -> list[Child]:
        return [child for child in self._all.values() if child.pid is not None and child.draining]


def _signal(pid: int | None, number: signal.Signals) -> None:
    try:
        if pid is not None:
            os.kill(pid, number)
    except ProcessLookupError:
        pass  # it has just ended
