"""Health means progress, not "the process answers": a loop that no longer turns makes the process unhealthy."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

Reason = str
Condition = Callable[[], Reason | None]


class Progress:
    """One loop's sign of life. The loop calls `beat()` each time round, also when there was nothing to do.

    `limit_seconds` is the longest that one round may take, every wait within it included; beyond it the loop counts
    as stuck and an orchestrator restarts the process.
    """

    def __init__(self, name: str, limit_seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self.name = name
        self.limit_seconds = limit_seconds
        self._clock = clock
        self._last = clock()

    def beat(self) -> None:
        """The loop has come round. Never blocks."""
        self._last = self._clock()

    @property
    def seconds_since(self) -> float:
        """Seconds since the last beat, or since it was registered."""
        return self._clock() - self._last

    @property
    def stuck(self) -> bool:
        """Whether the limit has passed."""
        return self.seconds_since > self.limit_seconds


@dataclass(frozen=True)
class Unmet:
    """A condition that does not hold, and why: a stable word such as `log-not-compared`, not prose."""

    name: str
    reason: Reason


class Health:
    """What `/health/live` and `/health/ready` answer from. Registered by the composition root, once per name."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._loops: dict[str, Progress] = {}
        self._conditions: dict[str, Condition] = {}

    def progress(self, name: str, limit_seconds: float) -> Progress:
        """Register a loop; it counts from now. ValueError for a name that is taken."""
        if name in self._loops:
            raise ValueError(f"two loops named {name}")
        loop = self._loops[name] = Progress(name, limit_seconds, self._clock)
        return loop

    def condition(self, name: str, holds: Condition) -> None:
        """Register what must hold before requests are welcome: `holds` returns None, or the reason why not yet.

        It is called for each `/health/ready` and must neither block nor raise.
        """
        if name in self._conditions:
            raise ValueError(f"two conditions named {name}")
        self._conditions[name] = holds

    def ended(self, loop: Progress) -> None:
        """The loop ended on purpose (drain): it no longer counts."""
        self._loops.pop(loop.name, None)

    @property
    def loops(self) -> tuple[Progress, ...]:
        """All registered loops."""
        return tuple(self._loops.values())

    @property
    def live(self) -> bool:
        """Whether every loop makes progress."""
        return not any(loop.stuck for loop in self._loops.values())

    def unmet(self) -> tuple[Unmet, ...]:
        """The conditions that do not hold, stuck loops among them; empty means ready."""
        reasons = ((name, holds()) for name, holds in self._conditions.items())
        waiting = tuple(Unmet(name, reason) for name, reason in reasons if reason is not None)
        return waiting + tuple(Unmet(loop.name, "stuck") for loop in self._loops.values() if loop.stuck)
