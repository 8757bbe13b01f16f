"""Commands that wait while a transaction is under way go into the next one together.

Nine round trips, and as many changes between two processes, are what a command costs a machine with two cores: alone
two hundred a second, thirty-two in one transaction six times as many (2026-11, docs/performance). PostgreSQL's own
grouping of commits brings nothing there. Nobody waits for company: who finds no transaction under way goes alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from uuid import UUID

from samverkan.backbone.command import Executed
from samverkan.backbone.journal.deciding import Outcome, Request

LANES: Final = 2  # transactions at once: one that waits for a row does not hold up commands on other streams
MEMBERS_MAX: Final = 32  # more saves little, and whoever wants one of these streams waits for all

CarryOut = Callable[[Sequence[Request]], Awaitable[Sequence[Outcome | BaseException]]]


class Groups:
    """Puts requests together so that no two of a group, or of two groups under way, are about one stream or one key,
    or rest on one row."""

    def __init__(self, carry_out: CarryOut) -> None:
        self._carry_out = carry_out
        self._waiting: dict[Request, asyncio.Future[Executed]] = {}
        self._busy: set[UUID | str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def submit(self, request: Request) -> Executed:
        """Carry the request out with whoever else waits. Raises its refusal, or what carrying it out raised.

        A caller that is cancelled while it waits withdraws the request; later its outcome is unknown to it.
        """
        future: asyncio.Future[Executed] = asyncio.get_running_loop().create_future()
        self._waiting[request] = future
        self._begin()
        try:
            return await future
        finally:
            self._waiting.pop(request, None)

    def _begin(self) -> None:
        while len(self._tasks) < LANES and (group := self._next_group()):
            task = asyncio.create_task(self._run(group))
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    def _next_group(self) -> dict[Request, asyncio.Future[Executed]]:
        """The longest waiting requests that may go now. One with a blind index goes alone: its stream is not known."""
        group: dict[Request, asyncio.Future[Executed]] = {}
        taken = set(self._busy)
        for request, future in self._waiting.items():
            marks = _marks(request)
            if future.done() or not marks.isdisjoint(taken):
                continue
            if request.blind_index is not None and group:
                continue
            group[request] = future
            taken |= marks
            if request.blind_index is not None or len(group) == MEMBERS_MAX:
                break
        for request in group:
            del self._waiting[request]
            self._busy |= _marks(request)
        return group

    async def _run(self, group: dict[Request, asyncio.Future[Executed]]) -> None:
        try:
            outcomes: Sequence[Outcome | BaseException] = await self._carry_out(list(group))
        except BaseException as error:  # a stop, or a mistake of ours: nobody may wait for ever
            outcomes = [error] * len(group)
            if not isinstance(error, Exception):
                raise
        finally:
            for request in group:
                self._busy -= _marks(request)
            for future, outcome in zip(group.values(), outcomes, strict=True):
                if future.done():
                    continue  # nobody waits for it any more
                if isinstance(outcome, BaseException):
                    future.set_exception(outcome)
                else:
                    future.set_result(outcome)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._begin()


def _marks(request: Request) -> set[UUID | str]:
    """What no other request may be about at the same time."""
    key = set() if request.idempotency is None else {request.idempotency.key}
    unchanged = request.context.unchanged
    row = set() if unchanged is None else {f"{unchanged.view.table}/{unchanged.key}"}
    return {request.order.stream_id, *key, *row}
