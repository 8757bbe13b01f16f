"""Which events a journal lacks and which it has without a number: the pure half of taking back."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

import pytest

from samverkan.backbone.recovery.taking_back import LogDiffers, Standing, sort_out
from samverkan.backbone.subscription.arrival import Arrival
from samverkan.schemas.envelope import Envelope

STREAM, OTHER = UUID(int=1), UUID(int=2)
INSTANT = datetime(2026, 3, 2, tzinfo=UTC)


def event(index: int, version: int, stream: UUID = STREAM, partition: int = 0) -> Arrival:
    event_id = uuid5(stream, str(version))
    envelope = Envelope(event_id, "/samverkan/intake", "type", stream, version, INSTANT, INSTANT, stream, index)
    return Arrival(
        topic="topic",
        partition=partition,
        offset=index,
        stream_id=stream,
        version=version,
        log_index=index,
        envelope=envelope,
        leaf=leaf(index),
        entry=b"entry",
        value=b"value",
    )


def leaf(index: int) -> bytes:
    return bytes([index])


def test_events_after_the_heads_are_new() -> None:
    events = [event(7, 3), event(8, 1, OTHER), event(9, 4)]
    assert sort_out(events, {STREAM: (2, 0), OTHER: (0, 0)}, {}, {}) == (events, {})


def test_the_same_event_without_a_number_gets_the_one_that_it_had() -> None:
    events = [event(7, 3), event(8, 4)]
    standing = {(STREAM, 3): Standing(70, None, leaf(7)), (STREAM, 4): Standing(71, None, leaf(8))}
    assert sort_out(events, {STREAM: (4, 0)}, standing, {}) == ([], {7: 70, 8: 71})


def test_an_unnumbered_row_and_what_came_after_it_in_the_topic() -> None:
    standing = {(STREAM, 3): Standing(70, None, leaf(7))}
    assert sort_out([event(7, 3), event(8, 4)], {STREAM: (3, 0)}, standing, {}) == ([event(8, 4)], {7: 70})


def refusal(
    events: list[Arrival],
    version: int,
    standing: dict[tuple[UUID, int], Standing],
    elsewhere: dict[UUID, tuple[UUID, int]] | None = None,
) -> str:
    with pytest.raises(LogDiffers) as differs:
        sort_out(events, {STREAM: (version, 0)}, standing, elsewhere or {})
    return differs.value.code


def test_another_event_at_the_same_version_is_a_fork() -> None:
    assert refusal([event(7, 3)], 3, {(STREAM, 3): Standing(70, None, b"other")}) == "event-differs"


def test_the_same_event_under_two_numbers_is_a_fork() -> None:
    assert refusal([event(7, 3)], 3, {(STREAM, 3): Standing(70, 5, leaf(7))}) == "event-differs"


def test_an_event_id_that_stands_elsewhere_is_a_fork() -> None:
    arrival = event(7, 3)
    assert refusal([arrival], 2, {}, {arrival.envelope.id: (OTHER, 1)}) == "event-differs"


def test_a_stream_that_goes_on_above_a_hole_has_lost_an_event() -> None:
    assert refusal([event(7, 4)], 2, {}) == "version-missing"


def test_a_version_twice_in_the_topic_is_a_fork() -> None:
    assert refusal([event(7, 3), event(8, 3)], 2, {}) == "event-differs"


def test_a_stream_on_another_partition_is_a_difference() -> None:
    assert refusal([event(7, 3, partition=1)], 2, {}) == "partition-differs"
