"""What a log and its topic say of each other: the pure core of W2. No I/O; indexes, leaves and partitions only.

It rests on how a relay sends (R1): on each partition, the first record of every log index stands after the first
records of all lower indexes of that partition; a repeat may stand anywhere later. So what a topic lacks can only be the
end of each partition, and anything else is a difference that no machine may settle.
"""

from array import array
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import Final

_NAMED: Final = 5  # of many; the first ones tell where to look


@dataclass(frozen=True, slots=True)
class Difference:
    """Why log and topic are not two copies of one history. `code` is stable; `detail` names places, never content.

    `leaf-differs`: another record stands under a known log index. `log-index-missing`: the topic goes on above a log
    index that neither it nor the log has: an acknowledged event is lost. `topic-hole`: the topic lacks a record of the
    log below others of its partition. `topic-begins-late`: the first records of a partition were removed.
    `log-row-missing`: the topic has a record under an index below the log's end that the log has no row for.
    `given-up-found`: a record under a log index that somebody declared lost.
    `event-differs`: another event stands at that version of the stream, or the event at another place, in the journal.
    `version-missing`: the topic goes on above a version that neither it nor the journal has. `partition-differs`: the
    stream is known on another partition; `partitions-missing`: the topic has fewer partitions than streams use.
    `journal-altered`: a row of the journal no longer has the leaf that was stored when it was numbered.
    `event-unreadable`: an own event that this release cannot read; deploy the release that wrote it.
    `blind-index-differs`: another stream is known under the same person. `fold-raised`: a view of this release cannot
    take the event.
    """

    code: str
    detail: str

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


@dataclass
class Comparing:
    """Takes the records of a topic, in any order of partitions, and says what follows.

    `next_index`: the log has every index below it, except those in `given_up`. `proven`: and the topic has every record
    below this one. `missing`: how many of the rows told by `log_row` the topic lacks, the first being `first_missing`;
    `repeats`: records that it holds once more.
    Memory: one byte for each index from `proven` on, eight for each record that the log lacks.
    """

    next_index: int
    proven: int
    given_up: Container[int] = frozenset()
    difference: Difference | None = None
    repeats: int = 0
    _held: bytearray = field(init=False)
    _highest: dict[int, int] = field(default_factory=dict)
    _ahead: "array[int]" = field(default_factory=lambda: array("q"))
    first_missing: int | None = None
    missing: int = 0

    def __post_init__(self) -> None:
        self._held = bytearray(max(0, self.next_index - self.proven))

    def take(self, partition: int, offset: int, index: int, leaf: bytes, known: bytes | None) -> None:
        """One record of the topic; `known` is the leaf that the log has under its index, if it has one."""
        where = f"log index {index} at partition {partition} offset {offset}"
        self._highest[partition] = max(index, self._highest.get(partition, -1))
        if known is not None and known != leaf:
            self._differ("leaf-differs", where)
        elif index in self.given_up:
            self._differ("given-up-found", where)
        elif known is None and index < self.next_index:
            self._differ("log-row-missing", where)
        elif index >= self.next_index:
            self._ahead.append(index)
        elif index >= self.proven:
            self.repeats += self._held[index - self.proven]
            self._held[index - self.proven] = 1

    def lacks(self, index: int) -> bool:
        """Whether the topic has no record of this index of the log, as far as it was read."""
        return self.proven <= index < self.next_index and not self._held[index - self.proven]

    def log_row(self, index: int, partition: int) -> None:
        """One row of the log that the topic may lack; ask for those from `proven` on, after all records."""
        if not self.lacks(index):
            return
        self.missing += 1
        if self.first_missing is None:
            self.first_missing = index
        if index < (highest := self._highest.get(partition, -1)):
            self._differ("topic-hole", f"log index {index} on partition {partition}, which holds {highest}")

    def ahead(self) -> range:
        """The indexes that the topic has and the log lacks; whether all of them are there, `gaps` says."""
        return range(self.next_index, max(self._ahead, default=self.next_index - 1) + 1)

    def gaps(self) -> list[int]:
        """Indexes within `ahead` that the topic lacks too, the first few."""
        found: list[int] = []
        expected = self.next_index
        for index in sorted(set(self._ahead)):
            while expected < index and len(found) < _NAMED:
                if expected not in self.given_up:
                    found.append(expected)
                expected += 1
            expected = index + 1
        return found

    def conclude(self) -> Difference | None:
        """The first difference, or None: then what the log lacks can be taken back and the rest sent again."""
        if self.difference is None and (gaps := self.gaps()):
            self._differ("log-index-missing", _listed(gaps))
        return self.difference

    def _differ(self, code: str, detail: str) -> None:
        if self.difference is None:
            self.difference = Difference(code, detail)


def _listed(indexes: Iterable[int]) -> str:
    return ", ".join(map(str, indexes))


@dataclass(frozen=True)
class Landmarks:
    """From where the last comparison, or the relay since, knows a topic. `topic_id` None: never compared."""

    topic_id: object | None
    proven: int
    offsets: dict[int, int]


TAIL_RECORDS: Final = 100  # of each partition below its landmark, compared again at every start


def start_of(
    landmarks: Landmarks, topic_id: object | None, begins: dict[int, int], ends: dict[int, int]
) -> tuple[dict[int, int], bool]:
    """Where to begin reading each partition, and whether that is a comparison of the whole.

    From the landmarks, less a tail, when this is the topic that they belong to and it reaches as far; else all of it.
    A broker that tells no topic ids (None) is believed as far as its offsets go.
    """
    known = landmarks.topic_id is not None and topic_id in (None, landmarks.topic_id)
    shorter = any(ends.get(partition, 0) < offset for partition, offset in landmarks.offsets.items())
    if not known or shorter:
        return dict(begins), True
    starts = {p: max(begins[p], landmarks.offsets.get(p, 0) - TAIL_RECORDS) for p in begins}
    return starts, False
