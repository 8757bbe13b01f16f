from collections.abc import Collection
from dataclasses import dataclass, replace
from random import Random
from typing import ClassVar
from uuid import UUID

import pytest

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.testing.permute import assert_same_rows, interleavings, random_interleaving
from samverkan.backbone.testing.record import after, stream
from samverkan.backbone.view import View
from samverkan.schemas.catalogue import PARTICIPANT, PLACEMENT
from samverkan.schemas.participant import CaseReactionRefused
from samverkan.schemas.placement import PlacementReactionRefused

CASE, FIRST, SECOND = (UUID(int=number) for number in (1, 2, 3))
case = stream(PARTICIPANT, CASE, *(CaseReactionRefused(command="a", code=code) for code in "ab"))
first = stream(PLACEMENT, FIRST, *(PlacementReactionRefused(command="b", code=code) for code in "cd"), case_id=CASE)
second = stream(
    PLACEMENT, SECOND, PlacementReactionRefused(command="b", code="e"), case_id=CASE, requires=[after(case[1])]
)


@dataclass(frozen=True)
class Row:
    case_id: UUID
    number: int = 0
    last: str | None = None


class Counted(View[Row]):
    table: ClassVar = "counted"
    row: ClassVar = Row

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        return [recorded.envelope.correlation_id]

    def fold(self, row: Row, recorded: Recorded) -> Row:  # noqa: ARG002 - a count needs nothing of the event
        return replace(row, number=row.number + 1)


class LastSeen(Counted):
    def fold(self, row: Row, recorded: Recorded) -> Row:
        return replace(row, last=getattr(recorded.event, "code", None))


def test_every_order_of_two_free_streams_is_told_once() -> None:
    orders = list(interleavings([case, first]))
    assert len(orders) == len(set(orders)) == 6
    for order in orders:
        assert [event for event in order if event in case] == case
        assert [event for event in order if event in first] == first


def test_what_is_required_comes_first() -> None:
    orders = list(interleavings([case, first, second]))
    # Of the 5!/(2!·2!·1!) = 30 orders those in which `second` stands after both of `case`: a third.
    assert len(orders) == 10
    assert all(order.index(second[0]) > order.index(case[1]) for order in orders)


def test_a_requirement_on_a_stream_that_is_not_given_is_ignored() -> None:
    assert len(list(interleavings([first, second]))) == 3


def test_random_orders_are_allowed_ones_and_repeatable() -> None:
    allowed = set(interleavings([case, first, second]))
    drawn = [random_interleaving([case, first, second], Random(seed)) for seed in range(20)]
    assert set(drawn) <= allowed
    assert drawn == [random_interleaving([case, first, second], Random(seed)) for seed in range(20)]


def test_streams_that_require_each_other_are_a_mistake_of_the_test() -> None:
    knotted = [case[0]._replace(envelope=case[0].envelope._replace(requires=(after(second[0]),))), case[1]]
    with pytest.raises(AssertionError, match="require each other"):
        next(interleavings([knotted, second]))


def test_s7_a_count_is_the_same_in_every_order() -> None:
    assert assert_same_rows([Counted()], [case, first, second])["counted"] == {CASE: Row(CASE, 5)}


def test_s7_the_last_one_seen_is_not() -> None:
    with pytest.raises(AssertionError, match="give different rows"):
        assert_same_rows([LastSeen()], [case, first, second])
