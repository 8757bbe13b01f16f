"""From a command to events: decide and append in one transaction, with the views and the stored reply."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from samverkan.backbone.command import BlindIndex, Context, Executed, IdempotencyKey
from samverkan.backbone.database import Pool, transaction
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Transient
from samverkan.backbone.journal.deciding import Decided, Decider, Outcome, Request
from samverkan.backbone.journal.grouping import Groups
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.journal.states import States
from samverkan.backbone.recovery.gate import Gate, OpenGate
from samverkan.backbone.view_table import ViewTables

ATTEMPTS: Final = 5  # a deadlock or a lost connection is rare; five in a row is an outage that the caller should see


class JournalCommands:
    """`Commands` of a service that owns a topic."""

    def __init__(
        self,
        pool: Pool,
        journal: Journal,
        states: States,
        views: ViewTables,
        *,
        on_commit: Callable[[], None],
        gate: Gate | None = None,
    ) -> None:
        """`gate`: in which database may be decided (W2); without one in any."""
        self._pool = pool
        self._states = states
        self._decider = Decider(journal, states, views)
        self._on_commit = on_commit
        self._gate = gate or OpenGate()
        self._groups = Groups(self._carry_out)

    async def execute(
        self,
        order: Order,
        context: Context,
        *,
        expected_version: int | None = None,
        idempotency: IdempotencyKey | None = None,
        blind_index: BlindIndex | None = None,
    ) -> Executed:
        """See `runtime.Commands.execute`."""
        self._gate.refuse_closed()
        return await self._groups.submit(Request(order, context, expected_version, idempotency, blind_index))

    async def execute_together(
        self,
        orders: Sequence[Order],
        context: Context,
        *,
        expected_version: int | None = None,
        idempotency: IdempotencyKey | None = None,
    ) -> Sequence[Executed]:
        """See `runtime.Commands.execute_together`."""
        self._gate.refuse_closed()
        first, *others = orders
        requests = [Request(first, context, expected_version, idempotency), *(Request(one, context) for one in others)]
        for attempt in range(1, ATTEMPTS + 1):
            look_back = attempt > 1 or self._gate.taken_back
            try:
                decided = await self._transaction(requests, look_back=look_back, whole=True)
            except Transient:
                if attempt == ATTEMPTS or self._gate.reason is not None:
                    raise
                await asyncio.sleep(0.01 * 2**attempt)
            else:
                return [outcome for one in requests if isinstance(outcome := decided.outcomes.get(one), Executed)]
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _carry_out(self, requests: Sequence[Request]) -> list[Outcome | BaseException]:
        """All of them in one transaction; when that fails, each by itself, so that it fails for its own reasons."""
        together, look_back = Decided(), False
        if len(requests) > 1:
            try:
                together = await self._transaction(requests, look_back=self._gate.taken_back)
            except Exception as error:  # noqa: BLE001 - nothing was written; whose error it is shows next
                look_back = isinstance(error, Transient)  # or everything was, and nobody was told

        async def outcome(request: Request) -> Outcome:
            found = together.outcomes.get(request)
            if found is None or isinstance(found, Transient):
                return await self._alone(request, look_back=look_back)
            return found

        return [*await asyncio.gather(*map(outcome, requests), return_exceptions=True)]

    async def _alone(self, request: Request, *, look_back: bool) -> Outcome:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                decided = await self._transaction(
                    [request], look_back=look_back or attempt > 1 or self._gate.taken_back
                )
                outcome = decided.outcomes[request]
                if isinstance(outcome, Transient):
                    raise outcome
            except Transient:
                if attempt == ATTEMPTS or self._gate.reason is not None:
                    raise
                await asyncio.sleep(0.01 * 2**attempt)
            else:
                return outcome
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _transaction(self, requests: Sequence[Request], *, look_back: bool, whole: bool = False) -> Decided:
        """`whole`: the first request that is not carried out is raised, and nothing of any is written."""
        generation = self._states.generation
        try:
            async with transaction(self._pool) as connection:
                self._gate.admit(connection)
                decided = await self._decider.decide(connection, requests, look_back=look_back, whole=whole)
                for outcome in decided.outcomes.values() if whole else ():
                    if not isinstance(outcome, Executed):
                        raise outcome
                if not decided.written:
                    raise _NothingWritten(decided)
        except _NothingWritten as nothing:
            return nothing.decided
        for stream_id, (version, state) in decided.states.items():
            self._states.remember(stream_id, version, state, generation)
        if any(isinstance(outcome, Executed) and outcome.event_types for outcome in decided.outcomes.values()):
            self._on_commit()
        return decided


class _NothingWritten(Exception):
    """Ends a transaction that has nothing to commit."""

    def __init__(self, decided: Decided) -> None:
        super().__init__()
        self.decided = decided
