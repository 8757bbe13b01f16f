"""The figures for people and for programs."""

import json
from dataclasses import asdict

from samverkan.cli.bench.figures import Figures


def as_markdown(figures: Figures) -> str:
    """Two tables and what they were measured on."""
    rates = [
        f"| {rate.name} | {rate.ours.per_second:,.0f} | {rate.floor.per_second:,.0f} | {rate.ratio:.2f} | "
        f"{rate.ours.cpu_us:.0f} | {rate.floor.cpu_us:.0f} | {rate.events:,} | {rate.bytes_per_event} |"
        for rate in figures.rates
    ]
    latencies = [
        f"| {latency.name} | {latency.p50_ms:.1f} | {latency.p99_ms:.1f} | {latency.seen} | {latency.means} |"
        for latency in figures.latencies
    ]
    means = {rate.name.partition(",")[0]: rate.means for rate in figures.rates}
    return "\n".join(
        [
            *(f"- {name}: {value}" for name, value in figures.machine.items()),
            "",
            "| | events/s | floor | ratio | CPU µs each | floor | events | bytes each |",
            "|---|---:|---:|---:|---:|---:|---:|---:|",
            *rates,
            "",
            *(f"- {name}: {meaning}" for name, meaning in means.items()),
            "- CPU µs: of this Python process, without broker and database; hardly moved by what else the machine does",
            "",
            "| | p50 ms | p99 ms | seen | |",
            "|---|---:|---:|---:|---|",
            *latencies,
        ]
    )


def as_json(figures: Figures) -> str:
    """The same; ratios included, so that nobody divides the wrong way round."""
    content = asdict(figures)
    content["rates"] = [asdict(rate) | {"ratio": rate.ratio} for rate in figures.rates]
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
