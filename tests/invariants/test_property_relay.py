"""J2, R1 – R3: whenever transactions end, sends fail and relays die, the log is dense, every stream's order holds,
nothing committed is lost, and a repeat is the same bytes.

Hypothesis draws what happens, step by step; the model is what was committed.
"""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from our_journal import OurJournal, OurRelay, our_journal
from samverkan.backbone.testing.conformance.journal import Broker, ChangedMind, Fate
from samverkan.backbone.testing.conformance.published import all_arrived, is_whole
from scale import explored
from world import World

OPEN_MAX = 6  # transactions at once; each has a connection

numbers = st.integers(0, 3)
_APPEND = st.tuples(st.just("append"), numbers)
_OPEN = st.tuples(st.just("open"), st.sets(numbers, min_size=1, max_size=3))
_COMMIT = st.tuples(st.just("commit"), numbers)
_WAIT = st.tuples(st.just("wait"), st.sampled_from([0.0, 0.005, 0.03, 0.06]))  # a relay looks every 50 ms
# What matters happens between the others: so these come more often than the rest.
steps = st.one_of(
    *[_APPEND, _OPEN, _COMMIT, _WAIT] * 3,
    st.tuples(st.just("roll back"), numbers),
    st.tuples(st.just("fates"), st.lists(st.sampled_from([Fate.LOST, Fate.UNHEARD]), min_size=1, max_size=2)),
    st.tuples(st.just("hold"), st.none()),
    st.tuples(st.just("release"), st.none()),
    st.tuples(st.just("start"), st.none()),
    st.tuples(st.just("die"), numbers),
)


class History:
    """Takes the steps, and knows what must be there in the end."""

    def __init__(self, journal: OurJournal, case: int) -> None:
        self.journal = journal
        self.streams = [uuid5(UUID(int=case), str(number)) for number in range(4)]
        self.broker = Broker()
        self.committed = Counter[UUID]()
        self.relays: list[OurRelay] = []
        self.open: list[tuple[asyncio.Task[None], asyncio.Future[bool]]] = []
        self.appends: list[asyncio.Task[None]] = []

    async def take(self, step: tuple[str, Any]) -> None:
        """One step. What makes no sense now does nothing."""
        match step:
            case "append", number:
                self.appends.append(asyncio.create_task(self._append(self.streams[number])))
            case "open", chosen if len(self.open) < OPEN_MAX:
                ending = asyncio.get_running_loop().create_future()
                self.open.append((asyncio.create_task(self._opened([self.streams[n] for n in chosen], ending)), ending))
            case ("commit" | "roll back") as how, number if self.open:
                task, ending = self.open.pop(number % len(self.open))
                ending.set_result(how == "commit")
                self.appends.append(task)
            case "fates", fates:
                self.broker.fates.extend(fates)
            case "hold", _:
                self.broker.hold()
            case "release", _:
                self.broker.release()
            case "start", _ if len(self.relays) < 3:
                self.relays.append(self.journal.relay(self.broker))
                self.relays[-1].start()
            case "die", number if self.relays:
                await self.relays.pop(number % len(self.relays)).die()
            case "wait", seconds:
                await asyncio.sleep(seconds)

    async def end(self) -> None:
        """Everything comes to rest, with one relay that lives."""
        for _, ending in self.open:
            ending.set_result(True)
        await asyncio.gather(*(task for task, _ in self.open), *self.appends)
        self.broker.release()
        self.broker.fates.clear()
        if not self.relays:
            await self.take(("start", None))
        assert await self.journal.versions() == dict(self.committed)
        await all_arrived(self.journal, self.broker)
        for relay in self.relays:
            await relay.drain()
        await is_whole(self.journal, self.broker)

    async def _append(self, stream: UUID) -> None:
        await self.journal.append(stream)
        self.committed[stream] += 1

    async def _opened(self, streams: list[UUID], ending: "asyncio.Future[bool]") -> None:
        async with self.journal.opened(streams):
            if not await ending:
                raise ChangedMind
        if ending.result():
            self.committed.update(streams)


@pytest.fixture
def runner() -> Any:
    """One event loop for all examples."""
    with asyncio.Runner() as made:
        yield made


def test_j2_r1_r2_r3_whatever_ends_fails_or_dies_the_log_and_the_topic_are_whole(
    world: World, runner: asyncio.Runner
) -> None:
    stack = AsyncExitStack()
    journal = runner.run(stack.enter_async_context(our_journal(world)))

    @explored(12)
    @given(st.lists(steps, min_size=25, max_size=60))
    def check(taken: list[tuple[str, Any]]) -> None:
        runner.run(play(journal, taken))

    try:
        check()
    finally:
        runner.run(stack.aclose())


async def play(journal: OurJournal, taken: list[tuple[str, Any]]) -> None:
    """Take the steps on an empty journal."""
    await journal.empty()
    history = History(journal, 1)
    try:
        await history.take(("start", None))
        for step in taken:
            await history.take(step)
        await history.end()
    finally:
        for task, ending in history.open:
            if not ending.done():
                ending.set_result(False)
            await asyncio.gather(task, return_exceptions=True)
        await asyncio.gather(*(relay.die() for relay in history.relays))
