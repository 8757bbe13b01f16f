"""What a run of the bench finds out."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter, process_time


@dataclass(frozen=True)
class Speed:
    """Events a second by the clock, and microseconds of this process's CPU for each: a laden machine slows the first,
    hardly the second."""

    per_second: float
    cpu_us: float


@dataclass(frozen=True)
class Rate:
    """How fast we are, and how fast the bare client libraries are with the same bytes in the same run."""

    name: str
    means: str
    events: int
    bytes_per_event: int
    ours: Speed
    floor: Speed

    @property
    def ratio(self) -> float:
        """How much of the floor is reached: 1 would mean that order, hashes, views and checks cost nothing."""
        return self.ours.per_second / self.floor.per_second


@dataclass(frozen=True)
class Latency:
    """A duration seen many times, in milliseconds."""

    name: str
    means: str
    p50_ms: float
    p99_ms: float
    seen: int

    @classmethod
    def of(cls, name: str, means: str, seconds: Sequence[float]) -> "Latency":
        """From at least two durations in seconds."""
        percentiles = quantiles(seconds, n=100, method="inclusive")
        return cls(name, means, percentiles[49] * 1000, percentiles[98] * 1000, len(seconds))


@dataclass(frozen=True)
class Figures:
    """All of one run."""

    machine: dict[str, str]
    rates: tuple[Rate, ...]
    latencies: tuple[Latency, ...]


class Stopwatch:
    """Times what is done in batches. With `skip_first` the first batch starts the clock and does not count: joining a
    consumer group is no part of a rate."""

    def __init__(self, *, skip_first: bool = False) -> None:
        self.count = 0
        self._skipped = 0
        self._skip = skip_first
        self._begin()

    def add(self, count: int) -> None:
        """So many more are done now."""
        self._ended, self._ended_cpu = perf_counter(), process_time()
        if self._skip:
            self._skip, self._skipped = False, count
            self._begin()
        self.count += count

    def speed(self) -> Speed:
        """The speed so far. ValueError: everything came in the first batch."""
        counted = self.count - self._skipped
        if counted == 0:
            raise ValueError("too few events to measure a rate")
        return Speed(counted / (self._ended - self._began), (self._ended_cpu - self._began_cpu) * 1e6 / counted)

    def _begin(self) -> None:
        self._began, self._began_cpu = perf_counter(), process_time()
        self._ended, self._ended_cpu = self._began, self._began_cpu
