"""What follows for a case from what other services publish. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from samverkan.backbone.decider import Order
from samverkan.backbone.recorded import Recorded
from samverkan.intake.case.case import CASE
from samverkan.intake.case.placement_note import NotePlacement
from samverkan.intake.presence.period import NotePlacementEnded
from samverkan.intake.presence.presence import PRESENCE, presence_of_placement
from samverkan.schemas.event import Event
from samverkan.schemas.placement import PlacementEndCorrected, PlacementEnded, PlacementStarted


def on_placement_started(recorded: Recorded) -> list[Order]:
    """The case notes the first day at the workplace."""
    event = recorded.event
    assert isinstance(event, PlacementStarted)
    return [Order(CASE, event.case_id, NotePlacement(recorded.stream_id, "started", event.starts_on))]


def on_placement_ended(recorded: Recorded) -> list[Order]:
    """The case notes the last day at the workplace, and presence is reported until then."""
    event = recorded.event
    assert isinstance(event, PlacementEnded)
    presence = presence_of_placement(event.case_id, recorded.stream_id)
    return [
        Order(CASE, event.case_id, NotePlacement(recorded.stream_id, "ended", event.last_day_on)),
        Order(PRESENCE, presence, NotePlacementEnded(event.last_day_on)),
    ]


def on_placement_end_corrected(recorded: Recorded) -> list[Order]:
    """The case notes the right last day, and presence that had ended with the placement is reported until then."""
    event = recorded.event
    assert isinstance(event, PlacementEndCorrected)
    presence = presence_of_placement(event.case_id, recorded.stream_id)
    return [
        Order(CASE, event.case_id, NotePlacement(recorded.stream_id, "end-corrected", event.last_day_on)),
        Order(PRESENCE, presence, NotePlacementEnded(event.last_day_on, event.was_last_day_on)),
    ]


REACTIONS: Final[Mapping[type[Event], Callable[[Recorded], Iterable[Order]]]] = {
    PlacementStarted: on_placement_started,
    PlacementEnded: on_placement_ended,
    PlacementEndCorrected: on_placement_end_corrected,
}
