"""What follows for a compensation from what placement publishes. Pure.

A placement may have several compensations, each extending the one before; which of them there are is not known here.
All that may be are told, and one that does not exist has nothing to note.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from samverkan.backbone.decider import Aggregate, Order
from samverkan.backbone.recorded import Recorded
from samverkan.funding.compensation.compensation import compensation_id
from samverkan.funding.compensation.employment import (
    NoteAbsence,
    NoteCancellation,
    NoteEmploymentChange,
    NoteEmploymentEnd,
)
from samverkan.funding.compensation.state import Compensation
from samverkan.schemas.event import Event
from samverkan.schemas.placement import (
    ChangeKind,
    PlacementCancelled,
    PlacementChanged,
    PlacementEndCorrected,
    PlacementEnded,
    PlacementInterrupted,
)

_EXTENSIONS: Final = 2  # of one placement: 12 months at a time and 36 in all, 4 years at a time and 8 in all
_CONCERNS_US: Final = frozenset({ChangeKind.HOURS, ChangeKind.PAY, ChangeKind.SHORTENED})

Reactions = Mapping[type[Event], Callable[[Recorded], Iterable[Order]]]


def reactions(compensation: Aggregate[Compensation]) -> Reactions:
    """The reactions on this aggregate."""

    def on_placement_ended(recorded: Recorded) -> list[Order]:
        """Computed months with days after the last day, or after a wrong one, are wrong."""
        event = recorded.event
        assert isinstance(event, PlacementEnded | PlacementEndCorrected)
        noted = NoteEmploymentEnd(event.last_day_on)
        return [Order(compensation, stream, noted) for stream in _compensations(recorded.stream_id)]

    def on_placement_changed(recorded: Recorded) -> list[Order]:
        """Other hours, pay or an earlier end: the decision should be amended."""
        event = recorded.event
        assert isinstance(event, PlacementChanged)
        if _CONCERNS_US.isdisjoint(event.kinds):
            return []
        gross = None if event.economy is None else event.economy.gross_per_month
        noted = NoteEmploymentChange(event.applies_from, event.extent, event.ends_on, gross)
        return [Order(compensation, stream, noted) for stream in _compensations(recorded.stream_id)]

    def on_placement_cancelled(recorded: Recorded) -> list[Order]:
        """It is granted no more, and uses none of the longest time."""
        return [Order(compensation, stream, NoteCancellation()) for stream in _compensations(recorded.stream_id)]

    def on_placement_interrupted(recorded: Recorded) -> list[Order]:
        """Months computed before it was told may hold pay for days away. That it was resumed makes none wrong."""
        event = recorded.event
        assert isinstance(event, PlacementInterrupted)
        noted = NoteAbsence(event.interrupted_from, event.expected_until)
        return [Order(compensation, stream, noted) for stream in _compensations(recorded.stream_id)]

    return {
        PlacementEnded: on_placement_ended,
        PlacementEndCorrected: on_placement_ended,
        PlacementChanged: on_placement_changed,
        PlacementCancelled: on_placement_cancelled,
        PlacementInterrupted: on_placement_interrupted,
    }


def _compensations(placement_id: UUID) -> Iterator[UUID]:
    current = compensation_id(placement_id)
    yield current
    for _ in range(_EXTENSIONS):
        current = compensation_id(placement_id, current)
        yield current
