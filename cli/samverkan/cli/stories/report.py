"""What a played story prints: a line a step, and the table of what each agency's store holds."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from rich import box
from rich.markup import escape
from rich.table import Table

from samverkan.cli.stories.amounts import cell
from samverkan.cli.stories.player import Played, StepDone, Store
from samverkan.cli.stories.story import Row, Story
from samverkan.cli.stories.visibility import Kept, half_and_longest

_AMOUNT: Final = re.compile(r"-?[0-9]+\.[0-9]{2}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def summary(played: Mapping[str, tuple[Story, Played]]) -> Table:
    """All stories that were played, a line each: how much of what it expects are amounts and dates, and how it went."""
    result = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    result.add_column("story", no_wrap=True)
    for name in ("steps", "refusals", "amounts", "dates", "stores", "events", "s"):
        result.add_column(name, justify="right", no_wrap=True)
    result.add_column("as written", no_wrap=True)
    for name, (story, one) in played.items():
        wanted = [*(step.wanted.body for step in story.steps), *_held_by(story)]
        found = [leaf for body in wanted for leaf in _leaves(body)]
        result.add_row(
            name,
            str(len(story.steps)),
            str(sum(step.wanted.problem is not None for step in story.steps)),
            str(sum(_AMOUNT.fullmatch(str(leaf)) is not None for leaf in found)),
            str(sum(_DATE.fullmatch(str(leaf)) is not None for leaf in found)),
            str(len(one.stores)),
            str(max((len(store.events) for store in one.stores), default=0)),
            f"{one.seconds:.1f}",
            "[green]yes[/]" if one.held else "[red]no[/]",
        )
    return result


def line(done: StepDone) -> str:
    """One step: its number, how it went, how long it took, who asked whom."""
    outcome = "[red]FAIL[/]" if done.difference else "skip" if done.skipped else "[green]ok[/]  "
    asked = f"{done.step.as_} → {done.step.do.service}" if done.step.as_ else done.step.do.service
    again = f" [yellow]({done.answer.attempts} tries)[/]" if done.answer and done.answer.attempts > 1 else ""
    text = f"{done.number:>3}  {outcome} {done.seconds * 1000:>6.0f} ms  {asked:<19} {escape(done.step.step)}{again}"
    return text + (f"\n            [red]{escape(done.difference)}[/]" if done.difference else "")


def table(story: Story, played: Played) -> Table:
    """Facts down, agencies across: fits 80 columns."""
    result = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    result.add_column("", no_wrap=True)
    for store in played.stores:
        result.add_column(store.code, justify="right", no_wrap=True)
    for row in story.show:
        result.add_row(row.row, *(_shown(row, store) for store in played.stores))
    if any(store.sealed for store in played.stores):
        for name in sorted(frozenset[str]().union(*(store.sealed for store in played.stores))):
            result.add_row(name, *("sealed" if name in store.sealed else "" for store in played.stores))
    result.add_row("events of the case", *(str(store.kept) for store in played.stores))
    result.add_row("visible after, half", *(_seconds(store.events, 0) for store in played.stores))
    result.add_row("visible after, all", *(_seconds(store.events, 1) for store in played.stores))
    result.add_row("as expected", *("[red]no[/]" if store.differences else "yes" for store in played.stores))
    return result


def differences(stores: Iterable[Store]) -> list[str]:
    """Every sentence about a store that does not hold what it must."""
    return [f"agency {store.code}: {difference}" for store in stores for difference in store.differences]


def events(stores: Sequence[Store]) -> Table:
    """How long each event took to each agency, in milliseconds; for --verbose."""
    result = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="from recorded to visible, ms")
    result.add_column("event", no_wrap=True)
    for store in stores:
        result.add_column(store.code, justify="right")
    longest = max((store.events for store in stores), key=len, default=())
    by_store = [_by_occurrence(store.events) for store in stores]
    for name, number in _by_occurrence(longest):
        cells = (found.get((name, number)) for found in by_store)
        result.add_row(name, *("" if seconds is None else f"{seconds * 1000:.0f}" for seconds in cells))
    return result


def _held_by(story: Story) -> Iterator[Any]:
    yield from (check.holds for checks in story.agencies.values() for check in checks)


def _leaves(value: Any) -> Iterator[Any]:
    match value:
        case Mapping():
            for item in value.values():
                yield from _leaves(item)
        case list() | tuple():
            for item in value:
                yield from _leaves(item)
        case _:
            yield value


def _by_occurrence(found: Sequence[Kept]) -> dict[tuple[str, int], float]:
    """Seconds by event type and how many of that type came before."""
    result: dict[tuple[str, int], float] = {}
    for event in found:
        number = sum(1 for name, _ in result if name == event.event)
        result[event.event, number] = event.seconds
    return result


def _shown(row: Row, store: Store) -> str:
    if row.key in store.leaves:
        return escape(cell(store.leaves[row.key]))
    return "sealed" if row.compartment in store.sealed else ""


def _seconds(found: Sequence[Kept], which: int) -> str:
    times = half_and_longest(found)
    return "" if times is None else f"{times[which] * 1000:.0f} ms"
