"""Where a subscription reads from: positions come from the store and from nowhere else (S1).

Kafka keeps a position of its own for every assigned partition and moves it as it delivers. Here stands what the store
said last, where the consumer was sent, and what of that still holds.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import IllegalStateError

from samverkan.backbone.subscription.apply import Applied
from samverkan.backbone.telemetry.alarms import Alarm, alarm

log = structlog.get_logger(__name__)

Place = tuple[str, int]


@dataclass(frozen=True)
class Standing:
    """Offsets summed over the partitions of a topic: what is applied, and where Kafka ends."""

    position: int
    end: int

    @property
    def lag(self) -> int:
        """Records not applied."""
        return self.end - self.position

    def plus(self, position: int, end: int) -> "Standing":
        """With another partition. Kafka may tell of its end later than it delivered: that is no negative lag."""
        return Standing(self.position + position, self.end + max(position, end))


@dataclass(frozen=True)
class Polled:
    """What held when a batch was fetched. `proven`: positions that Kafka was set to and continued from. `seeks`: how
    often each position had been set."""

    proven: Mapping[Place, int] = field(default_factory=dict)
    seeks: Mapping[Place, int] = field(default_factory=dict)


class Positions:
    """The positions of one consumer. In memory; what they rest on stands in the store."""

    def __init__(self, consumer: Callable[[], AIOKafkaConsumer | None]) -> None:
        """`consumer`: the present one; None while there is none."""
        self._consumer: Final = consumer
        self._stored: dict[Place, int] = {}
        self._sought: dict[Place, tuple[int, object]] = {}
        self._seeks: Counter[Place] = Counter()
        self._target: dict[Place, int] = {}
        self._lost: dict[Place, int] = {}

    @property
    def stored(self) -> Mapping[Place, int]:
        """The next offset of each partition as the store said last."""
        return self._stored

    def begin(self, stored: Mapping[Place, int]) -> None:
        """The store was read before anything is assigned."""
        self._stored = dict(stored)

    def polled(self) -> Polled:
        """What holds now, for the records that are being handed over: while they wait for the batch before, that one
        may send the consumer elsewhere."""
        return Polled(self.proven(), dict(self._seeks))

    def moved(self, applied: Applied, polled: Polled) -> None:
        """Remember where the store stands, and go there where Kafka delivered from somewhere else, unless somebody has
        gone there, or to before it, since the batch was fetched."""
        self._stored.update(applied.offsets)
        for place in applied.offsets:
            self._sought.pop(place, None)
        for place, offset in {**applied.behind, **applied.rewind}.items():
            self._stored[place] = offset
            if self._seeks[place] != polled.seeks.get(place, 0) and self._target[place] <= offset:
                continue
            if self._seek(place, offset):
                self._sought[place] = (offset, self._assignment())
            log.info("repositioned", topic=place[0], partition=place[1], offset=offset)

    def assigned(self, places: Iterable[Place]) -> None:
        """Partitions came to this process: seek to the stored offset, a topic new to the store to 0.

        What was sought before no longer counts: somebody else may have read on, or Kafka may have placed us anew.
        """
        for place in places:
            self._sought.pop(place, None)
            self._seek(place, self._stored.get(place, 0))

    def put_back(self, known: Mapping[Place, int], stored: Mapping[Place, int]) -> None:
        """Go back where the store stands behind what was `known` before it was asked: an older backup was restored
        beneath us. Nothing is proven by this seek, for a batch may be under way that was fetched before it."""
        for place, offset in known.items():
            if (behind := stored.get(place, 0)) < offset:
                self._stored[place] = behind
                self._sought.pop(place, None)
                self._seek(place, behind)
                log.warning("store_put_back", topic=place[0], partition=place[1], offset=behind, known=offset)

    def proven(self) -> dict[Place, int]:
        """Where partitions were set to and still are: only a seek of the present assignment proves anything.

        Without the listener's help, which may come late: until it has run, Kafka places a new assignment at the
        group's committed offset, which after a restore of the store lies above what the store has.
        """
        present = self._assignment()
        return {place: offset for place, (offset, then) in self._sought.items() if then is present}

    def dropped(self) -> None:
        """Records were taken out and lost, and there may be none behind them that would show it: begin again where the
        store stands. What is on its way to it comes twice, and is known (S3)."""
        consumer = self._consumer()
        if consumer is not None:
            self.assigned((partition.topic, partition.partition) for partition in consumer.assignment())

    def lost(self, partition: TopicPartition) -> None:
        """Kafka has no record at the stored offset: alarm, once for each."""
        place = (partition.topic, partition.partition)
        offset = self._stored.get(place, 0)
        if self._lost.get(place) != offset:
            self._lost[place] = offset
            alarm(Alarm.POSITION_LOST, topic=partition.topic, partition=partition.partition, offset=offset)

    def of_assigned(self, consumer: AIOKafkaConsumer) -> dict[TopicPartition, int]:
        """The stored offsets of the partitions that are assigned here."""
        assigned = consumer.assignment()
        offsets = {TopicPartition(*place): offset for place, offset in self._stored.items()}
        return {partition: offset for partition, offset in offsets.items() if partition in assigned}

    def standings(self) -> dict[str, Standing | None]:
        """How far each topic is applied, over the partitions assigned here; None while its end is not known."""
        consumer = self._consumer()
        standings: dict[str, Standing | None] = {}
        for partition in consumer.assignment() if consumer is not None else ():
            end = consumer.highwater(partition) if consumer is not None else None
            before = standings.get(partition.topic, Standing(0, 0))
            position = self._stored.get((partition.topic, partition.partition), 0)
            standings[partition.topic] = None if end is None or before is None else before.plus(position, end)
        return standings

    def _assignment(self) -> object:
        """The assignment itself, not its content: another one may hold the same partitions."""
        consumer = self._consumer()
        return None if consumer is None else consumer.assignment()

    def _seek(self, place: Place, offset: int) -> bool:
        consumer = self._consumer()
        if consumer is None:
            return False
        try:
            consumer.seek(TopicPartition(*place), offset)
        except IllegalStateError:  # no longer assigned here: whoever has it starts from the store
            return False
        self._seeks[place] += 1
        self._target[place] = offset
        return True


class PositionsListener(ConsumerRebalanceListener):  # type: ignore[misc]
    """Sets the position of every partition that is assigned, before this process fetches anything (S1).

    It must not await: aiokafka fetches while an awaiting listener runs, and would look for a position of its own,
    find none and fail. So it seeks to what the store said last, which may be old; the applier checks.
    """

    def __init__(self, assigned: Callable[[Iterable[Place]], None]) -> None:
        self._assigned = assigned

    def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Nothing depends on it (S9)."""

    def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Tell who came."""
        self._assigned((partition.topic, partition.partition) for partition in assigned)
