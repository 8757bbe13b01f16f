"""The time of a running system: read, set, put back. What sets it is one file, see backbone/clock.py."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

from samverkan.backbone.clock import STOCKHOLM, SettableClock, ahead, set_ahead
from samverkan.cli.up.run import NothingRuns, Run, clock_file, folder_of, load
from samverkan.cli.up.say import complain, say
from samverkan.deploy.exits import NOTHING_RUNS, OK, USAGE

_MORNING: Final = time(9)  # a day without an hour: when an office opens


def moment(text: str) -> datetime:
    """`2026-03-02` (nine in the morning), `2026-03-02T14:30`, both Swedish time. ValueError: neither."""
    try:
        return morning(date.fromisoformat(text))
    except ValueError:
        named = datetime.fromisoformat(text)
    return named.astimezone(UTC) if named.tzinfo is not None else named.replace(tzinfo=STOCKHOLM).astimezone(UTC)


def morning(day: date) -> datetime:
    """Nine in the morning of that Swedish day, UTC."""
    return datetime.combine(day, _MORNING, STOCKHOLM).astimezone(UTC)


class SystemTime:
    """The clock of one running system. Time runs on from where it was set."""

    def __init__(self, run: Run) -> None:
        self._file = clock_file(folder_of(run))

    def now(self) -> datetime:
        """What every process of the system takes the time to be, UTC."""
        return SettableClock(self._file).now()

    def set(self, instant: datetime) -> None:
        """Make it that instant, for every process at once."""
        set_ahead(self._file, (instant - datetime.now(UTC)).total_seconds())

    def put_back(self) -> None:
        """The machine's own time again."""
        self._file.unlink(missing_ok=True)

    @property
    def is_set(self) -> bool:
        """Whether it is another than the machine's."""
        return ahead(self._file) != 0.0

    @contextmanager
    def held(self, *, alone: bool) -> Iterator[None]:
        """Nobody else's story sets the time meanwhile; with `alone`, no other plays at all. Waits for them."""
        descriptor = os.open(self._file.with_name("clock.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield
        finally:
            os.close(descriptor)


def clock(to: str | None, *, machine: bool, folder: Path | None = None) -> int:
    """Show or set the time of the running system."""
    try:
        here = SystemTime(load(folder))
        if machine:
            here.put_back()
        elif to is not None:
            here.set(moment(to))
    except NothingRuns as nothing:
        complain(str(nothing))
        return NOTHING_RUNS
    except ValueError:
        complain(f"{to} is no time: write 2026-03-02 or 2026-03-02T14:30.")
        return USAGE
    now = here.now().astimezone(STOCKHOLM).isoformat(timespec="seconds")
    say(f"{now} ({'set; back with: samverkan clock --machine' if here.is_set else 'the time of this machine'})")
    return OK
