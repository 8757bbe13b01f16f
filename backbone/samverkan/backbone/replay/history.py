"""What the topics say, checked while it is read: nothing missing, nothing doubled, nothing altered.

It rests on what a record carries, so it needs no access to any service. Without signed checkpoints one thing stays
unseen: records at the very end of a log that were written by somebody who can write to the topic, until the owner
publishes its own record of that index, which then is a fork.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from samverkan.backbone.subscription.arrival import Arrival, Record, Rejected, read_record
from samverkan.schemas.catalogue import Topic

Place = tuple[str, int]
STRANGER: Final = "stream-of-another-topic"  # as the live store rejects it
_NAMED: Final = 5  # missing numbers listed one by one; a torn log may lack millions


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that cannot be so if every service did what it promises. `code` is stable; `where` names the place.

    `topic-begins-late`: records before that offset are gone. `fork`: two different events claim one version of a
    stream. `log-index-fork`: two different records claim one place in a source's log. `log-index-missing`,
    `version-missing`: a hole. `version-out-of-order`: a version stands before an earlier one (R1).
    `stream-on-two-topics`: only one owner can speak for a stream.
    """

    code: str
    where: str

    def __str__(self) -> str:
        return f"{self.code}: {self.where}"


@dataclass
class History:
    """The records of some topics, taken in the order of their offsets per partition. Pure: no I/O."""

    topics: Mapping[str, Topic]
    arrivals: list[Arrival] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    forks: list[tuple[Arrival, Arrival]] = field(default_factory=list)
    repeats: int = 0
    begins: dict[Place, int] = field(default_factory=dict)
    _topic_of: dict[UUID, str] = field(default_factory=dict)
    _first: dict[tuple[UUID, int], Arrival] = field(default_factory=dict)
    _logs: dict[str, dict[int, Arrival]] = field(default_factory=dict)
    _highest: dict[tuple[str, int, UUID], int] = field(default_factory=dict)
    _found: list[Finding] = field(default_factory=list)

    def take(self, record: Record) -> None:
        """Read one record. A repeat of the same record is counted and dropped, as every reader does (W3)."""
        read = read_record(record, self.topics[record.topic])
        if isinstance(read, Rejected):
            self.rejected.append(read)
            return
        if (owner := self._topic_of.setdefault(read.stream_id, read.topic)) != read.topic:
            self._logs.setdefault(read.envelope.source, {}).setdefault(read.log_index, read)
            self._found.append(Finding("stream-on-two-topics", f"stream {read.stream_id} of {owner} {_at(read)}"))
            self.rejected.append(Rejected(read.topic, read.partition, read.offset, STRANGER, "subject"))
            return
        key = (read.stream_id, read.version)
        first = self._first.setdefault(key, read)
        indexed = self._logs.setdefault(read.envelope.source, {}).setdefault(read.log_index, read)
        if first.leaf != read.leaf:
            self._fork("fork", f"stream {read.stream_id} version {read.version}", first, read)
        elif indexed.leaf != read.leaf:
            self._fork("log-index-fork", f"source {read.envelope.source} index {read.log_index}", indexed, read)
        elif first is not read:
            self.repeats += 1
        else:
            self.arrivals.append(read)
            self._note_order(read)

    def findings(self) -> list[Finding]:
        """Everything found so far; holes are those of this moment."""
        late = [
            Finding("topic-begins-late", f"{topic}/{partition} begins at {offset}")
            for (topic, partition), offset in sorted(self.begins.items())
            if offset > 0
        ]
        return [*late, *self._found, *self.missing_indexes(), *self._missing_versions()]

    def missing_indexes(self) -> list[Finding]:
        """Holes in each source's log, from 0 to the highest index seen."""
        return [
            Finding("log-index-missing", f"source {source} {_listed(missing)}")
            for source, log in sorted(self._logs.items())
            if (missing := _missing(log.keys(), range(max(log) + 1)))
        ]

    def contested(self) -> set[UUID]:
        """Streams with a place that two different records claim: which of them a store took depends on its batches."""
        return {arrival.stream_id for pair in self.forks for arrival in pair}

    def _missing_versions(self) -> list[Finding]:
        streams: dict[UUID, set[int]] = {}
        for stream_id, version in self._first:
            streams.setdefault(stream_id, set()).add(version)
        return [
            Finding("version-missing", f"stream {stream_id} {_listed(missing)}")
            for stream_id, versions in sorted(streams.items())
            if (missing := _missing(versions, range(1, max(versions) + 1)))
        ]

    def _note_order(self, arrival: Arrival) -> None:
        """Streams keep their partition, so that order within it is the stream's order."""
        place = (arrival.topic, arrival.partition, arrival.stream_id)
        highest = self._highest.get(place, 0)
        if arrival.version < highest:
            self._found.append(
                Finding(
                    "version-out-of-order",
                    f"stream {arrival.stream_id} version {arrival.version} after {highest} {_at(arrival)}",
                )
            )
        self._highest[place] = max(highest, arrival.version)

    def _fork(self, code: str, what: str, first: Arrival, second: Arrival) -> None:
        self.forks.append((first, second))
        self._found.append(Finding(code, f"{what} {_at(first)} and {_at(second)}"))


def _at(arrival: Arrival) -> str:
    return f"at {arrival.topic}/{arrival.partition}@{arrival.offset}"


def _missing(present: Iterable[int], expected: range) -> list[int]:
    return sorted(set(expected).difference(present))


def _listed(numbers: list[int]) -> str:
    more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    return ", ".join(map(str, numbers[:_NAMED])) + more
