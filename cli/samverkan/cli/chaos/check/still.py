"""Has everybody read everything, and does every process run?"""

from collections.abc import Iterator

from samverkan.cli.chaos.facts import Facts
from samverkan.cli.chaos.violation import Violation


def all_is_still(facts: Facts) -> Iterator[Violation]:
    """All lag zero, no process dead or unready."""
    for held in facts.stores.values():
        topics = {topic for topic in held.store.reader.topics if held.own is None or topic != held.own.name}
        for place, end in sorted(facts.ends.items()):
            position = held.snapshot.offsets.get(place, 0)
            if place[0] in topics and position != end:
                yield Violation("S2", "lag", f"{held.name} {place[0]}/{place[1]}", f"offset {end}", str(position))
    for name, trouble in sorted(facts.troubles.items()):
        yield Violation("S2", "dead", name, "a process that runs and is ready", trouble)
