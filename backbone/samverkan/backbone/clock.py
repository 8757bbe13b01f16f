"""Where time comes from. Rules never read it: it comes in with the command."""

from datetime import UTC, date, datetime, time
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


def stockholm_date(instant: datetime) -> date:
    """The calendar day in Sweden at that instant: dates of law are Swedish days."""
    return instant.astimezone(STOCKHOLM).date()


def start_of_day(day: date) -> datetime:
    """The instant at which that Swedish day begins, in UTC."""
    return datetime.combine(day, time.min, STOCKHOLM).astimezone(UTC)
