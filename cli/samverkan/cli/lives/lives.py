"""`samverkan lives`: many whole lives at once on a system of their own, and then whether everything agrees.

It is the answer to "does it still hold with many?": every store must be the fold of the topics, all stores must keep
the same events, and every krona must be what a second, simpler computation says.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from time import monotonic
from typing import Final

import asyncpg
import httpx

from samverkan.backbone.database import Connection
from samverkan.cli.calls import client
from samverkan.cli.chaos.caller import Caller
from samverkan.cli.chaos.history import History
from samverkan.cli.chaos.treasury import Treasury
from samverkan.cli.lives.life import Life, lives
from samverkan.cli.lives.living import Count, Living, WentWrong
from samverkan.cli.lives.referring import Referring
from samverkan.cli.replay import compare_all
from samverkan.cli.system import System
from samverkan.cli.up.run import AlreadyRuns, Run
from samverkan.cli.up.say import complain, progress, say
from samverkan.deploy.exits import ALREADY_RUNS, DIFFERENT, OK
from samverkan.deploy.home import home

_SAY_SECONDS: Final = 10.0
_STILL_SECONDS: Final = 2.0
_WRONG_SHOWN: Final = 5
_WRONG_AT_MOST: Final = 20  # then it is a fault of all of them, and the rest would only repeat it
_PATIENCE_SECONDS: Final = 300.0  # so long may nothing at all move, though not every store has everything
_REACHED: Final = "select coalesce(sum(next_offset), 0) from subscription_offset"
_QUEUED: Final = "select count(*) from notification where state = 'queued'"
_SUMS: Final = {
    "credited": "select coalesce(sum(credited), 0) from shared_case where case_id = any($1)",
    "forfeited": "select coalesce(sum(forfeited), 0) from shared_case where case_id = any($1)",
}


@dataclass(frozen=True)
class Outcome:
    """What came of it. `seconds`: until the last store had applied the last event."""

    cases: int
    commands: int
    events: int
    seconds: float
    wrong: tuple[str, ...]


def run_lives(count: int, *, seed: int, workers: int, folder: Path | None = None) -> int:
    """Live them on a system that is made for it and ends with it. 0 only if everything agrees."""
    try:
        return _run_on(folder or home() / "lives", count, seed, workers)
    except AlreadyRuns:
        complain("Other lives are being lived there; wait for their end, or end them.")
        return ALREADY_RUNS


def _run_on(folder: Path, count: int, seed: int, workers: int) -> int:
    with _system(folder) as system:
        outcome = asyncio.run(live_all(system.run, list(lives(seed, count)), workers, seed))
        say(
            f"{outcome.cases} lives, {outcome.commands} commands, {outcome.events} events in {outcome.seconds:.0f} s: "
            f"{outcome.events / outcome.seconds:.0f} events/s into five stores"
        )
        for wrong in outcome.wrong[:_WRONG_SHOWN]:
            complain(wrong)
        if len(outcome.wrong) > _WRONG_SHOWN:
            complain(f"and {len(outcome.wrong) - _WRONG_SHOWN} more")
        same = compare_all(system.run)
        return OK if not outcome.wrong and same == OK else DIFFERENT


async def live_all(run: Run, planned: list[Life], workers: int, seed: int = 1) -> Outcome:
    """Live them, so many at a time, while all fight for a budget; look at every store once all is applied."""
    began, done = monotonic(), Count()
    urls = {name: service.url for name, service in run.services.items()}
    waiting = iter(planned)
    async with client() as http, Referring(run.service("intake").dsn, _key(run)) as referring:
        telling = asyncio.create_task(_tell(done, len(planned)))
        try:
            async with _treasurers(http, urls, seed):
                await asyncio.gather(*(_work(urls, referring, done, waiting) for _ in range(workers)))
        finally:
            telling.cancel()
    events, seconds, wrong = await _settle(run, began)
    wrong += [one async for one in _kronor(run, planned)]
    wrong += [one async for one in _ledger(run, planned)]
    wrong += [one async for one in _finsam(run)]
    return Outcome(len(planned), done.commands, events, seconds, (*done.wrong, *wrong))


async def _work(urls: Mapping[str, str], referring: Referring, done: Count, waiting: Iterator[Life]) -> None:
    # A client of its own: one pool for all looks through every connection at every request.
    async with client(connections=len(urls)) as http:
        living = Living(http, urls, referring, done)
        for life in waiting:
            if len(done.wrong) > _WRONG_AT_MOST:
                return
            try:
                await living.live(life)
            except WentWrong as wrong:
                done.wrong.append(str(wrong))


@asynccontextmanager
async def _treasurers(http: httpx.AsyncClient, urls: Mapping[str, str], seed: int) -> AsyncIterator[None]:
    """Three who bind one Finsam budget at the same time, far beyond what it has, for as long as lives are lived."""
    stopping = asyncio.Event()
    treasury = Treasury("lives", stopping.is_set)
    callers = [
        Caller(http, urls, History(Path(os.devnull)), f"lives-{seed}-{number}", lambda: False) for number in range(3)
    ]
    await treasury.open(callers[0])
    binding = [asyncio.create_task(treasury.commit(one, Random(number))) for number, one in enumerate(callers)]
    try:
        yield
    finally:
        stopping.set()
        await asyncio.gather(*binding)


async def _tell(done: Count, planned: int) -> None:
    while True:
        await asyncio.sleep(_SAY_SECONDS)
        waits = done.waiting or "nothing waits"
        progress(f"{done.ended} of {planned} lives, {done.commands} commands, {len(done.wrong)} went wrong ({waits})")
        done.waiting = ""


async def _settle(run: Run, began: float) -> tuple[int, float, list[str]]:
    """How many events each store keeps once no more come, when that was, and what disagrees.

    Mails leave one after the other, and each is an event: the last ones come long after the last life.
    """
    stores = {name: service.dsn for name, service in run.services.items() if name.startswith("agency.")}
    before: dict[str, int] = {}
    moved = told = monotonic()
    while monotonic() - moved < _PATIENCE_SECONDS:
        reached = {name: await _number(dsn, _REACHED) for name, dsn in stores.items()}
        if reached == before and len(set(reached.values())) == 1:
            break
        if reached != before:
            moved = monotonic()
        if monotonic() - told >= _SAY_SECONDS:
            told = monotonic()
            waiting = await _number(run.service("notify").dsn, _QUEUED)
            progress(f"all lives are lived; {waiting} notifications wait, {min(reached.values())} records are applied")
        before = reached
        await asyncio.sleep(_STILL_SECONDS)
    kept = {name: await _number(dsn, "select count(*) from kept_event") for name, dsn in stores.items()}
    same = len(set(kept.values())) == 1
    wrong = [] if same else [f"the stores keep different numbers of events: {kept}"]
    return max(kept.values()), moved - began, wrong


async def _kronor(run: Run, planned: list[Life]) -> AsyncIterator[str]:
    """Whether each agency that sees money has been told of every krona that the plan says."""
    wanted = {
        "credited": sum((life.credited for life in planned), Decimal(0)),
        "forfeited": sum((life.forfeited for life in planned), Decimal(0)),
    }
    for name in ("agency.kommun", "agency.af", "agency.fk"):
        for column, amount in wanted.items():
            found = await _number(run.service(name).dsn, _SUMS[column], [life.case_id for life in planned])
            if found != amount:
                yield f"{name}: {column} {found} in all, not {amount}"


async def _ledger(run: Run, planned: list[Life]) -> AsyncIterator[str]:
    """Whether the ledger of compensations has every krona where the plan has it, which also sums to 0."""
    credited = sum((life.credited for life in planned), Decimal(0))
    back = sum((life.overpaid for life in planned), Decimal(0))
    wanted = {"support": credited - back, "employer": 0, "tax-account": -credited, "receivable": 0, "bank": back}
    query = "select account, sum(amount) from compensation_entry where case_id = any($1) group by account"
    async with _reading(run.service("funding").dsn) as connection:
        rows = await connection.fetch(query, [life.case_id for life in planned])
    found = {row["account"]: row["sum"] for row in rows}
    for account in sorted(wanted.keys() | found.keys()):
        if found.get(account, 0) != wanted.get(account, 0):
            yield f"funding: the account {account} has {found.get(account, 0)}, not {wanted.get(account, 0)}"


async def _finsam(run: Run) -> AsyncIterator[str]:
    """Whether a budget is overdrawn, and whether the ledger balances."""
    dsn = run.service("funding").dsn
    if not await _number(dsn, "select count(*) from finsam_budget where committed > 0"):
        yield "funding: nothing was committed, so nothing could be too much"
    if overdrawn := await _number(dsn, "select count(*) from finsam_budget where committed > total"):
        yield f"funding: {overdrawn} budgets are overdrawn"
    if sum_ := await _number(dsn, "select coalesce(sum(amount), 0) from finsam_ledger"):
        yield f"funding: the ledger of budgets does not balance: {sum_}"


async def _number(dsn: str, query: str, *values: object) -> int:
    async with _reading(dsn) as connection:
        number: int = await connection.fetchval(query, *values)
        return number


@asynccontextmanager
async def _reading(dsn: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


def _key(run: Run) -> Path:
    return Path(run.data) / "secrets" / "blind-index.key"


@contextmanager
def _system(folder: Path) -> Iterator[System]:
    from samverkan.cli.up.up import start_afresh

    start_afresh(folder)
    progress("a system of its own starts")
    with System(folder) as system:
        yield system
