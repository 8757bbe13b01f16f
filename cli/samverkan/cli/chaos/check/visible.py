"""Is every event of every journal in every store that subscribes, exactly once (S1)?"""

from collections.abc import Iterator
from uuid import UUID

from samverkan.cli.chaos.check.explained import may_stand_still
from samverkan.cli.chaos.facts import Facts, Held, Journal
from samverkan.cli.chaos.violation import Violation


def everything_is_visible(facts: Facts) -> Iterator[Violation]:
    """Applied once; or queued behind a fork that chaos made. And nothing is there that no journal has."""
    for held in facts.stores.values():
        excused = may_stand_still(held, facts)
        for journal in facts.journals.values():
            if held.name in journal.topic.receivers:
                yield from _of(held, journal, facts, excused)
        journalled = {(row.stream_id, row.version) for journal in facts.journals.values() for row in journal.rows}
        for key in held.snapshot.applied.keys() - journalled:
            where = f"{held.name} stream {key[0]} version {key[1]}"
            yield Violation("S1", "doubled", where, "an event of some journal", "one that none has")


def _of(held: Held, journal: Journal, facts: Facts, excused: set[UUID]) -> Iterator[Violation]:
    for row in journal.rows:
        key = (row.stream_id, row.version)
        applied = held.snapshot.applied.get(key)
        where = f"{held.name} stream {row.stream_id} version {row.version} of {journal.topic.name}"
        arrival = facts.by_key.get(key)
        at = None if arrival is None else arrival.envelope.recorded_at
        if applied is not None:
            if applied["leaf"] != row.leaf:
                yield Violation("W3", "lost", where, "the journal's event", "another leaf", at)
        elif not (row.stream_id in excused and key in held.snapshot.waiting):
            found = "queued" if key in held.snapshot.waiting else "neither applied nor queued"
            yield Violation("S1", "lost", where, "it applied", found, at)
