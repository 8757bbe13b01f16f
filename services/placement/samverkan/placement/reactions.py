"""What follows for an agreement from what other services publish. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from samverkan.backbone.decider import Order
from samverkan.backbone.recorded import Recorded
from samverkan.placement.agreement.agreement import AGREEMENT
from samverkan.placement.agreement.decision import AmendDecision, LiftRevocation, RecordDecision, RevokeDecision
from samverkan.schemas.decisions import CompensationAmended, CompensationRevoked, RevocationLifted
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


def on_compensation_amended(recorded: Recorded) -> list[Order]:
    """The start guard and the employer's page learn until when the changed decision covers."""
    event = recorded.event
    assert isinstance(event, CompensationAmended)
    return [Order(AGREEMENT, event.placement_id, AmendDecision(recorded.stream_id, event.decided_on, event.ends_on))]


def on_compensation_revoked(recorded: Recorded) -> list[Order]:
    """The same of a decision that was revoked from a day on."""
    event = recorded.event
    assert isinstance(event, CompensationRevoked)
    revoked = RevokeDecision(recorded.stream_id, event.decided_on, event.revoked_from)
    return [Order(AGREEMENT, event.placement_id, revoked)]


def on_revocation_lifted(recorded: Recorded) -> list[Order]:
    """The same of a revocation that was taken back."""
    event = recorded.event
    assert isinstance(event, RevocationLifted)
    return [Order(AGREEMENT, event.placement_id, LiftRevocation(recorded.stream_id, event.lifted_on))]


REACTIONS: Final[Mapping[type[Event], Callable[[Recorded], Iterable[Order]]]] = {
    CompensationApproved: on_compensation_approved,
    CompensationRefused: on_compensation_refused,
    CompensationAmended: on_compensation_amended,
    CompensationRevoked: on_compensation_revoked,
    RevocationLifted: on_revocation_lifted,
}
