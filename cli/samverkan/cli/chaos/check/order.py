"""Did each store apply each stream in order, and nothing before what it requires (S3, S5)?"""

from collections.abc import Iterator
from datetime import datetime

from samverkan.cli.chaos.facts import Facts, Held, Key
from samverkan.cli.chaos.violation import Violation


def order_holds(facts: Facts) -> Iterator[Violation]:
    """By the order in which the store says that it applied its events."""
    for held in facts.stores.values():
        for key, place in held.order.items():
            yield from _after_its_predecessor(held, key, place, facts)
            yield from _after_what_it_requires(held, key, place, facts)


def _after_its_predecessor(held: Held, key: Key, place: int, facts: Facts) -> Iterator[Violation]:
    stream_id, version = key
    before = held.order.get((stream_id, version - 1))
    if version > 1 and (before is None or before > place):
        found = "not applied" if before is None else "applied later"
        where = f"{held.name} stream {stream_id} version {version}"
        yield Violation("S3", "out of order", where, f"version {version - 1} applied before", found, _at(key, facts))


def _after_what_it_requires(held: Held, key: Key, place: int, facts: Facts) -> Iterator[Violation]:
    arrival = facts.by_key.get(key)
    for required in arrival.envelope.requires if arrival is not None else ():
        if required.topic not in held.store.reader.topics or (held.own and required.topic == held.own.name):
            continue
        needed = held.order.get((required.stream_id, required.version))
        if needed is None or needed > place:
            found = "not applied" if needed is None else "applied later"
            where = f"{held.name} stream {key[0]} version {key[1]}"
            yield Violation("S5", "out of order", where, f"{required} applied before", found, _at(key, facts))


def _at(key: Key, facts: Facts) -> datetime | None:
    arrival = facts.by_key.get(key)
    return None if arrival is None else arrival.envelope.recorded_at
