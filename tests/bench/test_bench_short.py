"""The bench runs, measures everything beside its floor, and reports what it measured.

The limits are far below any honest figure: they catch a mechanism that has become absurdly slow, not a slow machine.
"""

import json
from pathlib import Path
from time import sleep

import pytest

from samverkan.cli.bench.bench import SHORT, bench
from samverkan.cli.bench.figures import Latency, Stopwatch
from samverkan.deploy.exits import OK


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_short_bench_measures_relay_apply_and_visibility(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.json"
    assert bench(events=None, short=True, json_file=file) == OK
    figures = json.loads(file.read_text())
    relay, apply = figures["rates"]
    for rate in (relay, apply):
        assert rate["events"] == SHORT.events
        assert rate["floor"]["per_second"] > 0 and rate["ours"]["cpu_us"] > 0
        assert rate["ratio"] == pytest.approx(rate["ours"]["per_second"] / rate["floor"]["per_second"])
    assert relay["ratio"] >= 0.05
    assert apply["ratio"] >= 0.02
    parts = {latency["name"]: latency for latency in figures["latencies"]}
    assert set(parts) == {
        "append",
        "commit to log index",
        "commit to acknowledged",
        "commit to visible",
        "floor of commit to visible",
    }
    for latency in parts.values():
        assert 0 < latency["p50_ms"] <= latency["p99_ms"]
        assert latency["seen"] == 200
    assert parts["commit to log index"]["p50_ms"] < parts["commit to visible"]["p50_ms"]
    printed = capsys.readouterr().out
    assert f"| {relay['name']} | {relay['ours']['per_second']:,.0f} |" in printed
    assert {"date", "command", "revision", "processor", "load_before", "load_after"} <= figures["machine"].keys()


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
    latency = Latency.of("x", "", [number / 1000 for number in range(101)])
    assert (latency.p50_ms, latency.p99_ms, latency.seen) == (50.0, 99.0, 101)
