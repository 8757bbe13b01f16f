"""The whole way: commands in this process, its relay, Kafka, and the five agencies with their real views.

The agencies are the real service, each a process with a store of its own; commands and relay share this process, as
they do in intake. On two cores all of them, Kafka and PostgreSQL share the machine.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import asyncpg

from samverkan.backbone.journal.commands import JournalCommands
from samverkan.backbone.relay.relay import Relay, RelayPolicy
from samverkan.cli.bench.commanding import Work, assessment, context, in_process, refer
from samverkan.cli.bench.figures import PartFigures, Steady
from samverkan.cli.bench.pace import steadily, until, until_async
from samverkan.cli.bench.place import Place
from samverkan.cli.bench.service import all_running, services
from samverkan.cli.bench.size import Size
from samverkan.cli.up.say import progress
from samverkan.schemas.catalogue import DEFAULT_AGENCIES, PARTICIPANT, TOPICS

_AT_ONCE: Final = 32
_LOOK_SECONDS: Final = 0.5
_STEP: Final = 1.25  # from one rate to the next, until one is too much
_BELOW: Final = 0.8  # of what was given when more was asked for
_STEPS_AT_MOST: Final = 6
_GIVEN_AT_LEAST: Final = 0.98
_CATCH_UP_SECONDS: Final = 120.0
_APPLIED: Final = "select coalesce(sum(next_offset), 0)::bigint from subscription_offset where topic = $1"
_KEPT: Final = "select count(*) from kept_event where topic = $1"


class Lost(Exception):
    """A store has another number of events than were published: no figure of this run means anything."""


@dataclass
class _Way:
    """Commands, relay and stores at work. `published`: events so far."""

    commands: JournalCommands
    work: Work
    stores: Sequence[asyncpg.Pool]
    published: int

    async def behind(self) -> int:
        """Events that the slowest store has not applied."""
        applied = [await store.fetchval(_APPLIED, PARTICIPANT.name) for store in self.stores]
        return int(self.published - min(applied))


async def measure(place: Place, size: Size) -> PartFigures:
    """At the rate that is asked for, then faster and faster until it is too much."""
    steadies: list[Steady] = []
    async with _way(place, size.cases) as way:
        rate = size.pipeline_rate
        for _ in range(_STEPS_AT_MOST if size.pipeline_search else 1):
            steadies.append(await _run(way, rate, size.pipeline_seconds))
            progress(_told(steadies[-1]))
            if steadies[-1].kept_up:
                rate *= _STEP
            elif len(steadies) == 1:  # so that a slow machine, too, learns what it sustains
                rate = steadies[0].given_per_second * _BELOW
            else:
                break
        for store in way.stores:
            kept = await store.fetchval(_KEPT, PARTICIPANT.name)
            if kept != way.published:
                raise Lost(f"{kept} events in a store, {way.published} published")
    return PartFigures("pipeline", steadies=tuple(steadies))


@asynccontextmanager
async def _way(place: Place, cases: int) -> AsyncIterator[_Way]:
    known = services(place)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(place.topics(TOPICS))
        own = await stack.enter_async_context(place.database("pipeline", "intake", connections=20))
        agencies = [known[f"agency.{agency.code}"] for agency in DEFAULT_AGENCIES]
        stores = [
            await stack.enter_async_context(place.database(agency.database, "agency", connections=1))
            for agency in agencies
        ]
        stack.enter_context(all_running(place, [(agency, agency.database) for agency in agencies]))
        relay = Relay(own, PARTICIPANT, place.bootstrap, RelayPolicy())
        relaying = asyncio.create_task(relay.run())
        try:
            await until(lambda: relay.active, seconds=60)
            commands = await in_process(own, relay.wake)
            way = _Way(commands, Work.on(await refer(commands, cases)), stores, cases)
            await _catch_up(way)
            yield way
        finally:
            relay.drain()
            await relaying


async def _run(way: _Way, rate: float, seconds: float) -> Steady:
    lags: list[int] = []

    async def command(_: int) -> None:
        await way.commands.execute(assessment(*way.work.next()), context())
        way.published += 1

    async def look() -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            lags.append(await way.behind())

    times = max(1, int(rate * seconds))
    looking = asyncio.create_task(look())
    began = perf_counter()
    try:
        await steadily(times, rate, command, at_once=_AT_ONCE)
        given = times / (perf_counter() - began)
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    caught_up = await _catch_up(way)
    kept_up = given >= _GIVEN_AT_LEAST * rate and _bounded(lags, rate)
    return Steady(rate, given, seconds, tuple(lags), kept_up, len(way.stores), times, caught_up)


def _bounded(lags: Sequence[int], rate: float) -> bool:
    """No further behind in the last third than in the middle one, apart from one second's worth."""
    third = len(lags) // 3
    if third == 0:
        return True
    return max(lags[-third:]) <= max(lags[third : 2 * third]) + rate


async def _catch_up(way: _Way) -> float:
    began = perf_counter()

    async def there() -> bool:
        return await way.behind() == 0

    await until_async(there, seconds=_CATCH_UP_SECONDS)
    return perf_counter() - began


def _told(steady: Steady) -> str:
    return (
        f"{steady.offered_per_second:,.0f} commands a second into {steady.stores} stores for {steady.seconds:.0f} s: "
        f"{steady.given_per_second:,.0f} given, at most {max(steady.lags, default=0):,} behind, caught up in "
        f"{steady.caught_up_seconds:.1f} s, {'kept up' if steady.kept_up else 'too much'}"
    )
