"""`samverkan republish`: a journal to an emptied topic, by the service that owns it."""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Final

from samverkan.backbone.database import Pool, transaction
from samverkan.backbone.errors import Transient
from samverkan.backbone.recovery.asking import RecoveryState, ask_to_compare, hold, let_go, read_recovery
from samverkan.cli.parked.opening import answered, opened, service_named
from samverkan.cli.topics.compare import look, owned
from samverkan.cli.up.run import Run
from samverkan.cli.up.say import complain, say
from samverkan.deploy.exits import DIFFERENT, INTERRUPTED, OK
from samverkan.deploy.topics import recreate_topic
from samverkan.schemas.catalogue import Topic

HOLDER: Final = "samverkan republish"
_NOTICED_SECONDS: Final = 30.0  # a relay that leads looks every second; one that takes over has waited for a lease
_STILL_SECONDS: Final = 120.0  # without progress the command gives up; the service goes on whenever it can
_LOOK_SECONDS: Final = 0.2


def republish(service: str, *, recreate: bool, yes: bool) -> int:
    """Send the log again and wait for it. 0: the topic holds the whole log. 1: refused, or it differs."""

    async def work(run: Run) -> int:
        topic = owned(service)
        if recreate and not yes and not agreed(f"Delete every record of {topic.name}? [y/N] "):
            say("Nothing was deleted.")
            return INTERRUPTED
        async with opened(service_named(run, service)) as pool:
            if recreate:
                await recreated(pool, run, topic)
            return await sent_again(pool, run, topic)

    return answered(work)


def agreed(question: str) -> bool:
    """Whether somebody at a terminal says yes."""
    return sys.stdin.isatty() and input(question).strip().lower() in {"y", "yes", "j", "ja"}


async def recreated(pool: Pool, run: Run, topic: Topic) -> None:
    """An empty topic under the same name, while its owner stands still: nothing new may come before the old.

    Should this command be killed in the middle, the service stays read-only, and running it again goes on.
    """
    async with transaction(pool) as connection:
        await hold(connection, HOLDER)
    await until(pool, lambda state: state.state == "held" or not state.led, _NOTICED_SECONDS)
    say(f"{topic.owner} stands still; deleting {topic.name}")
    await recreate_topic(run.bootstrap, topic)
    say(f"{topic.name} is created anew")


async def sent_again(pool: Pool, run: Run, topic: Topic) -> int:
    """Have it sent, if the topic holds nothing but the beginning of the log."""
    found = await look(run, topic)
    if found.difference is not None or found.ahead:
        complain(
            f"{topic.name} is not empty and holds something else than the log of {topic.owner} "
            f"({found.difference or f'{found.ahead} events that the log lacks'}): nothing was sent."
        )
        return DIFFERENT
    if not found.missing and found.log:
        say(f"{topic.name} holds the whole log already, {found.log} events; nothing is sent.")
    elif found.missing:
        say(f"{topic.name} lacks {found.missing} of {found.log} events; {topic.owner} sends them")
    async with transaction(pool) as connection:
        await let_go(connection)
        asked = await ask_to_compare(connection)
    state = await watched(pool, asked)
    if state.state == "stopped":
        complain(f"{topic.owner} stopped: {state.code}: {state.detail}")
        return DIFFERENT
    found = await look(run, topic)
    if not found.agrees:
        complain(f"{topic.name} still differs from the log: {found}")
        return DIFFERENT
    say(f"{topic.name} holds the whole log of {topic.owner}: {found.log} events")
    return OK


async def watched(pool: Pool, asked: datetime) -> RecoveryState:
    """The state once a comparison that began after `asked` has come to an end; progress is told meanwhile.

    Transient: nothing moved for two minutes.
    """
    loop = asyncio.get_running_loop()
    told, moved = -1, loop.time()
    while True:
        async with transaction(pool) as connection:
            state = await read_recovery(connection)
        if state.state == "stopped" and state.since > asked:
            return state
        if state.open and state.compared_at is not None and state.compared_at > asked:
            return state
        if state.state == "republishing" and state.done != told:
            told, moved = state.done, loop.time()
            say(f"  {state.done} of {state.of}")
        if loop.time() - moved > _STILL_SECONDS:
            led = "" if state.led else "; no process of the service leads"
            raise Transient("republish-stands-still", f"{state.sentence() or state.state}{led}")
        await asyncio.sleep(_LOOK_SECONDS)


async def until(pool: Pool, holds: Callable[[RecoveryState], bool], seconds: float) -> None:
    """Wait until the state is as asked. Transient: not within that time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        async with transaction(pool) as connection:
            state = await read_recovery(connection)
        if holds(state):
            return
        if asyncio.get_running_loop().time() > deadline:
            raise Transient("service-does-not-stand-still", state.state)
        await asyncio.sleep(_LOOK_SECONDS)
