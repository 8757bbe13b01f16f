"""`samverkan status`: what runs, what lags, and what needs a human. Read from processes, databases and Kafka itself."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from samverkan.backbone.parking.standing import HeldStream
from samverkan.backbone.status import Place, StoreState, read_state, troubles, unread
from samverkan.cli.up.health import is_ready
from samverkan.cli.up.run import NothingRuns, Run, RunningService, load
from samverkan.cli.up.say import complain, say
from samverkan.deploy.exits import DIFFERENT, NOTHING_RUNS, OK
from samverkan.schemas.catalogue import TOPIC_BY_NAME, TOPICS, topics_for

_PATIENCE_SECONDS: Final = 5.0
_STILL_SECONDS: Final = 3.0  # a subscription that has something to read moves within a few hundredths of this


@dataclass(frozen=True)
class ServiceStatus:
    """One service or agency. `store` is None when its database cannot be read, `unread` when the lag is not known."""

    name: str
    state: str  # ready | not ready | ended
    pid: int
    restarts: int
    url: str
    store: StoreState | None
    unread: int | None
    still: bool = False  # it has something to read and was seen not to

    def troubles(self) -> Iterator[str]:
        """What needs a human."""
        if self.state != "ready":
            yield f"the process is {'down' if self.state == 'ended' else 'not ready'}"
        if self.store is None:
            yield "the database cannot be read"
        else:
            yield from troubles(self.store)
            if self.unread is None:
                yield "how far it lags behind Kafka is not known"
            if self.still:
                yield f"{self.unread} records are unread, and it read none of them for {_STILL_SECONDS:.0f} s"


def status(*, as_json: bool) -> int:
    """Print it. 0: all is well. 1: something needs a human. 3: nothing runs."""
    try:
        run = load()
    except NothingRuns as nothing:
        complain(str(nothing))
        return NOTHING_RUNS
    return show(asyncio.run(look_twice(run)), as_json=as_json)


def show(found: list[ServiceStatus], *, as_json: bool) -> int:
    """Print what `look` found; the exit code."""
    if as_json:
        say(json.dumps([_plain(one) for one in found], indent=2, default=str))
    else:
        from samverkan.cli.status_report import print_status

        print_status(found)
    return DIFFERENT if any(True for one in found for _ in one.troubles()) else OK


async def look_twice(run: Run) -> list[ServiceStatus]:
    """As `look`; and where something is unread, whether it is being read: a lag alone does not tell work from a halt.

    A process cannot tell either: what its client believes of a broker may be as old as the trouble.
    """
    first = await look(run)
    if not any(one.unread for one in first):
        return first
    await asyncio.sleep(_STILL_SECONDS)
    before = {one.name: one for one in first}
    return [replace(one, still=_is_still(before[one.name], one)) for one in await look(run)]


def _is_still(before: ServiceStatus, now: ServiceStatus) -> bool:
    """Whether both times something was unread, and the positions are the same."""
    if not before.unread or not now.unread or before.store is None or now.store is None:
        return False
    return now.store.halted_at is None and before.store.positions == now.store.positions


async def look(run: Run) -> list[ServiceStatus]:
    """Every service and agency, all asked at once."""
    ends = asyncio.ensure_future(_ends(run.bootstrap))
    stores = await asyncio.gather(*(_store(service) for service in run.services.values()))
    ready = await asyncio.gather(*(asyncio.to_thread(is_ready, service.url) for service in run.services.values()))
    known = await ends
    return [
        ServiceStatus(
            service.name,
            "ready" if answers else "not ready" if service.process.find() else "ended",
            service.process.pid,
            run.restarts.get(service.name, 0),
            service.url,
            store,
            None if store is None else unread([t.name for t in topics_for(service.name)], store.positions, known),
        )
        for service, store, answers in zip(run.services.values(), stores, ready, strict=True)
    ]


async def _store(service: RunningService) -> StoreState | None:
    import asyncpg

    owns_topic = any(topic.owner == service.name for topic in TOPICS)
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            connection = await asyncpg.connect(service.dsn)
            try:
                return await read_state(connection, owns_topic=owns_topic)
            finally:
                await connection.close()
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return None


async def _ends(bootstrap: str) -> Mapping[Place, int] | None:
    from aiokafka.errors import KafkaError

    from samverkan.backbone.subscription.consumer import TolerantConsumer

    consumer = TolerantConsumer(*TOPIC_BY_NAME, bootstrap_servers=bootstrap, request_timeout_ms=4000)
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await consumer.start()
            ends = await consumer.end_offsets(consumer.assignment())
    except (KafkaError, OSError, TimeoutError):
        return None
    finally:
        await consumer.stop()
    return {(place.topic, place.partition): offset for place, offset in ends.items()}


def held(found: list[ServiceStatus]) -> Iterator[tuple[str, HeldStream]]:
    """Every stream that stands still, with the service where it does."""
    for one in found:
        for stream in one.store.held_streams if one.store is not None else ():
            yield one.name, stream


def _plain(one: ServiceStatus) -> dict[str, Any]:
    """For programs. A place becomes `topic/partition`; the troubles stand beside what they come from."""
    document = asdict(one)
    if one.store is not None:
        document["store"]["positions"] = {
            f"{topic}/{partition}": offset for (topic, partition), offset in one.store.positions.items()
        }
        document["store"]["unsent_seconds"] = one.store.unsent_seconds
        document["store"]["lease_held"] = one.store.lease_held
    return document | {"troubles": list(one.troubles())}
