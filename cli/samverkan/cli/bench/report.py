"""The figures for people and for programs."""

from pydantic import TypeAdapter

from samverkan.cli.bench.figures import (
    TENTHS,
    Figures,
    Growth,
    Latency,
    Memory,
    PartFigures,
    Rate,
    Start,
    Steady,
    Throughput,
)
from samverkan.cli.bench.targets import targets

_OWN_LOAD = 4  # times the number of cores: client, broker, PostgreSQL's processes, five agencies
_COMPARABLE_EVENTS = 200_000  # below, a tenth is few batches, and the first waits for the first acknowledgement
_FIGURES = TypeAdapter(Figures)


def as_json(figures: Figures) -> str:
    """Everything that was measured; medians and ratios are computed where they are shown."""
    return _FIGURES.dump_json(figures, indent=2).decode() + "\n"


def from_json(text: str | bytes) -> Figures:
    """What `as_json` wrote."""
    return _FIGURES.validate_json(text)


def as_markdown(figures: Figures) -> str:
    """Tables in the order of the parts, and what they were measured on."""
    parts = figures.parts
    tables = [
        _warning(figures),
        _targets(figures),
        _rates([rate for part in parts for rate in part.rates]),
        _latencies([latency for part in parts for latency in part.latencies]),
        _throughputs([one for part in parts for one in part.throughputs]),
        _steadies([one for part in parts for one in part.steadies]),
        _growths(parts),
        _starts([one for part in parts for one in part.starts]),
        _memory(parts),
        _means([rate for part in parts for rate in part.rates]),
        "\n".join(f"- {note}" for part in parts for note in part.notes),
        _loads(parts),
        "\n".join(f"- {name}: {value}" for name, value in figures.machine.items()),
    ]
    return "\n\n".join(table for table in tables if table) + "\n"


def told(rate: Rate) -> str:
    """One line while it runs."""
    others = ", ".join(f"{rate.ratio(one):.2f} × {one.name} ({one.per_second:,.0f})" for one in rate.contenders[1:])
    ours = rate.ours
    return f"{rate.name}: {ours.per_second:,.0f}/s ± {ours.spread / 2:.0%}, {ours.cpu_us:.0f} µs" + (
        others and f"; {others}"
    )


def _table(heads: str, rows: list[str]) -> str:
    """Markdown; the first column is text, the others are numbers."""
    if not rows:
        return ""
    ruler = "|---|" + "---:|" * (heads.count("|") - 2)
    return "\n".join([heads, ruler, *rows])


def _warning(figures: Figures) -> str:
    """Our own processes make some load: it was others when there was more before we began, or far more in the end."""
    cores = int(figures.machine.get("cores", "0"))
    before = float(figures.machine.get("load_before", "0"))
    highest = max((part.load_after for part in figures.parts), default=0.0)
    if cores == 0 or (before <= cores and highest <= _OWN_LOAD * cores):
        return ""
    return (
        f"**Others were at work on this machine** (load {before:.1f} before, at most {highest:.1f}, on {cores} cores): "
        "compare CPU and, with care, ratios; rates and durations say little."
    )


def _targets(figures: Figures) -> str:
    rows = [
        f"| {one.name} | {one.wanted} | {one.measured} | {'yes' if one.met else '**no**'} |" for one in targets(figures)
    ]
    return _table("| target | wanted | measured | reached |", rows)


def _rates(rates: list[Rate]) -> str:
    rows = []
    for rate in rates:
        for one in rate.contenders:
            ours = one is rate.ours
            postgres, kafka = one.servers_us
            rows.append(
                f"| {f'**{rate.name}**' if ours else one.name} | {one.per_second:,.0f} | {one.spread:.0%} | "
                f"{'' if ours else f'{rate.ratio(one):.2f}'} | {one.cpu_us:.0f} | {postgres:.0f} | "
                f"{kafka:.0f} | {one.events:,} | {rate.bytes_per_event if ours else ''} |"
            )
    return _table("| | events/s | spread | we reach × | CPU µs each | PostgreSQL | Kafka | events | bytes each |", rows)


def _latencies(latencies: list[Latency]) -> str:
    rows = [
        f"| {one.of}: {one.name} ({one.means}) | {one.p50_ms:.1f} | {one.p99_ms:.1f} | {one.max_ms:.1f} | "
        f"{one.seen:,} |"
        for one in latencies
    ]
    return _table("| | p50 ms | p99 ms | max ms | seen |", rows)


def _throughputs(throughputs: list[Throughput]) -> str:
    rows = [
        f"| {one.way}, {one.callers} at once | {one.per_second:,.0f} | {one.p50_ms:.1f} | {one.p99_ms:.1f} | "
        f"{one.cpu_us:,.0f} | {one.commands:,} |"
        for one in throughputs
    ]
    return _table("| commands | commands/s | p50 ms | p99 ms | CPU µs each | commands |", rows)


def _steadies(steadies: list[Steady]) -> str:
    rows = [
        f"| {one.offered_per_second:,.0f} a second for {one.seconds:.0f} s | {one.given_per_second:,.0f} | "
        f"{max(one.lags, default=0):,} | {one.caught_up_seconds:.1f} | {'yes' if one.kept_up else 'no'} | "
        f"{one.stores} |"
        for one in steadies
    ]
    return _table("| whole way | commands/s | furthest behind | s to catch up | kept up | stores |", rows)


def _growths(parts: tuple[PartFigures, ...]) -> str:
    rows = [_grown(growth) for part in parts for growth in part.growths]
    return _table(
        "| | events/s | first tenth | last tenth | last ÷ first | CPU µs each + PostgreSQL, first → last |", rows
    )


def _grown(growth: Growth) -> str:
    compared = ["too short", "", ""]
    if len(growth.tenths) == TENTHS and growth.events >= _COMPARABLE_EVENTS:
        first, last = growth.tenths[0].per_second, growth.tenths[-1].per_second
        compared = [f"{first:,.0f}", f"{last:,.0f}", f"{growth.last_to_first:.2f}"]
    cpu = " → ".join(f"{one.cpu_us:.0f} + {one.postgres_us:.0f}" for one in (growth.tenths[0], growth.tenths[-1]))
    return f"| {growth.name}, {growth.events:,} events | {growth.per_second:,.0f} | {' | '.join(compared)} | {cpu} |"


def _starts(starts: list[Start]) -> str:
    rows = [
        f"| {one.process} | {min(one.live_seconds):.1f} | {min(one.ready_seconds):.1f} | {one.memory_mib:.0f} | "
        f"{one.idle_cpu:.1%} |"
        for one in starts
    ]
    return _table("| process | s to live | s to ready | MiB | core when idle |", rows)


def _memory(parts: tuple[PartFigures, ...]) -> str:
    """Of each process in each long run, beside what it held early on."""
    rows = []
    for part in parts:
        for growth in part.growths:
            for memory in part.memory:
                held = memory.between(growth.began, growth.ended)
                rows += _held(f"{growth.name}, {growth.events:,} events: {memory.process}", held)
        if not part.growths:
            for memory in part.memory:
                rows += _held(f"{part.name}: {memory.process}", memory)
    return _table("| memory | MiB early | MiB late | MiB at most |", rows)


def _held(name: str, memory: Memory) -> list[str]:
    if memory.growth is None:
        return []
    early, late = memory.growth
    return [f"| {name} | {early:.0f} | {late:.0f} | {max(memory.mib):.0f} |"]


def _means(rates: list[Rate]) -> str:
    means = {f"{rate.name.partition(',')[0]}, {one.name}": one.means for rate in rates for one in rate.contenders}
    return "\n".join(f"- {name}: {meaning}" for name, meaning in means.items())


def _loads(parts: tuple[PartFigures, ...]) -> str:
    rows = [f"| {part.name} | {part.seconds:.0f} | {part.load_before:.1f} | {part.load_after:.1f} |" for part in parts]
    return _table("| part | seconds | load before | load after |", rows)
