"""How parked streams are tried again, and when parking means a bad release rather than bad data (S4, S6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random


@dataclass(frozen=True)
class RetryPolicy:
    """Exponential backoff with jitter and a cap. Without the jitter, streams parked together fail together for ever."""

    first_seconds: float = 5.0
    factor: float = 2.0
    cap_seconds: float = 900.0
    jitter: float = 0.2

    def retry_at(self, attempts: int, now: datetime, random: Random) -> datetime:
        """When to try again after `attempts` failed retries."""
        wait = min(self.cap_seconds, self.first_seconds * self.factor ** min(attempts, 30))
        return now + timedelta(seconds=wait * (1 + self.jitter * (2 * random.random() - 1)))

    def longest_pause(self) -> timedelta:
        """No retry is put off by more than this."""
        return timedelta(seconds=self.cap_seconds * (1 + self.jitter))


@dataclass(frozen=True)
class ParkingLimit:
    """More parked streams than this within the window: the release is bad, not the data; the subscription halts.

    Without the limit a faulty fold parks every case of a country one by one, and the repair is as long as the list.
    """

    at_least: int = 20
    share_of_streams: float = 0.01
    window_seconds: float = 60.0

    def exceeded(self, parked: int, streams: int) -> bool:
        """Whether `parked` streams of `streams`, all within the window, are too many."""
        return parked > max(self.at_least, self.share_of_streams * streams)
