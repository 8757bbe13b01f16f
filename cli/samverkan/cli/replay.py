"""`samverkan replay`: an agency's store folded anew from the topics, beside the live one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from samverkan.agency.views import views_for
from samverkan.backbone.clock import STOCKHOLM, start_of_day
from samverkan.backbone.errors import SamverkanError
from samverkan.backbone.replay.snapshot import read_snapshot
from samverkan.backbone.replay.verify import Comparison, Store, compare_as_of, compare_now
from samverkan.backbone.subscription.reacting import Reader
from samverkan.cli.replay_report import as_json, print_view, sentence
from samverkan.cli.topics.reading import read_telling
from samverkan.cli.up.run import NothingRuns, Run, load
from samverkan.cli.up.say import complain, say
from samverkan.deploy.exits import DIFFERENT, FAILED, NOTHING_RUNS, OK, USAGE
from samverkan.schemas.catalogue import AGENCIES, MAY_SEE, Agency, topics_for


@dataclass(frozen=True)
class Live:
    """A live store: whose, and where."""

    store: Store
    dsn: str


def replay(agencies: Sequence[str], *, as_of: str | None, json: bool, show_values: bool) -> int:
    """Replay these agencies' stores; 0 only if all are equal and nothing is wrong with the topics."""
    known = {agency.code: agency for agency in AGENCIES}
    if unknown := [code for code in agencies if code not in known]:
        complain(f"there is no agency {unknown[0]}; there are {', '.join(known)}.")
        return USAGE
    try:
        instant = None if as_of is None else instant_of(as_of)
        run = load()
        comparisons = asyncio.run(compare([_live(known[code], run) for code in agencies], run.bootstrap, instant))
    except NothingRuns as nothing:
        complain(str(nothing))
        return NOTHING_RUNS
    except NotAnInstant as wrong:
        complain(str(wrong))
        return USAGE
    except SamverkanError as error:
        complain(_failed(error))
        return FAILED
    if json:
        say(as_json(comparisons, instant, show_values=show_values))
    for comparison in comparisons if not json else ():
        if instant is not None:
            print_view(comparison, instant, show_values=show_values)
        say(sentence(comparison, show_values=show_values))
    return _code(comparisons)


def compare_all(run: Run) -> int:
    """Compare every agency's store of this run, a line each; 0 only if all are equal."""
    try:
        comparisons = asyncio.run(
            compare(
                [_live(agency, run) for agency in AGENCIES if f"agency.{agency.code}" in run.services], run.bootstrap
            )
        )
    except SamverkanError as error:
        complain(_failed(error))
        return FAILED
    for comparison in comparisons:
        say(sentence(comparison, show_values=False))
    return _code(comparisons)


async def compare(lives: Sequence[Live], bootstrap: str, instant: datetime | None = None) -> list[Comparison]:
    """Snapshots first, then the topics, which are then at least as far as any store. Reads only."""
    snapshots = [await read_snapshot(live.dsn, live.store.views) for live in lives]
    topics = {topic.name: topic for live in lives for topic in live.store.reader.topics.values()}
    history = await read_telling(bootstrap, list(topics.values()))
    return [
        compare_now(history, snapshot, live.store)
        if instant is None
        else compare_as_of(history, snapshot, live.store, instant)
        for live, snapshot in zip(lives, snapshots, strict=True)
    ]


def agency_store(agency: Agency) -> Store:
    """What this agency's process subscribes to, may read, and folds."""
    name = f"agency.{agency.code}"
    topics = {topic.name: topic for topic in topics_for(name)}
    return Store(name, Reader(topics, MAY_SEE[agency.role], {}), views_for(agency.role))


class NotAnInstant(ValueError):
    """Told to the user as it is."""


def instant_of(text: str) -> datetime:
    """An ISO instant, Swedish time if it names no zone; a day alone means its end in Sweden."""
    try:
        if len(text) == len("2026-03-02"):
            return start_of_day(date.fromisoformat(text) + timedelta(days=1)) - timedelta(microseconds=1)
        instant = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise NotAnInstant(
            f"{text} is neither a day (2026-03-02) nor an instant (2026-03-02T09:30:00+01:00)."
        ) from None
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=STOCKHOLM)


def _live(agency: Agency, run: Run) -> Live:
    store = agency_store(agency)
    return Live(store, run.service(store.name).dsn)


def _failed(error: SamverkanError) -> str:
    return f"the replay could not be made ({error.code}): {error}"


def _code(comparisons: Sequence[Comparison]) -> int:
    return OK if all(comparison.equal for comparison in comparisons) else DIFFERENT
