"""The stores of the running system, and what an operator is told when one cannot be reached or refuses."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from samverkan.backbone.database import Pool, connect, transaction
from samverkan.backbone.errors import Refused, SamverkanError, Transient
from samverkan.backbone.http.texts import Texts
from samverkan.backbone.service import Service
from samverkan.cli.up.run import NothingRuns, Run, RunningService, load
from samverkan.cli.up.say import complain
from samverkan.deploy.exits import DIFFERENT, FAILED, NOTHING_RUNS, USAGE

T = TypeVar("T")


class NoSuchStore(ValueError):
    """Told to the user as it is."""


def answered(work: Callable[[Run], Awaitable[int]]) -> int:
    """Do something with the running system; whatever goes wrong becomes one sentence and an exit code."""
    try:
        run = load()
        return asyncio.run(_awaited(work, run))
    except NothingRuns as nothing:
        complain(str(nothing))
        return NOTHING_RUNS
    except ValueError as wrong:
        complain(str(wrong))
        return USAGE
    except Refused as refused:
        complain(sentence(refused))
        return DIFFERENT
    except SamverkanError as error:
        complain(f"{'try again: ' if isinstance(error, Transient) else ''}{error.code}: {error}")
        return FAILED


async def _awaited(work: Callable[[Run], Awaitable[int]], run: Run) -> int:
    return await work(run)


def service_named(run: Run, name: str) -> RunningService:
    """NoSuchStore: with the names that there are."""
    if name not in run.services:
        raise NoSuchStore(f"there is no store {name}; there are {', '.join(run.services)}.")
    return run.services[name]


@asynccontextmanager
async def opened(service: RunningService) -> AsyncIterator[Pool]:
    """Its store. Transient: the database cannot be reached."""
    try:
        pool = await connect(service.dsn, max_size=2)
    except OSError as error:
        raise Transient("database-unreachable", f"{service.name}: {type(error).__name__}") from None
    try:
        async with transaction(pool):
            pass
        yield pool
    finally:
        await pool.close()


def sentence(refused: Refused) -> str:
    """What HTTP would answer, in English."""
    text = Texts(Service("parked", ())).find(refused.code, "en")
    return refused.code if text is None else f"{text.title}. {text.filled(refused.details)}"
