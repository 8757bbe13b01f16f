"""Which requests go together, and who waits for whom; no database."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from samverkan.backbone.command import BlindIndex, Context, Executed, IdempotencyKey
from samverkan.backbone.decider import Aggregate, Order
from samverkan.backbone.errors import Refused
from samverkan.backbone.journal.deciding import Outcome, Request
from samverkan.backbone.journal.grouping import LANES, MEMBERS_MAX, Groups

NOBODY = cast("Aggregate[Any]", None)  # nothing is decided here


def request(stream: UUID | None = None, *, key: str | None = None, person: bool = False) -> Request:
    context = Context(datetime(2026, 3, 2, tzinfo=UTC), uuid4())
    idempotency = IdempotencyKey(key, b"request") if key else None
    index = BlindIndex("person", b"digest") if person else None
    return Request(Order(NOBODY, stream or uuid4(), None), context, None, idempotency, index)


class Carrier:
    """Carries groups out when told, and remembers them."""

    def __init__(self) -> None:
        self.groups: list[list[Request]] = []
        self.go = asyncio.Event()

    async def __call__(self, requests: Sequence[Request]) -> list[Outcome | BaseException]:
        self.groups.append(list(requests))
        await self.go.wait()
        return [Executed(one.order.stream_id, 1, ("Done",)) for one in requests]


async def sizes(requests: Sequence[Request]) -> list[int]:
    """How many went together, all handed in at once."""
    carrier = Carrier()
    groups = Groups(carrier)
    tasks = [asyncio.create_task(groups.submit(one)) for one in requests]
    await asyncio.sleep(0.01)
    carrier.go.set()
    outcomes = await asyncio.gather(*tasks)
    expected = [one.order.stream_id for one in requests]
    assert [outcome.stream_id for outcome in outcomes] == expected
    return [len(group) for group in carrier.groups]


async def test_the_first_go_alone_and_those_who_come_meanwhile_together() -> None:
    assert await sizes([request() for _ in range(MEMBERS_MAX + LANES + 3)]) == [1] * LANES + [MEMBERS_MAX, 3]


async def test_j1_two_commands_on_one_stream_never_go_together_or_at_once() -> None:
    stream = uuid4()
    assert await sizes([request(stream) for _ in range(4)]) == [1, 1, 1, 1]


async def test_j1_a_busy_stream_holds_up_nobody_else() -> None:
    carrier, stream = Carrier(), uuid4()
    first, second, other = request(stream), request(stream), request()
    groups = Groups(carrier)
    tasks = [asyncio.create_task(groups.submit(one)) for one in (first, second, other)]
    await asyncio.sleep(0.01)
    assert carrier.groups == [[first], [other]], "the second of the stream waits, the other does not"
    carrier.go.set()
    await asyncio.gather(*tasks)


async def test_j1_two_requests_with_one_key_never_go_together() -> None:
    assert await sizes([request(), request(), request(key="k"), request(key="k"), request()]) == [1, 1, 2, 1]


async def test_a_request_with_a_blind_index_goes_alone() -> None:
    assert await sizes([request(), request(), request(), request(person=True), request()]) == [1, 1, 2, 1]


async def test_a_caller_that_gives_up_while_it_waits_withdraws_its_request() -> None:
    carrier, given_up = Carrier(), request()
    groups = Groups(carrier)
    running = [asyncio.create_task(groups.submit(request())) for _ in range(LANES)]
    waiting = asyncio.create_task(groups.submit(given_up))
    await asyncio.sleep(0.01)
    waiting.cancel()
    await asyncio.sleep(0)
    carrier.go.set()
    await asyncio.gather(*running)
    await asyncio.sleep(0.01)
    assert given_up not in [one for group in carrier.groups for one in group]


async def test_each_gets_its_own_outcome_and_a_mistake_leaves_nobody_waiting() -> None:
    refused = Refused("not-now")

    async def carry_out(requests: Sequence[Request]) -> list[Outcome | BaseException]:
        await asyncio.sleep(0)
        if len(requests) > 1:
            raise ArithmeticError("a mistake of ours")
        return [refused]

    groups = Groups(carry_out)
    calls = [groups.submit(request()) for _ in range(LANES + 2)]
    async with asyncio.timeout(5):
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        assert outcomes[:LANES] == [refused] * LANES
        assert [type(outcome) for outcome in outcomes[LANES:]] == [ArithmeticError, ArithmeticError]
        with pytest.raises(Refused, match="not-now"):
            await groups.submit(request())
