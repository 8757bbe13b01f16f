"""`samverkan rebuild`: a view folded again from the events of its store, beside the live one, then swapped."""

import asyncio
import sys
from time import monotonic
from typing import Final

from samverkan.backbone.errors import Refused, SamverkanError
from samverkan.backbone.rebuild.rebuild import Progress, Rebuildable, Rebuilt, rebuild
from samverkan.cli.stores import with_view
from samverkan.cli.up.run import NothingRuns, load
from samverkan.cli.up.say import complain, say
from samverkan.deploy.exits import FAILED, INTERRUPTED, NOTHING_RUNS, OK, USAGE

_TELL_SECONDS: Final = 1.0
_REFUSED: Final = {
    "view-unknown": "there is no view {view}; there are {known}.",
    "store-unknown": "there is no store {store}; there are {known}.",
    "rebuild-runs-already": "another rebuild of {view} runs on this store.",
}


def rebuild_view(view: str, store: str | None) -> int:
    """Rebuild it in every store that has it, or in one."""
    try:
        stores = with_view(view, store)
        run = load()
        for one in stores if store else [one for one in stores if one.name in run.services]:
            asyncio.run(_rebuild(one, view, run.service(one.name).dsn))
    except NothingRuns as nothing:
        complain(str(nothing))
        return NOTHING_RUNS
    except Refused as refused:
        complain(_REFUSED[refused.code].format(**refused.details))
        return USAGE
    except SamverkanError as error:
        complain(f"{view} could not be rebuilt, the live one is as it was ({error.code}): {error}")
        return FAILED
    except KeyboardInterrupt:
        complain(f"interrupted: {view} is as it was.")
        return INTERRUPTED
    return OK


async def _rebuild(store: Rebuildable, view: str, dsn: str) -> None:
    told = monotonic()

    def tell(progress: Progress) -> None:
        nonlocal told
        if monotonic() - told >= _TELL_SECONDS:
            told = monotonic()
            pace = progress.events / progress.seconds
            print(
                f"{store.name}: {view}: {_number(progress.events)} events, about {_number(progress.left)} to go, "
                f"{_number(pace)}/s",
                file=sys.stderr,
                flush=True,
            )

    say(_sentence(store.name, await rebuild(dsn, store, view, tell=tell)))


def _sentence(store: str, rebuilt: Rebuilt) -> str:
    begun_anew = "; what an interrupted rebuild had left was dropped" if rebuilt.leftover else ""
    differing = "no row differs" if not rebuilt.differing else f"{_number(rebuilt.differing)} rows differ"
    return (
        f"{store}: {rebuilt.view} rebuilt: {_number(rebuilt.rows)} rows from {_number(rebuilt.events)} events in "
        f"{rebuilt.seconds:.1f} s ({_number(rebuilt.events / rebuilt.seconds)}/s), {differing} from before; "
        f"held for {rebuilt.locked_seconds * 1000:.0f} ms{begun_anew}"
    )


def _number(number: float) -> str:
    return f"{number:,.0f}".replace(",", " ")
