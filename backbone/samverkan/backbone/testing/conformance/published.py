"""What must be true of a log and a topic when everything has come to rest (J2, R1)."""

import asyncio
from collections.abc import Callable
from uuid import UUID

from samverkan.backbone.testing.conformance.journal import TOPIC, Broker, Journal, Sent
from samverkan.schemas.entry import leaf_hash
from samverkan.schemas.headers import from_headers

PATIENCE_SECONDS = 30.0  # for a laden machine; what never comes does not come later either


def arrived(broker: Broker) -> dict[UUID, int]:
    """The highest version of each stream that stands on the topic."""
    highest: dict[UUID, int] = {}
    for partition in broker.partitions:
        for record in partition:
            envelope = from_headers(record.headers)
            highest[envelope.stream_id] = max(envelope.version, highest.get(envelope.stream_id, 0))
    return highest


async def all_arrived(journal: Journal, broker: Broker) -> None:
    """Wait until everything committed stands on the topic."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while (there := arrived(broker)) != (wanted := await journal.versions()):
        missing = {stream: version for stream, version in wanted.items() if there.get(stream, 0) < version}
        assert asyncio.get_running_loop().time() < deadline, f"never came to the broker: {missing}"
        await asyncio.sleep(0.01)


async def until(condition: Callable[[], object]) -> None:
    """Wait until it is so."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "it never came to be"
        await asyncio.sleep(0.005)


async def is_whole(journal: Journal, broker: Broker) -> int:
    """The log is dense, holds every committed event and keeps each stream's order; so does the topic, on which a
    repeat is the same bytes. Returns how many repeats there were."""
    log = await journal.log()
    assert [row.log_index for row in log] == list(range(len(log))), "the log is not dense from 0"
    versions: dict[UUID, int] = {}
    for row in log:
        assert row.version == versions.get(row.stream_id, 0) + 1, "the log turned a stream's order"
        versions[row.stream_id] = row.version
    assert versions == await journal.versions(), "the log does not hold every committed event"
    repeats = 0
    places: dict[UUID, int] = {}
    seen: dict[tuple[UUID, int], Sent] = {}
    for number, partition in enumerate(broker.partitions):
        highest: dict[UUID, int] = {}
        for record in partition:
            envelope = from_headers(record.headers)
            stream, version = envelope.stream_id, envelope.version
            assert places.setdefault(stream, number) == number, "a stream moved to another partition"
            assert version <= highest.get(stream, 0) + 1, "a later version overtook an earlier one"
            highest[stream] = max(version, highest.get(stream, 0))
            assert envelope.log_index is not None
            leaf = leaf_hash(TOPIC.name, record.key, record.headers, record.value)
            assert leaf == log[envelope.log_index].leaf, "what was sent is not what was logged"
            repeats += (stream, version) in seen
            assert seen.setdefault((stream, version), record) == record, "a repeat is not the same bytes"
    assert len(seen) == len(log), "something of the log never came to the topic"
    return repeats
