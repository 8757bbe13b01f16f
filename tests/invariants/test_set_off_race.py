"""Whatever sets off at the same time, in as many processes as there are: one recovery is never taken twice, nothing is
withheld that settles nothing, and every step may be repeated (docs/decisions/0013).

It holds because each side's money is one stream: the writer of version v+1 has seen v (J1). Here on the real journal;
the rules alone are explored in services/funding/.../test_money.py.
"""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from records import INSTANT
from samverkan.backbone.command import Context
from samverkan.backbone.database import Pool, transaction
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Refused, Transient
from samverkan.backbone.journal.journal import Journal
from samverkan.funding.compensation.compensation import compensation_under
from samverkan.funding.compensation.examples import APPLY, APPROVE, CHECK, CONDITIONS, EMPLOYER, MARCH, RULES
from samverkan.funding.compensation.set_off import (
    CompleteSetOff,
    ReleaseSetOff,
    ReserveSetOff,
    Source,
    WithholdCredit,
)
from samverkan.funding.compensation.table import (
    ANSWER,
    CLAIM,
    CORRECT,
    CORRECTED,
    CREDIT,
    ENDED,
    HALF,
    HEAR,
    RECOVER,
    RECOVERED,
)
from samverkan.schemas.catalogue import FUNDING
from samverkan.schemas.recovery import CreditWithheld, SetOffReserved, WithholdingDeclined
from world import World, Writer

PROCESSES, CREDITS = 3, 12
COMPENSATION = compensation_under(RULES, CONDITIONS)
RECOVERY = UUID(int=1000)
LATER = [UUID(int=1001 + number) for number in range(CREDITS)]
GRANT = (APPLY, CHECK, APPROVE)


class Processes:
    """Several processes of funding in one database: each has its own cache of states."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.writers = [Writer(pool, FUNDING) for _ in range(PROCESSES)]

    async def ask(self, process: int, stream: UUID, command: object) -> None:
        """One command; a refusal is an outcome."""
        context = Context(now=INSTANT, command_id=uuid4())
        try:
            await self.writers[process].commands.execute(Order(COMPENSATION, stream, command), context)
        except (Refused, Transient):
            return

    async def at_once(self, commands: Sequence[tuple[UUID, object]]) -> None:
        """All of them at the same time, each in every process: two of three are late repetitions."""
        await asyncio.gather(
            *(self.ask(process, stream, one) for stream, one in commands for process in range(PROCESSES))
        )

    async def events(self, stream: UUID) -> list[Any]:
        """A whole stream, as the journal holds it."""
        async with transaction(self.pool) as connection:
            rows = await Journal(FUNDING).read_rows(connection, {stream: 0})
        return [Journal.recorded(row).event for row in rows[stream]]


async def test_credits_that_race_for_one_recovery_take_exactly_what_is_owed(world: World) -> None:
    async with world.store() as pool:
        processes = Processes(pool)
        await processes.writers[0].ready()
        for command in (*GRANT, CLAIM, CREDIT, ENDED, CORRECT, CORRECTED, HEAR, ANSWER, RECOVER, RECOVERED):
            await processes.ask(0, RECOVERY, command)
        for stream in LATER:
            for command in (*GRANT, CLAIM):
                await processes.ask(0, stream, command)

        asked = [ReserveSetOff(RECOVERY, MARCH, Source(one, MARCH, EMPLOYER), Decimal(4000)) for one in LATER]
        await processes.at_once([(RECOVERY, command) for command in asked])
        reserved = [event for event in await processes.events(RECOVERY) if isinstance(event, SetOffReserved)]
        assert sum(event.economy.amount for event in reserved if event.economy) == HALF

        withhold = [
            (one.from_compensation, WithholdCredit(one.set_off_id, MARCH, RECOVERY, MARCH, one.economy.amount, MARCH))
            for one in reserved
            if one.economy
        ]
        credited = [(reserved[0].from_compensation, CREDIT)]  # one of the credits is paid out in the same moment
        await processes.at_once([*withhold, *credited])
        answers = [event for one in LATER for event in await processes.events(one)]
        withheld = {
            one.set_off_id: one.economy.amount for one in answers if isinstance(one, CreditWithheld) if one.economy
        }
        declined = {one.set_off_id for one in answers if isinstance(one, WithholdingDeclined)}
        assert len(withheld) + len(declined) == len(reserved)

        done = [(RECOVERY, CompleteSetOff(one, MARCH, amount)) for one, amount in withheld.items()]
        freed = [(RECOVERY, ReleaseSetOff(one, MARCH, "already-credited")) for one in declined]
        await processes.at_once([*done, *freed])
        claim = COMPENSATION.fold(await processes.events(RECOVERY)).claims[MARCH]
        assert claim.recovered == sum(withheld.values())
        assert (claim.excess, dict(claim.reserved)) == (HALF - claim.recovered, {})
