"""`python -m samverkan.cli.bench.part PART`: one part in a process of its own, so that none pays for another's memory.

In on standard input, as JSON: where Kafka and PostgreSQL are, how much to measure, and the file to write figures to.
"""

import logging
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Final

import structlog
import uvloop
from pydantic import TypeAdapter

from samverkan.backbone.garbage import collect_seldom
from samverkan.cli.bench.figures import PartFigures
from samverkan.cli.bench.place import Place
from samverkan.cli.bench.size import Size
from samverkan.cli.up.say import complain
from samverkan.deploy.errors import DeployError
from samverkan.deploy.exits import FAILED, INTERRUPTED

PARTS: Final[Mapping[str, str]] = {
    "relay": "samverkan.cli.bench.relaying",
    "apply": "samverkan.cli.bench.applying",
    "rebuild": "samverkan.cli.bench.rebuilding",
    "visible": "samverkan.cli.bench.visible",
    "commands": "samverkan.cli.bench.commanding",
    "pipeline": "samverkan.cli.bench.pipeline",
    "start": "samverkan.cli.bench.starting",
    "growth": "samverkan.cli.bench.growing",
}
"""Each part and the module whose `measure` it is, in the order of a whole run."""

Measure = Callable[[Place, Size], Awaitable[PartFigures]]


@dataclass(frozen=True)
class Job:
    """What a part's process is told."""

    place: Place
    size: Size
    file: str


JOB: Final = TypeAdapter(Job)
FIGURES: Final = TypeAdapter(PartFigures)


def main(part: str) -> None:
    """Measure and write."""
    job = JOB.validate_json(sys.stdin.read())
    # The parts tell when they begin, and aiokafka that a new broker has no coordinator yet: no news here.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    collect_seldom()  # as every service does
    began = perf_counter()
    measure: Measure = import_module(PARTS[part]).measure
    try:
        figures = uvloop.run(_run(measure, job))
    except KeyboardInterrupt:  # whoever started this says so
        sys.exit(INTERRUPTED)
    except DeployError as error:  # a service did not start, a topic differs: a sentence says it all
        complain(str(error))
        sys.exit(FAILED)
    figures = replace(figures, seconds=perf_counter() - began)
    Path(job.file).write_bytes(FIGURES.dump_json(figures))


async def _run(measure: Measure, job: Job) -> PartFigures:
    return await measure(job.place, job.size)


if __name__ == "__main__":
    main(sys.argv[1])
