"""How cost grows with the number of events: relay and apply over one long run, tenth by tenth.

Every tenth brings new cases of thirty events each, so that all tenths are the same work and only what is stored grows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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
from samverkan.cli.bench.stopwatch import cpu_seconds
from samverkan.cli.up.say import progress
from samverkan.schemas.catalogue import PARTICIPANT

EVENTS_PER_CASE: Final = 30


@dataclass(frozen=True)
class _Mark:
    """How many events were done at a moment, and the CPU seconds used until then: here, by PostgreSQL, by Kafka."""

    done: int
    at: float
    cpu: float
    postgres: float
    kafka: float

    def speed_until(self, later: "_Mark") -> Speed:
        """Between this one and a later one."""
        events = later.done - self.done
        each = 1e6 / events
        return Speed(
            events / (later.at - self.at),
            (later.cpu - self.cpu) * each,
            (later.postgres - self.postgres) * each,
            (later.kafka - self.kafka) * each,
        )


class _Tenths:
    """Marks each tenth of a run. The first call begins it: joining a consumer group and becoming the active relay are
    no part of a rate."""

    def __init__(self, events: int, servers: Mapping[str, int]) -> None:
        self._events = events
        self._servers = servers
        self._marks: list[_Mark] = []
        self._next = 0

    def __call__(self, done: int) -> None:
        if done >= self._next and (not self._marks or done > self._marks[-1].done):
            postgres, kafka = (cpu_seconds(self._servers[name]) for name in ("PostgreSQL", "Kafka"))
            self._marks.append(_Mark(done, perf_counter(), process_time(), postgres, kafka))
            self._next = (done * TENTHS // self._events + 1) * self._events // TENTHS

    def growth(self, name: str) -> Growth:
        """Fewer than ten tenths when the run is so short that one step takes several."""
        speeds = tuple(mark.speed_until(later) for mark, later in pairwise(self._marks))
        return Growth(name, self._events, speeds, self._marks[0].at, self._marks[-1].at)


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
        # Rows that were committed one by one would long have been vacuumed; of three million that come at once
        # autovacuum hears a minute later, in the middle of some tenth.
        await pool.execute("vacuum (analyze)")
        events = events // TENTHS * TENTHS
        progress(f"{events:,} events in a journal ({events / (perf_counter() - began):,.0f}/s)")
        tenths = _Tenths(events, place.servers)
        await relay_all(place, pool, PARTICIPANT, events, on_progress=tenths)
        relayed = tenths.growth("relay")
        progress(_told(relayed))
        async with place.database("growth_to", "agency") as store:
            tenths = _Tenths(events, place.servers)
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
