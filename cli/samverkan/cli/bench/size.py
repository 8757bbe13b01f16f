"""How much each part measures."""

from dataclasses import dataclass, replace
from typing import Final

FEW_STREAMS: Final = 1_000
MANY_STREAMS: Final = 100_000


@dataclass(frozen=True)
class Size:
    """Counts of events (0: left out), durations in seconds, rates in commands a second."""

    repeats: int = 3
    events_of_few: int = 60_000
    events_of_many: int = 150_000
    bare_events: int = 60_000
    outbox_events: int = 12_000
    single_events: int = 1_000
    visible_rates: tuple[float, ...] = (100.0, 1000.0)
    visible_seconds: float = 20.0
    cases: int = 2_000
    callers: tuple[int, ...] = (1, 8, 32)
    commands_seconds: float = 5.0
    pipeline_rate: float = 500.0
    pipeline_seconds: float = 30.0
    pipeline_search: bool = True
    kinds: tuple[str, ...] = ("intake", "placement", "funding", "notify", "agency.af")
    starts: int = 3
    idle_seconds: float = 5.0
    growths: tuple[int, ...] = (10_000, 100_000, 1_000_000, 3_000_000)
    rivals: bool = True

    def of(self, events: int | None, *, rivals: bool = True) -> "Size":
        """The same with another number of events, in relay and apply over 1 000 streams and in growth."""
        if events is None:
            return replace(self, rivals=rivals)
        return replace(self, events_of_few=events, growths=(events,), rivals=rivals)


SHORT: Final = Size(
    repeats=1,
    events_of_few=8_000,
    events_of_many=0,
    bare_events=8_000,
    outbox_events=1_000,
    single_events=100,
    visible_rates=(100.0,),
    visible_seconds=2.0,
    cases=100,
    callers=(1, 8),
    commands_seconds=0.5,
    pipeline_rate=100.0,
    pipeline_seconds=2.0,
    pipeline_search=False,
    kinds=("agency.af",),
    starts=1,
    idle_seconds=1.0,
    growths=(8_000,),
)
