"""Medians, percentiles and ratios are those of their definition."""

from time import sleep

import pytest

from samverkan.cli.bench.figures import Contender, Growth, Latency, Memory, Rate, Speed
from samverkan.cli.bench.stopwatch import Stopwatch


def _contender(name: str, *per_second: float) -> Contender:
    return Contender(name, "", 1000, tuple(Speed(rate, 1e6 / rate) for rate in per_second))


def test_a_rate_begins_after_the_first_batch() -> None:
    watch = Stopwatch(skip_first=True)
    watch.add(1000)
    with pytest.raises(ValueError, match="too few"):
        watch.speed()
    sleep(0.01)
    watch.add(1)
    assert watch.count == 1001
    assert watch.speed().per_second <= 100  # one event in ten milliseconds, not a thousand


def test_percentiles_are_in_milliseconds() -> None:
    latency = Latency.measured("", "x", "", [number / 1000 for number in range(101)])
    assert (latency.p50_ms, latency.p99_ms, latency.max_ms, latency.seen) == (50.0, 99.0, 100.0, 101)


def test_a_ratio_is_of_medians_and_above_one_when_we_are_faster() -> None:
    ours, other = _contender("samverkan", 100.0, 900.0, 200.0), _contender("rival", 50.0)
    rate = Rate("relay", 700, (ours, other))
    assert (ours.per_second, ours.spread) == (200.0, 4.0)
    assert rate.ratio(other) == 4.0


def test_a_run_is_as_fast_as_all_its_tenths_took_time() -> None:
    growth = Growth("relay", 1000, tuple(Speed(rate, 1.0) for rate in (100.0, 50.0)), 0.0, 1.0)
    assert growth.per_second == pytest.approx(2 / (1 / 100 + 1 / 50))
    assert growth.last_to_first == 0.5


def test_memory_that_grows_is_told_from_memory_that_warms_up() -> None:
    moments = tuple(float(number) for number in range(10))
    warming = Memory("own", moments, (10.0, 50.0, *[100.0] * 8))
    growing = Memory("own", moments, tuple(10.0 * number for number in range(10)))
    assert warming.growth == (100.0, 100.0)
    assert growing.growth == (25.0, 85.0)
    assert growing.between(2.0, 4.0).mib == (20.0, 30.0, 40.0)
    assert growing.between(2.0, 4.0).growth is None
