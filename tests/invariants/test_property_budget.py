"""Whatever commands on one budget run at the same time, in as many processes as there are: what is committed never
exceeds what is adopted, nothing is paid beyond its commitment, and the ledger makes zero after every event.

It holds because a budget is one stream: the writer of version v+1 has seen v (J1). Here on the real journal; the rules
alone are explored in services/funding/.../budget/test_ledger.py.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import INSTANT
from samverkan.backbone.command import Context, Executed
from samverkan.backbone.database import Pool, transaction
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Refused, Transient
from samverkan.backbone.journal.journal import Journal
from samverkan.funding.budget.budget import Command
from samverkan.funding.budget.committing import AttestCommitment, AttestRelease, PrepareCommitment, PrepareRelease
from samverkan.funding.budget.examples import ADOPT, ADOPTED, AGREED, ANNA, BO, BUDGET, BUDGET_ID, REGION
from samverkan.funding.budget.paying import AttestPayment, PreparePayment
from samverkan.funding.budget.planning import AttestLowering, PrepareLowering
from samverkan.schemas.budget import CommitmentMade
from samverkan.schemas.catalogue import FUNDING
from scale import explored
from world import World, Writer

DAY = ADOPT.adopted_on
PROCESSES = 3
ids = st.integers(0, 5).map(lambda number: UUID(int=number + 1))
vouchers = st.integers(0, 3).map("V-{}".format)
millions = st.integers(1, 5).map(lambda number: Decimal(number * 1_000_000))

asked = st.one_of(
    st.builds(lambda one, amount: PrepareCommitment(one, one, amount, 10, amount, ANNA, DAY), ids, millions),
    st.builds(AttestCommitment, ids, st.just(BO), st.just(DAY), st.just(AGREED)),
    st.builds(AttestCommitment, ids, st.just(BO), st.just(DAY), st.just(AGREED)),
    st.builds(PrepareRelease, ids, millions, st.just(ANNA), st.just(DAY)),
    st.builds(AttestRelease, ids, st.just(BO), st.just(DAY)),
    st.builds(PreparePayment, vouchers, ids, millions, st.just(ANNA), st.just(DAY)),
    st.builds(AttestPayment, vouchers, st.just(BO), st.just(DAY)),
    st.builds(PrepareLowering, st.just(REGION), millions, st.just(ANNA), st.just(DAY)),
    st.builds(AttestLowering, st.just(BO), st.just(DAY)),
)


@pytest.fixture
def runner() -> Any:
    """One event loop for all examples."""
    with asyncio.Runner() as made:
        yield made


class Processes:
    """Several processes of funding in one database: each has its own cache of states."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.writers = [Writer(pool, FUNDING) for _ in range(PROCESSES)]

    async def adopted(self) -> "Processes":
        """An empty journal with an adopted budget of 8 M, known to every process."""
        await self.pool.execute("truncate journal, unsequenced, stream, reply, tally cascade")
        await self.writers[0].ready()
        for command in ADOPTED:
            await self.ask(0, command)
        return self

    async def ask(self, process: int, command: Command) -> Executed | Exception:
        """One command; a refusal comes back as a value."""
        context = Context(now=INSTANT, command_id=uuid4())
        try:
            return await self.writers[process].commands.execute(Order(BUDGET, BUDGET_ID, command), context)
        except (Refused, Transient) as error:
            return error

    async def at_once(self, commands: Sequence[Command]) -> list[Executed | Exception]:
        """All of them at the same time, spread over the processes."""
        return list(await asyncio.gather(*(self.ask(n % PROCESSES, one) for n, one in enumerate(commands))))

    async def events(self) -> list[Any]:
        """The budget's whole stream, as the journal holds it."""
        async with transaction(self.pool) as connection:
            rows = await Journal(FUNDING).read_rows(connection, {BUDGET_ID: 0})
        return [Journal.recorded(row).event for row in rows[BUDGET_ID]]


async def test_of_fifty_commitments_at_once_exactly_as_many_are_made_as_the_budget_holds(world: World) -> None:
    async with world.store() as pool:
        processes = await Processes(pool).adopted()
        million, many = Decimal(1_000_000), [UUID(int=number) for number in range(1, 51)]
        prepared = await processes.at_once(
            [PrepareCommitment(one, one, million, 10, million, ANNA, DAY) for one in many]
        )
        assert all(isinstance(answer, Executed) for answer in prepared)
        attested = await processes.at_once([AttestCommitment(one, BO, DAY, AGREED) for one in many])
        assert sum(isinstance(answer, Executed) for answer in attested) == 8
        assert {str(answer) for answer in attested if isinstance(answer, Refused)} == {"budget-exceeded"}
        made = [event for event in await processes.events() if isinstance(event, CommitmentMade)]
        assert sum(event.amount for event in made) == Decimal(8_000_000)


def test_no_interleaving_of_concurrent_commands_overspends(world: World, runner: asyncio.Runner) -> None:
    stack = AsyncExitStack()
    pool = runner.run(stack.enter_async_context(world.store()))

    @explored(30)
    @given(st.lists(st.lists(asked, min_size=2, max_size=12), min_size=1, max_size=4))
    def check(rounds: list[list[Command]]) -> None:
        runner.run(play(pool, rounds))

    try:
        check()
    finally:
        runner.run(stack.aclose())


async def play(pool: Pool, rounds: Sequence[Sequence[Command]]) -> None:
    """Ask all of a round at once, one round after the other; then look at every state that the budget was in."""
    processes = await Processes(pool).adopted()
    answered = 0
    for commands in rounds:
        answers = await processes.at_once(commands)
        answered += sum(len(answer.event_types) for answer in answers if isinstance(answer, Executed))
    events = await processes.events()
    assert len(events) == len(ADOPTED) + answered, "each event was answered, and each answer is an event"
    budget, balances = BUDGET.initial, Counter[str]()
    for event in events:
        budget = BUDGET.evolve(budget, event)
        for account, amount in getattr(event, "posted", {}).items():
            balances[account] += amount
        assert budget.committed <= budget.total, f"overspent by {type(event).__name__}"
        assert all(one.spent <= one.amount for one in budget.commitments.values())
        assert sum(balances.values()) == 0
