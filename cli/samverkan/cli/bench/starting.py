"""How long each kind of process takes to start, what it then holds, and what it uses while nothing happens."""

import asyncio

from samverkan.cli.bench.figures import PartFigures, Start
from samverkan.cli.bench.place import Place
from samverkan.cli.bench.service import running, services
from samverkan.cli.bench.size import Size
from samverkan.cli.up.say import progress
from samverkan.schemas.catalogue import TOPICS


async def measure(place: Place, size: Size) -> PartFigures:
    """Each kind alone, from nothing: Python, imports, pool, consumer group, relay."""
    starts = []
    known = services(place)
    async with place.topics(TOPICS):
        for name in size.kinds:
            service = known[name]
            live, ready = [], []
            memory = idle = 0.0
            async with place.database(service.database, service.name.partition(".")[0]):
                for number in range(size.starts):
                    with running(place, service, service.database) as process:
                        live.append(process.live_seconds)
                        ready.append(process.ready_seconds)
                        if number == size.starts - 1:
                            before = process.cpu_seconds()
                            await asyncio.sleep(size.idle_seconds)
                            idle = (process.cpu_seconds() - before) / size.idle_seconds
                            memory = process.memory_mib()
            starts.append(Start(name, tuple(live), tuple(ready), memory, idle))
            progress(f"{name}: ready in {min(ready):.1f} s, {memory:.0f} MiB, {idle:.1%} of a core when idle")
    return PartFigures("start", starts=tuple(starts))
