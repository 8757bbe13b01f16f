"""Was what strangers wrote noticed by everybody who reads it, and is nothing held or listed that nobody wrote?"""

from collections.abc import Iterator

from samverkan.cli.chaos.check.explained import may_stand_still
from samverkan.cli.chaos.facts import Facts, Held
from samverkan.cli.chaos.violation import Violation


def everything_is_noticed(facts: Facts) -> Iterator[Violation]:
    """Every poisoned record is listed as rejected and every forged one as a fork in each store that reads the topic
    (W3); no other record is, and no stream stands still without such a cause (S4)."""
    for held in facts.stores.values():
        topics = {topic for topic in held.store.reader.topics if held.own is None or topic != held.own.name}
        poisoned = {place for place in facts.causes.poisoned if place[0] in topics}
        forged = {(one.topic, one.partition, one.offset) for one in facts.causes.forged if one.topic in topics}
        yield from _compare(held, "S4", "rejected records", poisoned, set(held.snapshot.rejected))
        yield from _compare(held, "W3", "forks", forged, set(held.forks))
        excused = may_stand_still(held, facts)
        for stream_id, hold in held.snapshot.holds.items():
            if stream_id not in excused:
                where = f"{held.name} stream {stream_id} version {hold['version']}"
                yield Violation(
                    "S4", "parked", where, "no stream held without a cause", f"{hold['reason']} {hold['code']}"
                )
        if held.halted is not None:
            yield Violation("S4", "parked", held.name, "a subscription that goes on", f"halted: {held.halted}")


def _compare(
    held: Held, invariant: str, what: str, wanted: set[tuple[str, int, int]], found: set[tuple[str, int, int]]
) -> Iterator[Violation]:
    for topic, partition, offset in sorted(wanted - found):
        where = f"{held.name} {what}"
        yield Violation(invariant, "lost", where, f"{topic}/{partition}@{offset} listed", "not noticed")
    for topic, partition, offset in sorted(found - wanted):
        yield Violation(
            invariant, "parked", f"{held.name} {what}", "only what chaos wrote", f"{topic}/{partition}@{offset}"
        )
