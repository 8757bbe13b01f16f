"""`parked list` and `parked show`."""

import json
from dataclasses import asdict
from typing import Final
from uuid import UUID

from samverkan.backbone.parking.standing import Standing, read_standing, read_stream
from samverkan.cli.parked.opening import answered, opened, service_named
from samverkan.cli.up.run import Run
from samverkan.cli.up.say import say
from samverkan.deploy.exits import DIFFERENT, OK

ALL_OF_THEM: Final = 1_000_000  # of each store; a line each, so they may be counted and searched


def list_all(service: str | None, *, everything: bool, as_json: bool) -> int:
    """What stands still in every store, or in one. 0: nothing that needs a human."""

    async def work(run: Run) -> int:
        services = list(run.services.values()) if service is None else [service_named(run, service)]
        found: dict[str, Standing] = {}
        for one in services:
            async with opened(one) as pool:
                found[one.name] = await read_standing(pool, everything=everything, limit=ALL_OF_THEM)
        if as_json:
            say(json.dumps({name: asdict(standing) for name, standing in found.items()}, indent=2, default=str))
        else:
            from samverkan.cli.parked.report import print_standing

            print_standing(found)
        return DIFFERENT if any(_needs_a_human(standing) for standing in found.values()) else OK

    return answered(work)


def show_stream(store: str, stream: str, *, as_json: bool) -> int:
    """One stream of one store."""

    async def work(run: Run) -> int:
        async with opened(service_named(run, store)) as pool:
            shown = await read_stream(pool, stream_id_of(stream))
        if as_json:
            say(json.dumps(asdict(shown), indent=2, default=str))
        else:
            from samverkan.cli.parked.report import print_stream

            print_stream(store, stream, shown)
        return OK

    return answered(work)


def stream_id_of(text: str) -> UUID:
    """ValueError: told to the user as it is."""
    try:
        return UUID(text)
    except ValueError:
        raise ValueError(f"{text} is not the id of a stream, such as 0b8ce8f6-8ee8-4d1c-a2a6-5bd0a2c3ad3a.") from None


def _needs_a_human(standing: Standing) -> bool:
    """As `status` counts: what waits is none until it has waited for long, which `status` tells."""
    return (
        any(stream.reason == "parked" for stream in standing.streams)
        or any(record.acknowledged_by is None for record in standing.rejected)
        or any(fork.acknowledged_by is None for fork in standing.forks)
    )
