"""Funding's decision, and the start guard that rests on it, the agreement and the union's opinion. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.placement.agreement.change import in_force
from samverkan.placement.agreement.proposal import refuse_over
from samverkan.placement.agreement.state import Agreement, Event
from samverkan.schemas.placement import DecisionRecorded, PlacementProposed, PlacementStarted


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
class StartPlacement:
    """The participant begins at the workplace.

    `previous_ends_on`: the last day, known or agreed, of the placement that this one follows; None without one.
    """

    starts_on: date
    previous_ends_on: date | None = None


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


def start(command: StartPlacement, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    """The refusal names the first thing that is missing: consultation, agreement, decision, period, predecessor."""
    if agreement.starts_on is not None and agreement.starts_on == command.starts_on:
        return []  # the same start twice is one start
    refuse_over(agreement)
    if agreement.starts_on is not None:
        raise Refused("already-started", starts_on=agreement.starts_on.isoformat())
    form, starts_on = agreement.form, command.starts_on
    if form.needs_union:
        if agreement.consulted is None:
            raise Refused("union-not-consulted", source=form.union_source)
        if starts_on < agreement.consulted.consulted_on:
            raise Refused("starts-before-consultation", consulted_on=agreement.consulted.consulted_on.isoformat())
    if agreement.agreed_on is None:
        raise Refused("not-agreed")
    if starts_on < agreement.agreed_on:
        raise Refused("starts-before-agreement", agreed_on=agreement.agreed_on.isoformat())
    if form.needs_decision:
        if agreement.decision is None:
            raise Refused("no-decision", source=form.decision_source)
        if not agreement.decision.granted:
            raise Refused("decision-refused", decided_on=agreement.decision.decided_on.isoformat())
        if starts_on < agreement.decision.decided_on:
            raise Refused("starts-before-decision", decided_on=agreement.decision.decided_on.isoformat())
    if not proposed.starts_on <= starts_on <= proposed.ends_on:
        raise Refused(
            "starts-outside-period", starts_on=proposed.starts_on.isoformat(), ends_on=proposed.ends_on.isoformat()
        )
    if command.previous_ends_on is not None and starts_on <= command.previous_ends_on:
        raise Refused("previous-not-ended", ends_on=command.previous_ends_on.isoformat())
    return [PlacementStarted(case_id=proposed.case_id, starts_on=starts_on)]
