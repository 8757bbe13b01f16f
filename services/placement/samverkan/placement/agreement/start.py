"""The start, and its guard: it rests on the union's opinion, the agreement and funding's decision. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from samverkan.backbone.errors import Refused
from samverkan.placement.agreement.proposal import refuse_over
from samverkan.placement.agreement.state import Agreement, Event
from samverkan.schemas.placement import DecisionRecorded, PlacementProposed, PlacementStarted


@dataclass(frozen=True)
class StartPlacement:
    """The participant begins at the workplace.

    `previous_ends_on`: the last day, known or agreed, of the placement that this one follows; None without one.
    """

    starts_on: date
    previous_ends_on: date | None = None


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
        _refuse_uncovered(starts_on, agreement.decision)
    if not proposed.starts_on <= starts_on <= proposed.ends_on:
        raise Refused(
            "starts-outside-period", starts_on=proposed.starts_on.isoformat(), ends_on=proposed.ends_on.isoformat()
        )
    if command.previous_ends_on is not None and starts_on <= command.previous_ends_on:
        raise Refused("previous-not-ended", ends_on=command.previous_ends_on.isoformat())
    return [PlacementStarted(case_id=proposed.case_id, starts_on=starts_on)]


def _refuse_uncovered(starts_on: date, decision: DecisionRecorded) -> None:
    if not decision.granted:
        raise Refused("decision-refused", decided_on=decision.decided_on.isoformat())
    if starts_on < decision.decided_on:
        raise Refused("starts-before-decision", decided_on=decision.decided_on.isoformat())
    if decision.revoked_from is not None and starts_on >= decision.revoked_from:
        raise Refused("decision-revoked", revoked_from=decision.revoked_from.isoformat())
    if decision.ends_on is not None and starts_on > decision.ends_on:
        raise Refused("starts-after-decision", ends_on=decision.ends_on.isoformat())
