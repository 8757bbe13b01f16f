"""What follows for an agreement from what other services publish. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from samverkan.backbone.decider import Order
from samverkan.backbone.recorded import Recorded
from samverkan.placement.agreement.agreement import AGREEMENT
from samverkan.placement.agreement.start import RecordDecision
from samverkan.schemas.event import Event
from samverkan.schemas.funding import CompensationApproved, CompensationRefused


def on_compensation_approved(recorded: Recorded) -> list[Order]:
    """The start guard learns that funding granted the compensation, on which day, and until when."""
    event = recorded.event
    assert isinstance(event, CompensationApproved)
    decision = RecordDecision(recorded.stream_id, True, event.decided_on, event.ends_on, event.starts_on, event.extent)
    return [Order(AGREEMENT, event.placement_id, decision)]


def on_compensation_refused(recorded: Recorded) -> list[Order]:
    """The start guard learns that funding refused the compensation."""
    event = recorded.event
    assert isinstance(event, CompensationRefused)
    return [Order(AGREEMENT, event.placement_id, RecordDecision(recorded.stream_id, False, event.decided_on))]


REACTIONS: Final[Mapping[type[Event], Callable[[Recorded], Iterable[Order]]]] = {
    CompensationApproved: on_compensation_approved,
    CompensationRefused: on_compensation_refused,
}
