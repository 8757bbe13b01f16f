"""Reads what the checker looks at, past every link. Reads only."""

import asyncio
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final, get_type_hints
from uuid import UUID

import asyncpg

from samverkan.backbone.replay.snapshot import read_snapshot
from samverkan.backbone.replay.topics import read_topics
from samverkan.backbone.replay.verify import Store
from samverkan.backbone.service import Service
from samverkan.backbone.subscription.reacting import Reader
from samverkan.backbone.testing.unwired import unwired
from samverkan.cli.chaos.arena import Arena
from samverkan.cli.chaos.clients import consumer
from samverkan.cli.chaos.facts import Facts, Held, Journal, Place, Row, Struck
from samverkan.cli.chaos.history import Command
from samverkan.cli.up.health import is_ready
from samverkan.deploy.embedded.ports import listens
from samverkan.schemas.catalogue import TOPICS

_ROWS: Final = """
select j.stream_id, j.version, j.position, j.event_id, l.logindex, l.leaf
from journal as j left join log as l using (position)
order by j.position
"""
_ORDER: Final = "select stream_id, version from kept_event order by applied_order"
_FORKS: Final = "select topic, partition, kafka_offset from fork"


async def collect(arena: Arena, commands: Sequence[Command], strikes: Sequence[Struck]) -> Facts:
    """All of it. Transient: a store or Kafka cannot be read."""
    run = arena.run
    services = {name: service_of(arena, name) for name in arena.size.servers}
    stores = {name: await _held(run.service(name).dsn, service) for name, service in services.items()}
    journals = {
        name: await _journal(run.service(name).dsn, service)
        for name, service in services.items()
        if service.owns is not None
    }
    topics = [topic for topic in TOPICS if topic.owner in arena.size.servers]
    return Facts(
        commands,
        strikes,
        arena.causes,
        journals,
        stores,
        await read_topics(run.bootstrap, topics),
        await ends_of(run.bootstrap, [topic.name for topic in topics]),
        await troubles(arena),
    )


def service_of(arena: Arena, name: str) -> Service:
    """The service as its own composition root makes it."""
    app = import_module(f"samverkan.{name.partition('.')[0]}.app")
    settings = get_type_hints(app.build)["settings"]
    env = arena.service(name).env
    told = {
        field: env[variable] for field in settings.model_fields if (variable := f"SAMVERKAN_{field.upper()}") in env
    }
    smtp = {"smtp_host": "127.0.0.1", "smtp_port": 25} if name == "notify" else {}
    built: Service = app.build(unwired(settings, **told, **smtp))
    return built


async def ends_of(bootstrap: str, topics: Sequence[str]) -> dict[Place, int]:
    """The next offset of every partition."""
    async with consumer(bootstrap, *topics) as client:
        ends: Mapping[Any, int] = await client.end_offsets(client.assignment())
    return {(place.topic, place.partition): end for place, end in ends.items()}


async def troubles(arena: Arena) -> dict[str, str]:
    """By process: that it does not run, or does not say that it can work."""
    found: dict[str, str] = {}
    replicas = [name for name in arena.run.helpers if "#" in name]
    for name, pid in arena.run.all_processes().items():
        if name not in replicas and pid.find() is None:
            found[name] = "does not run"
    ready = await asyncio.gather(*(asyncio.to_thread(is_ready, service.url) for service in arena.run.services.values()))
    for name, answer in zip(arena.run.services, ready, strict=True):
        if not answer:
            found.setdefault(name, "is not ready")
    for name, broker in arena.ground.brokers.items():
        if not await asyncio.to_thread(listens, int(broker.bootstrap.rpartition(":")[2])):
            found.setdefault(name, "does not listen")
    return found


async def _held(dsn: str, service: Service) -> Held:
    """A service's own events are folded into its views too, so its reader knows its own topic."""
    topics = {topic.name: topic for topic in (*service.subscribes, *([service.owns] if service.owns else []))}
    store = Store(service.name, Reader(topics, service.readable, {}), service.views)
    snapshot = await read_snapshot(dsn, service.views)
    connection = await asyncpg.connect(dsn)
    try:
        order: Sequence[tuple[UUID, int]] = [tuple(row) for row in await connection.fetch(_ORDER)]
        forks = await connection.fetch(_FORKS)
        halted = await connection.fetchval("select halted_reason from subscription where halted_at is not null")
    finally:
        await connection.close()
    return Held(
        store,
        service.owns,
        snapshot,
        {key: number for number, key in enumerate(order)},
        frozenset(tuple(row) for row in forks),
        halted,
    )


async def _journal(dsn: str, service: Service) -> Journal:
    assert service.owns is not None
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            rows = await connection.fetch(_ROWS)
            unsequenced: int = await connection.fetchval("select count(*) from unsequenced")
            sequencer = await connection.fetchrow("select next, cursor from sequencer")
    finally:
        await connection.close()
    assert sequencer is not None
    return Journal(
        service.name, service.owns, [Row(*row) for row in rows], unsequenced, sequencer["next"], sequencer["cursor"]
    )
