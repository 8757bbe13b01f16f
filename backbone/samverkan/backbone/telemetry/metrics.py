"""Every number that a service shows, in one closed list: name, kind, unit, labels and what a rise means.

An unknown metric is a name that this module does not have, so the type check finds it; an unknown label raises
ValueError where it is used. A process is one service, so no metric carries its name: the scraped address says whose
it is. No label ever holds an id, a path with an id in it, or anything else of a person.
"""

from collections.abc import Iterable
from typing import Final, Literal

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client import Counter as _Counter
from prometheus_client import Histogram as _Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

Unit = Literal[
    "events",
    "seconds",
    "batches",
    "errors",
    "streams",
    "records",
    "commands",
    "reactions",
    "requests",
    "alarms",
    "holders",
    "yes",
]

REGISTRY: Final = CollectorRegistry(auto_describe=False)
ProcessCollector(registry=REGISTRY)

# From a commit on a fast disk to the time limit of a request; five of them lie below 50 ms, the relay's poll interval.
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

_CATALOGUE: Final[list["Metric"]] = []


class Metric:
    """What all kinds share. Making one enters it in the catalogue; two of one name raise ValueError."""

    def __init__(self, name: str, unit: Unit, means: str, labels: tuple[str, ...] = ()) -> None:
        self.name = name
        self.unit = unit
        self.means = means
        self.labels = labels
        _CATALOGUE.append(self)


class Counter(Metric):
    """Only rises, from 0 at the start of the process."""

    def __init__(self, name: str, unit: Unit, means: str, labels: tuple[str, ...] = ()) -> None:
        super().__init__(name, unit, means, labels)
        self._counter = _Counter(name, means, labels, registry=REGISTRY)

    def inc(self, amount: float = 1, **labels: str) -> None:
        """Add to it."""
        (self._counter.labels(**labels) if self.labels else self._counter).inc(amount)


class Histogram(Metric):
    """How long something took, in seconds, as a distribution."""

    def __init__(self, name: str, unit: Unit, means: str, labels: tuple[str, ...] = ()) -> None:
        super().__init__(name, unit, means, labels)
        self._histogram = _Histogram(name, means, labels, registry=REGISTRY, buckets=_SECONDS)

    def observe(self, seconds: float, **labels: str) -> None:
        """Count one duration."""
        self.observe_all((seconds,), **labels)

    def observe_all(self, seconds: Iterable[float], **labels: str) -> None:
        """Count many of the same labels, which are looked up once: that costs three times as much as counting."""
        child = self._histogram.labels(**labels) if self.labels else self._histogram
        for one in seconds:
            child.observe(one)


class Gauge(Metric, Collector):
    """A present value. Not known is absent, never 0: before the first `set`, and after `set(None)`.

    The library's own gauge begins at 0, which on a dashboard reads as "no lag" while nobody has looked.
    """

    def __init__(self, name: str, unit: Unit, means: str, labels: tuple[str, ...] = ()) -> None:
        super().__init__(name, unit, means, labels)
        self._values: dict[tuple[str, ...], float] = {}
        REGISTRY.register(self)

    def set(self, value: float | None, **labels: str) -> None:
        """The value now; None when it is not known."""
        if labels.keys() != set(self.labels):
            raise ValueError(f"{self.name} has the labels {self.labels}, not {tuple(labels)}")
        key = tuple(labels[label] for label in self.labels)
        if value is None:
            self._values.pop(key, None)
        else:
            self._values[key] = value

    def describe(self) -> Iterable[Family]:
        """The family without values, so that the registry knows the name."""
        return (GaugeMetricFamily(self.name, self.means, labels=self.labels),)

    def collect(self) -> Iterable[Family]:
        """The known values."""
        family = GaugeMetricFamily(self.name, self.means, labels=self.labels)
        for labels, value in tuple(self._values.items()):
            family.add_metric(labels, value)
        return (family,)


RELAY_LAG_EVENTS: Final = Gauge(
    "relay_lag_events",
    "events",
    "Committed events that Kafka has not acknowledged. Rising: the relay sends more slowly than commands come in, "
    "or not at all, see relay_send_errors_total and relay_lease_held.",
)
RELAY_LAG_SECONDS: Final = Gauge(
    "relay_lag_seconds",
    "seconds",
    "Age of the oldest unsent event. Rising while sends succeed: numbering waits for a lock, see "
    "sequencer_wait_seconds; or an append's transaction stays open.",
)
RELAY_SENT: Final = Counter(
    "relay_sent_total", "events", "Events that Kafka acknowledged. Standing still while lag rises: Kafka refuses."
)
RELAY_BATCHES: Final = Counter(
    "relay_batches_total",
    "batches",
    "Batches sent. Rising faster than relay_sent_total: batches are small, and the cost of each event grows.",
)
RELAY_SEND_ERRORS: Final = Counter(
    "relay_send_errors_total",
    "errors",
    "Sends that failed; each drops the producer and resumes from the cursor (R1). Rising: Kafka is away or refuses.",
)
RELAY_LEASE_HELD: Final = Gauge(
    "relay_lease_held",
    "holders",
    "1 where this process is the active relay, 0 where it stands by (R2). Sum over a service's processes: 0 means "
    "that nobody sends, 2 for longer than a lease means that two believe to be active.",
)
SEQUENCER_WAIT_SECONDS: Final = Histogram(
    "sequencer_wait_seconds",
    "seconds",
    "Wait for the lock under which log indexes are given (J2). Rising: a second relay or a stuck session holds it.",
)

SUBSCRIPTION_APPLIED: Final = Counter(
    "subscription_applied_total",
    "events",
    "Events applied to this store. Standing still while lag rises: see subscription_halted.",
    ("topic",),
)
SUBSCRIPTION_APPLY_SECONDS: Final = Histogram(
    "subscription_apply_seconds",
    "seconds",
    "One apply transaction, from lock to commit (S0). Rising: the database is slow, or another process waits too.",
)
SUBSCRIPTION_LAG_EVENTS: Final = Gauge(
    "subscription_lag_events",
    "events",
    "Records of the topic that this store has not taken in. Absent: not known, which is not the same as none.",
    ("topic",),
)
SUBSCRIPTION_LAG_SECONDS: Final = Gauge(
    "subscription_lag_seconds",
    "seconds",
    "Age of the oldest record that this store has not taken in. Rising: this agency sees an old picture.",
    ("topic",),
)
SUBSCRIPTION_WAITING: Final = Gauge(
    "subscription_waiting",
    "events",
    "Events whose `requires` is not met yet (S5). Rising: a topic that they name is behind or not sent.",
)
SUBSCRIPTION_HOLES: Final = Gauge(
    "subscription_holes",
    "streams",
    "Streams in which a version is missing (S3). Above 0 for longer than the alarm limit: a record was lost.",
)
SUBSCRIPTION_PARKED: Final = Gauge(
    "subscription_parked",
    "streams",
    "Streams held at an event that cannot be applied (S4). Rising: bad data, or a release that cannot read it.",
)
SUBSCRIPTION_SET_ASIDE: Final = Gauge(
    "subscription_set_aside",
    "records",
    "Records that belong to no stream (kind rejected) or claim a taken place (kind fork), and that nobody has "
    "acknowledged (S6). Above 0: somebody must find out who wrote them.",
    ("kind",),
)
SUBSCRIPTION_REPEATS_DROPPED: Final = Counter(
    "subscription_repeats_dropped_total",
    "events",
    "Records that had been applied before and were dropped (S3). Rising: a relay resends, or offsets went back.",
)
SUBSCRIPTION_FORKS: Final = Counter(
    "subscription_forks_total",
    "events",
    "Two different events claimed one place (W3). Any rise is an alarm: somebody rewrote history.",
)
SUBSCRIPTION_REACTIONS_REFUSED: Final = Counter(
    "subscription_reactions_refused_total",
    "reactions",
    "Reactions that our own rules refused; recorded as events (S4). Rising: two services disagree about a rule.",
)
SUBSCRIPTION_HALTED: Final = Gauge(
    "subscription_halted",
    "yes",
    "1 while the subscription has stopped itself because too many streams parked at once (S4): a bad release.",
)
COMMIT_TO_VISIBLE_SECONDS: Final = Histogram(
    "commit_to_visible_seconds",
    "seconds",
    "From the writer's recordedtime to the commit that made the event visible here; clocks of two machines. Rising: "
    "the relay, Kafka or this subscription is slow; their own lag says which.",
    ("topic",),
)

COMMANDS: Final = Counter(
    "commands_total",
    "commands",
    "Commands over HTTP by outcome: accepted, repeated, refused, conflict, transient, permanent. Transient rising: "
    "the database is away or overloaded. Permanent is an error of ours.",
    ("outcome",),
)
COMMAND_SECONDS: Final = Histogram(
    "command_seconds",
    "seconds",
    "One command, from decision to durable. Rising: the database is slow, or commands wait for one stream or for the "
    "apply transaction's lock (S0).",
)
HTTP_REQUESTS: Final = Counter(
    "http_requests_total",
    "requests",
    "Answers by method, route template and status. 5xx rising: see the log lines of the same route.",
    ("method", "route", "status"),
)
HTTP_REQUEST_SECONDS: Final = Histogram(
    "http_request_seconds",
    "seconds",
    "From the request's first byte to the answer's last. Rising without command_seconds: slow callers or queries.",
    ("method", "route"),
)
ALARMS: Final = Counter(
    "alarms_total", "alarms", "Something needs a human, see telemetry/alarms.py. Any rise is to be read.", ("alarm",)
)

CATALOGUE: Final[tuple[Metric, ...]] = tuple(_CATALOGUE)
