"""What the backbone is meant to reach, and whether this run did. The bench itself never fails because of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from samverkan.cli.bench.figures import Figures, Growth, Memory, PartFigures, Rate

# Of the rate of each contender, by the beginning of the rate's name.
_RATIOS: Final = {
    "relay": {"floor": 0.3, "faststream-outbox": 2.5},
    "apply, 1,000 streams": {"floor": 0.5, "FastStream executemany": 2.0, "FastStream one by one": 50.0},
    "apply, 100,000 streams": {"floor": 0.2, "FastStream executemany": 2.0, "FastStream one by one": 50.0},
}
_SUSTAINED_PER_SECOND: Final = 500.0
_VISIBLE_P99_MS: Final = 50.0
_VISIBLE_AT: Final = "100 commands/s"
_LAST_TO_FIRST: Final = 0.85
_LONG_RUN_EVENTS: Final = 1_000_000
_FLAT: Final = 1.1  # late ÷ early; caches fill up to their fixed sizes, a leak goes on


@dataclass(frozen=True)
class Target:
    """One of them, as far as this run measured it."""

    name: str
    wanted: str
    measured: str
    met: bool


def targets(figures: Figures) -> list[Target]:
    """Those that this run says something about."""
    return [target for part in figures.parts for target in _of_part(part)]


def _of_part(part: PartFigures) -> Iterator[Target]:
    for rate in part.rates:
        yield from _of_rate(rate)
    for latency in part.latencies:
        if (latency.of, latency.name) == (_VISIBLE_AT, "commit to visible"):
            p99 = latency.p99_ms
            yield Target(f"commit to visible, p99, at {latency.of}", "≤ 50 ms", f"{p99:.1f} ms", p99 <= _VISIBLE_P99_MS)
    if part.steadies:
        best = max((one.offered_per_second for one in part.steadies if one.kept_up), default=0.0)
        name = f"commands into {part.steadies[0].stores} stores, sustained"
        yield Target(name, "≥ 500 a second", f"{best:,.0f} a second", best >= _SUSTAINED_PER_SECOND)
    for growth in part.growths:
        if growth.events >= _LONG_RUN_EVENTS:
            yield from _of_growth(growth, part.memory)


def _of_rate(rate: Rate) -> Iterator[Target]:
    wanted = next((ratios for name, ratios in _RATIOS.items() if rate.name.startswith(name)), {})
    for other in rate.contenders[1:]:
        if other.name in wanted:
            ratio, least = rate.ratio(other), wanted[other.name]
            yield Target(f"{rate.name} ÷ {other.name}", f"≥ {least:g}", f"{ratio:.2f}", ratio >= least)


def _of_growth(growth: Growth, memory: tuple[Memory, ...]) -> Iterator[Target]:
    name = f"{growth.name}, {growth.events:,} events"
    ratio = growth.last_to_first
    yield Target(f"{name}: last tenth ÷ first", f"≥ {_LAST_TO_FIRST}", f"{ratio:.2f}", ratio >= _LAST_TO_FIRST)
    for one in memory:
        held = one.between(growth.began, growth.ended).growth
        if held is not None:
            early, late = held
            yield Target(
                f"{name}: memory of {one.process}, late ÷ early",
                f"≤ {_FLAT}",
                f"{late / early:.2f}",
                late <= _FLAT * early,
            )
