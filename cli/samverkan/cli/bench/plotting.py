"""The figures as SVG, for docs/performance: text stays text, and the same figures give the same bytes."""

from collections.abc import Callable, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from samverkan.cli.bench.figures import Figures

_OURS: Final = "#1f5fa8"
_OTHERS: Final = "#b9b9b9"
_PARTS: Final = {"append": "#c9d6e6", "relay": "#7ba3cf", "broker": "#d9a441", "apply": "#1f5fa8"}


def plot(figures: Figures, folder: Path) -> list[Path]:
    """Draw what there are figures for; the files written."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "samverkan", "font.size": 9, "axes.axisbelow": True})
    folder.mkdir(parents=True, exist_ok=True)
    return [file for name, draw in DRAWINGS.items() if (file := _draw(folder / f"{name}.svg", draw, figures))]


def _draw(file: Path, draw: Callable[[Any, Figures], bool], figures: Figures) -> Path | None:
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7.2, 3.6), layout="constrained")
    try:
        if not draw(axes, figures):
            return None
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(file, metadata={"Date": None})
        return file
    finally:
        plt.close(figure)


def _rates(axes: Any, figures: Figures) -> bool:
    """Every contender of every rate, the fastest and slowest repeat as a line."""
    rows = [(rate, one) for part in figures.parts for rate in part.rates for one in rate.contenders][::-1]
    for row, (rate, one) in enumerate(rows):
        ours = one is rate.ours
        speeds = [speed.per_second for speed in one.speeds]
        axes.barh(row, one.per_second, color=_OURS if ours else _OTHERS, height=0.7)
        axes.plot([min(speeds), max(speeds)], [row, row], color="black", linewidth=1)
        axes.annotate(f" {one.per_second:,.0f}", (max(speeds), row), va="center")
    names = [f"{rate.name}: samverkan" if one is rate.ours else one.name for rate, one in rows]
    axes.set_yticks(range(len(rows)), names)
    axes.figure.set_size_inches(7.2, 0.8 + 0.25 * len(rows))
    axes.set_xscale("log")
    if rows:
        axes.set_xlim(right=3 * max(one.per_second for _, one in rows))
    axes.set_xlabel("events a second (logarithmic)")
    return bool(rows)


def _visible(axes: Any, figures: Figures) -> bool:
    """From the command to another's store: the parts at the median, and the whole at the 99th percentile."""
    latencies = [one for part in figures.parts for one in part.latencies]
    loads = list(dict.fromkeys(one.of for one in latencies))
    for row, load in enumerate(loads):
        left = 0.0
        known = {one.name: one for one in latencies if one.of == load}
        for name, color in _PARTS.items():
            axes.barh(row, known[name].p50_ms, left=left, color=color, label=name if row == 0 else None, height=0.5)
            left += known[name].p50_ms
        p99 = known["commit to visible"].p99_ms
        label = "commit to visible, p99" if row == 0 else None
        axes.plot([p99, p99], [row - 0.3, row + 0.3], color="black", label=label)
    axes.figure.set_size_inches(7.2, 1.2 + 0.5 * len(loads))
    axes.set_yticks(range(len(loads)), loads)
    axes.set_xlabel("milliseconds, median of each part")
    if loads:
        axes.legend(frameon=False, ncols=len(_PARTS) + 1, loc="upper center", bbox_to_anchor=(0.5, 1.25), fontsize=8)
    return bool(loads)


def _growth(axes: Any, figures: Figures) -> bool:
    """Events a second in each tenth of the long runs."""
    growths = [one for part in figures.parts for one in part.growths if len(one.tenths) > 1 and one.events >= 100_000]
    for growth in growths:
        share = growth.events / len(growth.tenths)
        done = list(accumulate(share for _ in growth.tenths))
        style = "-o" if growth.name == "relay" else "--s"
        rates = [tenth.per_second for tenth in growth.tenths]
        axes.plot(done, rates, style, markersize=3, label=f"{growth.name}, {growth.events:,}")
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("events done (logarithmic)")
    axes.set_ylabel("events a second")
    if growths:
        axes.legend(frameon=False, fontsize=7)
    return bool(growths)


def _memory(axes: Any, figures: Figures) -> bool:
    """What each process held in the longest runs of relay and apply."""
    part = next((part for part in figures.parts if part.growths and part.memory), None)
    if part is None:
        return False
    longest = max(growth.events for growth in part.growths)
    drawn = False
    for growth in part.growths:
        for memory in part.memory if growth.events == longest else ():
            held = memory.between(growth.began, growth.ended)
            if held.growth is not None:
                seconds = [at - growth.began for at in held.at]
                style = "-" if growth.name == "relay" else "--"
                axes.plot(seconds, held.mib, style, label=f"{growth.name}: {held.process}")
                drawn = True
    axes.set_ylim(bottom=0)
    axes.set_xlabel(f"seconds of the run with {longest:,} events")
    axes.set_ylabel("MiB")
    if drawn:
        axes.legend(frameon=False, fontsize=7)
    return drawn


def _pipeline(axes: Any, figures: Figures) -> bool:
    """How far the slowest of the stores was behind, at each rate of commands."""
    steadies = [one for part in figures.parts for one in part.steadies if one.lags]
    for steady in steadies:
        seconds = [steady.seconds * number / len(steady.lags) for number in range(1, len(steady.lags) + 1)]
        axes.plot(seconds, steady.lags, label=f"{steady.offered_per_second:,.0f} commands a second")
    axes.set_xlabel("seconds")
    axes.set_ylabel("events that the slowest store is behind")
    if steadies:
        axes.legend(frameon=False, fontsize=7)
    return bool(steadies)


DRAWINGS: Final[Mapping[str, Callable[[Any, Figures], bool]]] = {
    "rates": _rates,
    "visible": _visible,
    "growth": _growth,
    "memory": _memory,
    "pipeline": _pipeline,
}
"""Each drawing by the name of its file; it says whether there was anything to draw."""
