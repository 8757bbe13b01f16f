"""A target is met when it is, and nothing is said of what was not measured."""

from samverkan.cli.bench.figures import (
    Contender,
    Figures,
    Growth,
    Latency,
    Memory,
    PartFigures,
    Rate,
    Speed,
    Steady,
)
from samverkan.cli.bench.targets import targets


def _met(part: PartFigures) -> dict[str, bool]:
    return {target.name: target.met for target in targets(Figures({}, (part,)))}


def _contender(name: str, per_second: float) -> Contender:
    return Contender(name, "", 1000, (Speed(per_second, 1.0),))


def test_ratios_are_asked_of_each_rival_by_its_own_measure() -> None:
    ours = _contender("samverkan", 300.0)
    few = Rate("apply, 1,000 streams", 1, (ours, _contender("floor", 1000.0), _contender("FastStream one by one", 5.0)))
    many = Rate("apply, 100,000 streams", 1, (ours, _contender("floor", 1000.0)))
    assert _met(PartFigures("apply", rates=(few, many))) == {
        "apply, 1,000 streams ÷ floor": False,
        "apply, 1,000 streams ÷ FastStream one by one": True,
        "apply, 100,000 streams ÷ floor": True,
    }


def test_what_was_sustained_is_the_highest_rate_that_was_kept_up() -> None:
    def steady(rate: float, *, kept_up: bool) -> Steady:
        return Steady(rate, rate, 30.0, (), kept_up, 5, 1, 0.1)

    name = "commands into 5 stores, sustained"
    assert _met(PartFigures("p", steadies=(steady(500.0, kept_up=True), steady(625.0, kept_up=False)))) == {name: True}
    assert _met(PartFigures("p", steadies=(steady(500.0, kept_up=False),))) == {name: False}


def test_only_the_latency_that_is_asked_for_counts() -> None:
    def latency(of: str, name: str, p99: float) -> Latency:
        return Latency(of, name, "", 1.0, p99, p99, 100)

    seen = (
        latency("100 commands/s", "commit to visible", 49.9),
        latency("1000 commands/s", "commit to visible", 500.0),
        latency("100 commands/s", "append", 500.0),
    )
    assert _met(PartFigures("visible", latencies=seen)) == {"commit to visible, p99, at 100 commands/s": True}


def test_a_long_run_keeps_its_speed_and_its_memory() -> None:
    def run(events: int, last: float) -> Growth:
        return Growth("relay", events, tuple(Speed(rate, 1.0) for rate in (*[100.0] * 9, last)), 0.0, 9.0)

    moments = tuple(float(second) for second in range(10))
    leak = Memory("own", moments, tuple(100.0 + 10 * second for second in moments))
    flat = Memory("Kafka", moments, (50.0, *[100.0] * 9))
    assert _met(PartFigures("growth", growths=(run(1_000_000, 84.0), run(100_000, 1.0)), memory=(leak, flat))) == {
        "relay, 1,000,000 events: last tenth ÷ first": False,
        "relay, 1,000,000 events: memory of own, late ÷ early": False,
        "relay, 1,000,000 events: memory of Kafka, late ÷ early": True,
    }
