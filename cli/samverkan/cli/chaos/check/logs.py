"""Is each journal's log dense, and its topic the log, leaf for leaf, in each stream's order (J2, R1)?"""

from collections.abc import Iterator

from samverkan.backbone.subscription.arrival import Arrival
from samverkan.cli.chaos.facts import Facts, Journal, Key, Row
from samverkan.cli.chaos.violation import Violation


def logs_are_published(facts: Facts) -> Iterator[Violation]:
    """Streams without a hole, versions in the order of positions and log indexes, log indexes dense, every row
    numbered, sent and acknowledged, every record of the topic a row of the log."""
    for journal in facts.journals.values():
        yield from _streams(journal)
        yield from _log(journal)
        yield from _topic(journal, facts)
    for finding in facts.published.findings():
        if not _forged(finding.where, facts) and not finding.code.startswith("log-index"):
            yield Violation("R1", "out of order", finding.where, "a topic without it", finding.code)


def _streams(journal: Journal) -> Iterator[Violation]:
    last: dict[object, Row] = {}
    for row in journal.rows:  # by position
        before = last.get(row.stream_id)
        expected = 1 if before is None else before.version + 1
        if row.version != expected:
            yield Violation(
                "J1", "out of order", f"{journal.name} stream {row.stream_id}", f"version {expected}", str(row.version)
            )
        if before is not None and (row.log_index or 0) <= (before.log_index or 0):
            where = f"{journal.name} stream {row.stream_id} version {row.version}"
            yield Violation("J2", "out of order", where, f"a log index above {before.log_index}", str(row.log_index))
        last[row.stream_id] = row


def _log(journal: Journal) -> Iterator[Violation]:
    numbered = sorted(row.log_index for row in journal.rows if row.log_index is not None)
    if numbered != list(range(len(numbered))) or journal.next_index != len(numbered):
        hole = next((index for index, found in enumerate(numbered) if index != found), len(numbered))
        yield Violation("J2", "lost", journal.name, f"log index {hole}", f"next is {journal.next_index}")
    if unnumbered := len(journal.rows) - len(numbered):
        yield Violation("J2", "lost", journal.name, "every row numbered", f"{unnumbered} are not")
    if journal.unsequenced:
        yield Violation("J2", "lag", journal.name, "nothing unsequenced", f"{journal.unsequenced} rows")
    if journal.cursor != journal.next_index:
        yield Violation("R1", "lag", journal.name, f"the cursor at {journal.next_index}", f"at {journal.cursor}")


def _topic(journal: Journal, facts: Facts) -> Iterator[Violation]:
    published: dict[Key, Arrival] = {
        key: arrival for key, arrival in facts.by_key.items() if arrival.topic == journal.topic.name
    }
    for row in journal.rows:
        where = f"{journal.topic.name} stream {row.stream_id} version {row.version}"
        arrival = published.pop((row.stream_id, row.version), None)
        if arrival is None:
            yield Violation("R1", "lost", where, f"the record of log index {row.log_index}", "none on the topic")
        elif (arrival.log_index, arrival.leaf, arrival.envelope.id) != (row.log_index, row.leaf, row.event_id):
            at = arrival.envelope.recorded_at
            yield Violation("R1", "lost", where, f"log index {row.log_index}", f"{arrival.log_index}, another leaf", at)
    forged = {(forgery.stream_id, forgery.version) for forgery in facts.causes.forged}
    for key, arrival in published.items():
        if key not in forged:
            where = f"{journal.topic.name} stream {key[0]} version {key[1]}"
            yield Violation("J1", "lost", where, "a row of the journal", "none", arrival.envelope.recorded_at)


def _forged(where: str, facts: Facts) -> bool:
    places = [f"{one.topic}/{one.partition}@{one.offset}" for one in facts.causes.forged]
    return any(where.endswith(f"at {place}") for place in places)
