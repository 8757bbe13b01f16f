"""`parked retry`, `skip` and `acknowledge`: done to the store, then what the running process makes of it is told."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from samverkan.backbone.clock import SystemClock
from samverkan.backbone.database import Pool, transaction
from samverkan.backbone.parking.repairs import Because, Repairs
from samverkan.backbone.subscription import store as stores
from samverkan.backbone.subscription.store import StoredHold
from samverkan.cli.parked.opening import answered, opened, service_named
from samverkan.cli.parked.reading import stream_id_of
from samverkan.cli.up.run import Run, RunningService
from samverkan.cli.up.say import say
from samverkan.deploy.exits import DIFFERENT, OK

PATIENCE_SECONDS: Final = 20.0  # the running process looks once a second; a batch that it is in the middle of delays it


def retry_streams(store: str, stream: str | None, *, by: str, reason: str) -> int:
    """Try one stream again, or all. 0: all of them go on."""

    async def work(run: Run) -> int:
        service = service_named(run, store)
        async with opened(service) as pool:
            wanted = None if stream is None else [stream_id_of(stream)]
            before = await _holds(pool, wanted)
            retried = await Repairs(pool, service.name, SystemClock()).retry(wanted, Because(by, reason))
            if not retried:
                say(f"{store}: no stream is parked that could be tried again.")
                return OK
            say(f"{store}: {len(retried)} parked streams are due now.")
            return await _outcome(pool, service, {one.stream_id: before.get(one.stream_id) for one in retried})

    return answered(work)


def skip_event(store: str, event: str, *, by: str, reason: str) -> int:
    """Skip it. 0: it is skipped and what queued behind it goes on."""

    async def work(run: Run) -> int:
        service = service_named(run, store)
        stream, _, version = event.partition("@")
        if not re.fullmatch(r"[1-9][0-9]{0,8}", version):
            raise ValueError(f"{event} is not STREAM@VERSION.")
        async with opened(service) as pool:
            stream_id = stream_id_of(stream)
            skipped = await Repairs(pool, service.name, SystemClock()).skip(
                stream_id, int(version), Because(by, reason)
            )
            say(
                f"{store}: skipped {stream_id}@{skipped.version} ({skipped.code}), event {skipped.event_id}; "
                f"{skipped.queued} events queued behind it."
            )
            held = (await _holds(pool, [stream_id])).get(stream_id)
            return await _outcome(pool, service, {stream_id: held})

    return answered(work)


def acknowledge_record(store: str, record: str, *, by: str, reason: str) -> int:
    """Acknowledge a rejected record or a fork."""

    async def work(run: Run) -> int:
        service = service_named(run, store)
        found = re.fullmatch(r"([\w.-]+)/([0-9]{1,6})@([0-9]{1,18})(?:-([0-9]{1,18}))?", record)
        if found is None:
            raise ValueError(f"{record} is not TOPIC/PARTITION@OFFSET, nor TOPIC/PARTITION@FIRST-LAST.")
        topic, partition, first, because = found[1], int(found[2]), int(found[3]), Because(by, reason)
        async with opened(service) as pool:
            repairs = Repairs(pool, service.name, SystemClock())
            if found[4] is None:
                said = f"{record} ({(await repairs.acknowledge(topic, partition, first, because)).code})"
            else:
                count = await repairs.acknowledge_rejected(topic, partition, first, int(found[4]), because)
                said = f"{count} rejected records of {record}"
        say(f"{store}: acknowledged {said}; what was acknowledged stays noted, and alarms no more.")
        return OK

    return answered(work)


async def _outcome(pool: Pool, service: RunningService, before: Mapping[UUID, StoredHold | None]) -> int:
    """Wait until the running process has tried these streams, and tell how it went."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while True:
        now = await _holds(pool, before)
        untried = [stream_id for stream_id in before if stream_id in now and _same(now[stream_id], before[stream_id])]
        if not untried or service.process.find() is None or asyncio.get_running_loop().time() > deadline:
            break
        await asyncio.sleep(0.1)
    for stream_id in before:
        if stream_id in untried:
            continue
        hold = now.get(stream_id)
        say(f"{stream_id}: it goes on" if hold is None else f"{stream_id}: {_stands(hold)}")
    if untried:
        why = "its process does not run" if service.process.find() is None else "its process has not tried them yet"
        say(f"{service.name}: {why}; {len(untried)} streams are tried as soon as it does.")
    return OK if not now else DIFFERENT


def _same(now: StoredHold, before: StoredHold | None) -> bool:
    """Whether the running process has not touched it since: only the time of the next try is ours."""
    if before is None:
        return False
    same = (now.hold.reason, now.hold.version, now.hold.code) == (
        before.hold.reason,
        before.hold.version,
        before.hold.code,
    )
    return same and now.attempts == before.attempts


def _stands(hold: StoredHold) -> str:
    again = f", tried again {hold.attempts} times" if hold.attempts else ""
    return f"{hold.hold.reason} at version {hold.hold.version}: {hold.hold.code} {hold.hold.detail}".rstrip() + again


async def _holds(pool: Pool, streams: Iterable[UUID] | None) -> dict[UUID, StoredHold]:
    async with transaction(pool) as connection:
        if streams is None:
            rows = await connection.fetch("select stream_id from held_stream where reason = 'parked'")
            streams = [row["stream_id"] for row in rows]
        return await stores.read_holds(connection, list(streams))
