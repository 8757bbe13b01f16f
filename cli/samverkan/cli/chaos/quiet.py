"""Waiting until nothing moves any more: everything published is read everywhere, and nothing new comes."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

import asyncpg
from aiokafka.errors import KafkaError

from samverkan.backbone.status import read_state, unread
from samverkan.cli.chaos.arena import Arena
from samverkan.cli.chaos.collect import ends_of, troubles
from samverkan.cli.chaos.facts import Place
from samverkan.cli.chaos.size import SERVICES
from samverkan.schemas.catalogue import TOPICS, topics_for

_LOOK_SECONDS: Final = 0.5
_STILL_SECONDS: Final = 1.5  # thirty polls of a relay, three of the mail delivery


@dataclass(frozen=True)
class Standing:
    """How far everything is. `moved`: changes whenever anything was written; `waits_for`: empty when all is read."""

    moved: Any
    waits_for: tuple[str, ...]


async def wait_until_quiet(arena: Arena, patience_seconds: float, tell: Callable[[str], None]) -> bool:
    """Return True when nothing moves any more, False when nothing moved for `patience_seconds` and should have."""
    moved_at = still_at = monotonic()
    before: Standing | None = None
    while True:
        now = await _standing(arena)
        if before is None or now.moved != before.moved:
            moved_at = still_at = monotonic()
        if now.waits_for:
            still_at = monotonic()
            tell("waiting for " + ", ".join(now.waits_for[:3]))
        if not now.waits_for and monotonic() - still_at >= _STILL_SECONDS:
            return True
        if monotonic() - moved_at > patience_seconds:
            return False
        before = now
        await asyncio.sleep(_LOOK_SECONDS)


async def _standing(arena: Arena) -> Standing:
    topics = [topic.name for topic in TOPICS if topic.owner in arena.size.servers]
    try:
        ends: Mapping[Place, int] = await ends_of(arena.run.bootstrap, topics)
    except KafkaError as error:
        return Standing(None, (f"Kafka ({type(error).__name__})",))
    waits_for = [f"{name}, which {trouble}" for name, trouble in sorted((await troubles(arena)).items())]
    moved: list[Any] = [sorted(ends.items())]
    for name in arena.size.servers:
        try:
            state, sentence = await _store(arena, name, ends)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            state, sentence = type(error).__name__, f"{name}'s database"
        moved.append(state)
        if sentence:
            waits_for.append(sentence)
    return Standing(moved, tuple(waits_for))


async def _store(arena: Arena, name: str, ends: Mapping[Place, int]) -> tuple[Any, str]:
    """Something that changes when the store does, and what it has not done yet."""
    connection = await asyncpg.connect(arena.run.service(name).dsn, timeout=5)
    try:
        state = await read_state(connection, owns_topic=name in SERVICES)
    finally:
        await connection.close()
    topics = [topic.name for topic in topics_for(name) if topic.owner in arena.size.servers]
    behind = unread(topics, state.positions, ends)
    unsent = 0 if state.relay is None else state.relay.unsent
    # Parked streams that will be tried again: the events of an unknown type, after the upgrade.
    retrying = sum(1 for one in state.held_streams if one.retry_at is not None)
    parts = {"unread": behind, "unsent": unsent, "held": state.holes + state.waiting + retrying}
    named = [f"{count} {what}" for what, count in parts.items() if count]
    if behind is None:
        named.append("positions")
    moved = (sorted(state.positions.items()), unsent, state.holes, state.waiting, state.parked)
    return moved, f"{name} ({', '.join(named)})" if named else ""
