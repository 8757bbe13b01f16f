"""Funding's decision as it reaches the agreement: granted or refused, shortened, revoked, and that taken back. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import assert_never
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.placement.agreement.change import in_force
from samverkan.placement.agreement.state import Agreement, Event
from samverkan.schemas.placement import DecisionRecorded, PlacementProposed


@dataclass(frozen=True)
class RecordDecision:
    """Funding decided. `ends_on`: the last day that the decision covers. `starts_on` and `extent`: what was granted."""

    compensation_id: UUID
    granted: bool
    decided_on: date
    ends_on: date | None = None
    starts_on: date | None = None
    extent: Decimal | None = None


@dataclass(frozen=True)
class AmendDecision:
    """Funding changed its decision: `ends_on` is the last day that it covers now."""

    compensation_id: UUID
    changed_on: date
    ends_on: date


@dataclass(frozen=True)
class RevokeDecision:
    """Funding revoked its decision: no day from `revoked_from` on is covered."""

    compensation_id: UUID
    changed_on: date
    revoked_from: date


@dataclass(frozen=True)
class LiftRevocation:
    """A review or a court took the revocation back: it is as if it had never been decided."""

    compensation_id: UUID
    changed_on: date


ChangeDecision = AmendDecision | RevokeDecision | LiftRevocation


def record_decision(command: RecordDecision, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    """A decision is recorded whenever it comes, also after the end; it puts an agreed extension in force.

    Refused `decision-on-other-terms`: it was applied for under an earlier revision, and no start may rest on it.
    """
    decision = DecisionRecorded(
        compensation_id=command.compensation_id,
        granted=command.granted,
        decided_on=command.decided_on,
        ends_on=command.ends_on,
    )
    if decision == agreement.decision:
        return []
    before_start = command.granted and command.starts_on is not None and agreement.starts_on is None
    decided = (command.starts_on, command.ends_on, command.extent)
    if before_start and decided != (proposed.starts_on, proposed.ends_on, proposed.extent):
        raise Refused("decision-on-other-terms")
    change = agreement.change
    if change is None or change.agreed_on is None or not command.granted:
        return [decision]
    if command.ends_on is None or command.ends_on < change.applies.ends_on:
        return [decision]
    return [decision, in_force(change, proposed, change.agreed_on)]


def change_decision(command: ChangeDecision, agreement: Agreement) -> Sequence[Event]:
    """The decision that the agreement rests on, as it is now. Nothing when it rests on another one, or on none.

    The agreement stays what the parties made it: only they shorten or end a placement whose support ends before it.
    """
    decision = agreement.decision
    if decision is None or decision.compensation_id != command.compensation_id:
        return []
    match command:
        case AmendDecision(ends_on=day):
            now = decision.model_copy(update={"ends_on": day})
        case RevokeDecision(revoked_from=day):
            now = decision.model_copy(update={"revoked_from": day})
        case LiftRevocation():
            now = decision.model_copy(update={"revoked_from": None})
        case _:
            assert_never(command)
    return [] if now == decision else [now.model_copy(update={"changed_on": command.changed_on})]
