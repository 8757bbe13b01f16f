"""Where time comes from. Rules never read it: it comes in with the command."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo

STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")


class Clock(Protocol):
    """The present moment."""

    def now(self) -> datetime:
        """The instant, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The instant, in UTC."""
        return datetime.now(UTC)


class SettableClock:
    """The machine's clock and the seconds that a file says to add, so that a story plays a year in seconds.

    Every process that reads the same file has the same time. No file: the machine's time. ValueError: the file holds
    no number; whoever writes it uses `set_ahead`.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        """The instant, in UTC, that this file makes it."""
        return datetime.now(UTC) + timedelta(seconds=ahead(self._file))


def ahead(file: Path) -> float:
    """How many seconds a settable clock is ahead of the machine's; below 0 when it is behind."""
    try:
        return float(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0.0


def set_ahead(file: Path, seconds: float) -> None:
    """Set the clock of every process that reads this file. It is never seen half written."""
    half = file.with_name(file.name + ".new")
    half.write_text(repr(seconds), encoding="ascii")
    half.replace(file)


def stockholm_date(instant: datetime) -> date:
    """The calendar day in Sweden at that instant: dates of law are Swedish days."""
    return instant.astimezone(STOCKHOLM).date()


def start_of_day(day: date) -> datetime:
    """The instant at which that Swedish day begins, in UTC."""
    return datetime.combine(day, time.min, STOCKHOLM).astimezone(UTC)
