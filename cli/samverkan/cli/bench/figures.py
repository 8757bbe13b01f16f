"""What a run of the bench finds out. Plain dataclasses, so that JSON is read back as what was written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean, median, quantiles
from typing import Final

TENTHS: Final = 10


@dataclass(frozen=True)
class Speed:
    """Events a second by the clock, and microseconds of CPU for each: a laden machine slows the first, hardly the
    second. `cpu_us`: of the Python process; the servers' is 0 where it was not looked at."""

    per_second: float
    cpu_us: float
    postgres_us: float = 0.0
    kafka_us: float = 0.0


@dataclass(frozen=True)
class Contender:
    """One way to do the same work, measured several times in turn with the others."""

    name: str
    means: str
    events: int
    speeds: tuple[Speed, ...]

    @property
    def per_second(self) -> float:
        """The median."""
        return median(speed.per_second for speed in self.speeds)

    @property
    def cpu_us(self) -> float:
        """The median."""
        return median(speed.cpu_us for speed in self.speeds)

    @property
    def servers_us(self) -> tuple[float, float]:
        """The medians of PostgreSQL and Kafka."""
        return median(speed.postgres_us for speed in self.speeds), median(speed.kafka_us for speed in self.speeds)

    @property
    def spread(self) -> float:
        """How far the fastest and the slowest lie apart, as a share of the median: the noise of the machine."""
        rates = [speed.per_second for speed in self.speeds]
        return (max(rates) - min(rates)) / self.per_second


@dataclass(frozen=True)
class Rate:
    """How fast we are (the first contender), beside floors and rivals on the same bytes in the same run."""

    name: str
    bytes_per_event: int
    contenders: tuple[Contender, ...]

    @property
    def ours(self) -> Contender:
        """Samverkan."""
        return self.contenders[0]

    def ratio(self, other: Contender) -> float:
        """How many times as fast as the other we are."""
        return self.ours.per_second / other.per_second


@dataclass(frozen=True)
class Latency:
    """A duration seen many times, in milliseconds. `of`: under which load."""

    of: str
    name: str
    means: str
    p50_ms: float
    p99_ms: float
    max_ms: float
    seen: int

    @classmethod
    def measured(cls, of: str, name: str, means: str, seconds: Sequence[float]) -> "Latency":
        """From at least two durations in seconds."""
        percentiles = quantiles(seconds, n=100, method="inclusive")
        return cls(of, name, means, percentiles[49] * 1e3, percentiles[98] * 1e3, max(seconds) * 1e3, len(seconds))


@dataclass(frozen=True)
class Throughput:
    """Commands a second with so many callers that wait for each answer. The CPU is that of the process that decides."""

    way: str
    callers: int
    commands: int
    speeds: tuple[Speed, ...]
    p50_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        """The median."""
        return median(speed.per_second for speed in self.speeds)

    @property
    def cpu_us(self) -> float:
        """The median."""
        return median(speed.cpu_us for speed in self.speeds)


@dataclass(frozen=True)
class Steady:
    """The whole way at a fixed rate of commands. `lags`: events behind, over all stores, at even intervals.

    `kept_up`: the commands were given at their rate, and the stores were no further behind in the last third than in
    the middle one, apart from one second's worth.
    """

    offered_per_second: float
    given_per_second: float
    seconds: float
    lags: tuple[int, ...]
    kept_up: bool
    stores: int
    applied_everywhere: int
    caught_up_seconds: float


@dataclass(frozen=True)
class Growth:
    """One long run. `tenths`: events a second in each tenth of it. `began`, `ended`: on the machine's steady clock."""

    name: str
    events: int
    tenths: tuple[Speed, ...]
    began: float
    ended: float

    @property
    def per_second(self) -> float:
        """Over the whole run: the tenths are equally many events."""
        return len(self.tenths) / sum(1 / tenth.per_second for tenth in self.tenths)

    @property
    def last_to_first(self) -> float:
        """What is left of the speed of the first tenth in the last one."""
        return self.tenths[-1].per_second / self.tenths[0].per_second


@dataclass(frozen=True)
class Start:
    """A process of this kind: seconds until it answers and until it is ready, memory then, share of a core if idle."""

    process: str
    live_seconds: tuple[float, ...]
    ready_seconds: tuple[float, ...]
    memory_mib: float
    idle_cpu: float


@dataclass(frozen=True)
class Memory:
    """What a process held, in MiB, at moments of the machine's steady clock. PostgreSQL: all its processes, shared
    memory once."""

    process: str
    at: tuple[float, ...]
    mib: tuple[float, ...]

    def between(self, began: float, ended: float) -> "Memory":
        """The samples of that time."""
        kept = [(at, mib) for at, mib in zip(self.at, self.mib, strict=True) if began <= at <= ended]
        return Memory(self.process, tuple(at for at, _ in kept), tuple(mib for _, mib in kept))

    @property
    def growth(self) -> tuple[float, float] | None:
        """Mean of the second fifth and of the last one, in MiB; the first is warming up. None: too few samples."""
        fifth = len(self.mib) // 5
        return (fmean(self.mib[fifth : 2 * fifth]), fmean(self.mib[-fifth:])) if fifth else None


@dataclass(frozen=True)
class PartFigures:
    """What one part of the bench measured, in a process of its own."""

    name: str
    seconds: float = 0.0
    load_before: float = 0.0
    load_after: float = 0.0
    rates: tuple[Rate, ...] = ()
    latencies: tuple[Latency, ...] = ()
    throughputs: tuple[Throughput, ...] = ()
    steadies: tuple[Steady, ...] = ()
    growths: tuple[Growth, ...] = ()
    starts: tuple[Start, ...] = ()
    memory: tuple[Memory, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figures:
    """All of one run."""

    machine: dict[str, str] = field(default_factory=dict)
    parts: tuple[PartFigures, ...] = ()
