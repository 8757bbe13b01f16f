"""How cost grows with the number of events: relay and apply over one long run, tenth by tenth.

Every tenth brings new cases of thirty events each, so that all tenths are the same work and only what is stored grows.
"""

from itertools import pairwise
from time import perf_counter, process_time
from typing import Final

from samverkan.backbone.journal.journal import Journal
from samverkan.cli.bench.applying import apply_all
from samverkan.cli.bench.figures import TENTHS, Growth, PartFigures, Speed
from samverkan.cli.bench.filling import fill
from samverkan.cli.bench.place import Place
from samverkan.cli.bench.relaying import relay_all
from samverkan.cli.bench.size import Size
from samverkan.cli.up.say import progress
from samverkan.schemas.catalogue import PARTICIPANT

EVENTS_PER_CASE: Final = 30


class _Tenths:
    """Notes the moment at which each tenth of a run was reached. The first call begins it: joining a consumer group
    and becoming the active relay are no part of a rate."""

    def __init__(self, events: int) -> None:
        self._events = events
        self._marks: list[tuple[int, float, float]] = []
        self._next = 0

    def __call__(self, done: int) -> None:
        if done >= self._next and (not self._marks or done > self._marks[-1][0]):
            self._marks.append((done, perf_counter(), process_time()))
            self._next = (done * TENTHS // self._events + 1) * self._events // TENTHS

    def growth(self, name: str) -> Growth:
        """Fewer than ten tenths when the run is so short that one step takes several."""
        speeds = []
        for (since, began, cpu), (done, ended, cpu_then) in pairwise(self._marks):
            events = done - since
            speeds.append(Speed(events / (ended - began), (cpu_then - cpu) * 1e6 / events))
        return Growth(name, self._events, tuple(speeds), self._marks[0][1], self._marks[-1][1])


async def measure(place: Place, size: Size) -> PartFigures:
    """Each number of events in a journal, on a topic and in a store of its own."""
    growths: list[Growth] = []
    for events in size.growths:
        growths += await _measure(place, events)
    return PartFigures("growth", growths=tuple(growths))


async def _measure(place: Place, events: int) -> list[Growth]:
    async with place.topics([PARTICIPANT]), place.database("growth_from", "intake") as pool:
        began = perf_counter()
        for _ in range(TENTHS):
            await fill(pool, Journal(PARTICIPANT), max(1, events // TENTHS // EVENTS_PER_CASE), events // TENTHS)
        events = events // TENTHS * TENTHS
        progress(f"{events:,} events in a journal ({events / (perf_counter() - began):,.0f}/s)")
        tenths = _Tenths(events)
        await relay_all(place, pool, PARTICIPANT, events, on_progress=tenths)
        relayed = tenths.growth("relay")
        progress(_told(relayed))
        async with place.database("growth_to", "agency") as store:
            tenths = _Tenths(events)
            await apply_all(place, store, PARTICIPANT, events, on_progress=tenths)
        applied = tenths.growth("apply")
        progress(_told(applied))
    return [relayed, applied]


def _told(growth: Growth) -> str:
    first, last = growth.tenths[0].per_second, growth.tenths[-1].per_second
    return (
        f"{growth.name}, {growth.events:,} events: {growth.per_second:,.0f}/s, "
        f"first tenth {first:,.0f}, last {last:,.0f}, ratio {growth.last_to_first:.2f}"
    )
