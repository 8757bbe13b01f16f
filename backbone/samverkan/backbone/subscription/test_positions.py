"""Where a subscription reads from, told without a broker: what `moved` makes of positions that were set meanwhile."""

from typing import Any

import pytest
from aiokafka import TopicPartition

from samverkan.backbone.subscription.apply import Applied
from samverkan.backbone.subscription.positions import Place, Positions

PLACE: Place = ("a topic", 0)


class Consumer:
    """Takes note of where it is sent."""

    def __init__(self) -> None:
        self.sent: list[int] = []

    def assignment(self) -> Any:
        return self.sent  # the same object each time, as that of one assignment is

    def seek(self, partition: TopicPartition, offset: int) -> None:
        assert (partition.topic, partition.partition) == PLACE
        self.sent.append(offset)


@pytest.mark.parametrize(
    ("rewind", "sent"),
    [(20, [50, 20]), (50, [50]), (80, [50])],
    ids=["below where it went", "there", "above: what lies between comes twice"],
)
def test_s1_a_rewind_counts_unless_somebody_went_there_or_further_back_meanwhile(rewind: int, sent: list[int]) -> None:
    consumer = Consumer()
    positions = Positions(lambda: consumer)
    positions.begin({PLACE: 50})
    polled = positions.polled()
    positions.assigned([PLACE])  # while the batch that was fetched before waits to be applied
    positions.moved(Applied(rewind={PLACE: rewind}), polled)
    assert consumer.sent == sent
    assert positions.stored == {PLACE: rewind}
    assert positions.proven() == ({PLACE: rewind} if rewind < 50 else {})


def test_s1_a_rewind_counts_when_nobody_went_anywhere_since() -> None:
    consumer = Consumer()
    positions = Positions(lambda: consumer)
    positions.begin({PLACE: 50})
    positions.assigned([PLACE])
    positions.moved(Applied(rewind={PLACE: 80}), positions.polled())
    assert consumer.sent == [50, 80]
