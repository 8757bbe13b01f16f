"""`samverkan bench`: measures, says how far it is, prints a Markdown table and writes JSON."""

import logging
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

import structlog
import uvloop

from samverkan.backbone.garbage import collect_seldom
from samverkan.backbone.journal.journal import Journal
from samverkan.cli.bench.applying import measure_apply, read_ends
from samverkan.cli.bench.figures import Figures, Rate
from samverkan.cli.bench.filling import fill
from samverkan.cli.bench.machine import describe, load
from samverkan.cli.bench.place import FLOOR, Place, place
from samverkan.cli.bench.relaying import measure_relay
from samverkan.cli.bench.report import as_json, as_markdown
from samverkan.cli.bench.visible import measure_visible
from samverkan.cli.up.say import complain, progress, say
from samverkan.deploy.errors import DeployError
from samverkan.deploy.exits import FAILED, OK
from samverkan.schemas.catalogue import PARTICIPANT

FEW_STREAMS: Final = 1_000
MANY_STREAMS: Final = 100_000


@dataclass(frozen=True)
class Size:
    """How much is measured: events over few streams, events over many (0: left out), seconds of commands."""

    events: int = 60_000
    events_of_many: int = 150_000
    seconds_of_commands: float = 20.0


SHORT: Final = Size(events=10_000, events_of_many=0, seconds_of_commands=4.0)


def bench(*, events: int | None, short: bool, json_file: Path | None) -> int:
    """Measure and print; 0 when all was measured, whatever the figures say."""
    size = SHORT if short else Size()
    if events is not None:
        size = Size(events, size.events_of_many, size.seconds_of_commands)
    try:
        figures = measure(size)
    except DeployError as error:
        complain(str(error))
        return FAILED
    say("")
    say(as_markdown(figures))
    if json_file is not None:
        json_file.write_text(as_json(figures))
    return OK


def measure(size: Size) -> Figures:
    """Run the bench on a broker and a database server of its own, which are gone afterwards."""
    # The parts tell when they begin, and aiokafka that a new broker has no coordinator yet: no news here.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    progress("starting Kafka and PostgreSQL")
    with place() as here:
        collect_seldom()  # as every service does
        machine = describe(shlex.join(["./samverkan", *sys.argv[1:]]), here.folder)
        return uvloop.run(_measure(here, size, machine))


async def _measure(here: Place, size: Size, machine: dict[str, str]) -> Figures:
    await here.topics([PARTICIPANT, FLOOR])
    rates: list[Rate] = []
    journal = Journal(PARTICIPANT)
    async with here.database("journal", "intake") as pool:
        for streams, events in ((FEW_STREAMS, size.events), (MANY_STREAMS, size.events_of_many)):
            if events == 0:
                continue
            began = perf_counter()
            await fill(pool, journal, streams, events)
            progress(f"{events:,} events in the journal ({events / (perf_counter() - began):,.0f}/s)")
            begin = await read_ends(here, PARTICIPANT)
            relayed = await measure_relay(here, pool, PARTICIPANT, streams)
            progress(_told(relayed))
            applied = await measure_apply(here, PARTICIPANT, streams, begin, events, relayed.bytes_per_event)
            progress(_told(applied))
            rates += [relayed, applied]
        progress(f"commands for {size.seconds_of_commands:.0f} s")
        begin = await read_ends(here, PARTICIPANT)
        latencies = await measure_visible(here, pool, PARTICIPANT, begin, size.seconds_of_commands)
    return Figures({**machine, "load_after": load()}, tuple(rates), latencies)


def _told(rate: Rate) -> str:
    ours, floor = rate.ours.per_second, rate.floor.per_second
    return f"{rate.name}: {ours:,.0f}/s, floor {floor:,.0f}/s, ratio {rate.ratio:.2f}"
