"""Real processes of a service, to be killed with -9.

They are forked from one that has imported everything and runs no thread and no event loop, so a killed one is
replaced within a tenth of a second. What they run stands in member.py.
"""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_NURSERY = Path(__file__).with_name("nursery.py")


@dataclass(frozen=True)
class Member:
    """One forked process."""

    pid: int
    log: Path

    def alive(self) -> bool:
        """Whether it still runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def said(self) -> str:
        """The first line of its log."""
        return self.log.read_text().partition("\n")[0] if self.log.exists() else ""

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self, seconds: float = 10.0) -> None:
        """Ask it to drain and wait until it is gone."""
        self._end(signal.SIGTERM, seconds)

    def _end(self, how: signal.Signals, seconds: float = 10.0) -> None:
        try:
            os.kill(self.pid, how)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while self.alive():
            assert time.monotonic() < deadline, f"{self.pid} did not end: {self.log.read_text()[-2000:]}"
            time.sleep(0.005)


class Members:
    """Forks members."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._members: list[Member] = []

    def __enter__(self) -> Self:
        self._nursery = subprocess.Popen(
            [sys.executable, str(_NURSERY)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill_all()
        self._nursery.communicate(timeout=10)

    def start(self, kind: str, **spec: Any) -> Member:
        """A process that runs `member.<kind>(**spec)` until it is stopped or killed."""
        self._number += 1
        log = self._folder / f"{self._number:03}-{kind}.log"
        assert self._nursery.stdin is not None and self._nursery.stdout is not None
        self._nursery.stdin.write(json.dumps({"kind": kind, "log": str(log), "spec": spec}) + "\n")
        self._nursery.stdin.flush()
        member = Member(int(self._nursery.stdout.readline()), log)
        self._members.append(member)
        return member

    def living(self) -> list[Member]:
        """Those that were started and not killed, oldest first."""
        return [member for member in self._members if member.alive()]

    def kill_all(self) -> None:
        """Nothing of a test outlives it."""
        for member in self._members:
            member.kill()
        self._members.clear()
