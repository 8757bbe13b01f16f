"""Two who fill one opening: it is one stream, so whoever comes second is refused (J1), whatever process asks."""

import asyncio
from datetime import date
from uuid import UUID, uuid4

from records import INSTANT
from samverkan.backbone.command import Context, Executed
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Refused
from samverkan.placement.opening import OPENING, FillOpening
from samverkan.placement.test_opening import PUBLISH
from samverkan.schemas.catalogue import PLACEMENT
from world import World, Writer

DAY = date(2026, 3, 2)
PROCESSES, ASKING = 3, 20


async def test_j1_of_twenty_who_fill_one_opening_at_once_one_has_it(world: World) -> None:
    async with world.store() as pool:
        writers = [await Writer(pool, PLACEMENT).ready() for _ in range(PROCESSES)]
        for _ in range(3):
            opening = uuid4()

            async def ask(number: int, command: object, opening: UUID = opening) -> Executed | Refused:
                context = Context(now=INSTANT, command_id=uuid4())
                try:
                    order = Order(OPENING, opening, command)
                    return await writers[number % PROCESSES].commands.execute(order, context)
                except Refused as refused:
                    return refused

            await ask(0, PUBLISH)
            answers = await asyncio.gather(*(ask(n, FillOpening(UUID(int=n + 1), DAY)) for n in range(ASKING)))
            assert sum(isinstance(one, Executed) for one in answers) == 1
            assert {one.code for one in answers if isinstance(one, Refused)} == {"opening-not-open"}
            filled = await pool.fetchval("select count(*) from journal where stream_id = $1", opening)
            assert filled == 2, "published and filled once"
