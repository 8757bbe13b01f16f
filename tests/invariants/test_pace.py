"""After a round that took long, relay and subscription rest before they look again (docs/decisions/0018)."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest

from records import streams
from samverkan.backbone.pace import Pace
from samverkan.backbone.relay.outgoing import Outgoing
from samverkan.backbone.relay.relay import Relay
from samverkan.backbone.subscription.apply import Applied, Applier
from world import Follower, World, Writer, eventually, running

EVENTS = 30
APART_SECONDS = 0.05  # a new one is there long before a rest is over
SLOW_SECONDS = 0.1

Round = tuple[float, float, int]  # began, ended, events


def rested(rounds: Sequence[Round]) -> bool:
    """Whether nothing was asked for as long as it should be after each round that had found something."""
    pace = Pace()
    found = [one for one in rounds if one[2]]
    due = [pace.rest_after(ended - began, events) for began, ended, events in found]
    assert max(due) >= SLOW_SECONDS
    return all(
        following[0] - earlier[1] >= 0.9 * rest
        for (earlier, following), rest in zip(pairwise(found), due, strict=False)
    )


async def test_a_subscription_rests_after_a_slow_round(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = await world.topic(partitions=1)
    apply_read = Applier.apply_read
    rounds: list[Round] = []

    async def slowly(self: Applier, *given: Any) -> Applied:
        began = monotonic()
        await asyncio.sleep(SLOW_SECONDS)
        applied = await apply_read(self, *given)
        rounds.append((began, monotonic(), len(applied.events)))
        return applied

    monkeypatch.setattr(Applier, "apply_read", slowly)

    async def all_applied() -> bool:
        return sum(events for _, _, events in rounds) == EVENTS

    async with world.store() as pool, running(Follower(pool, [topic]).subscription(world.kafka)):
        for record in streams(topic, [uuid4()], EVENTS):
            await world.produce(topic, [record])
            await asyncio.sleep(APART_SECONDS)
        await eventually(all_applied)
    assert len(rounds) > 1
    assert rested(rounds), rounds


async def test_a_relay_rests_after_a_slow_round(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = await world.topic(partitions=1)
    number = Relay.number
    rounds: list[Round] = []

    async def slowly(self: Relay, cursor: int) -> Sequence[Outgoing]:
        began = monotonic()
        await asyncio.sleep(SLOW_SECONDS)
        rows = await number(self, cursor)
        rounds.append((began, monotonic(), len(rows)))
        return rows

    monkeypatch.setattr(Relay, "number", slowly)

    async def all_numbered() -> bool:
        return sum(events for _, _, events in rounds) == EVENTS

    async with world.store() as pool:
        writer = await Writer(pool, topic).ready()
        async with running(writer.relay(world.kafka)):
            for _ in range(EVENTS):
                await writer.count(uuid4())
                await asyncio.sleep(APART_SECONDS)
            await eventually(all_numbered)
    assert len(rounds) > 1
    assert rested(rounds), rounds
