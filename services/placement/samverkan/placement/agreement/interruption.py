"""Away from a running placement, and back. Why stands in the health compartment, never in the open. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from samverkan.backbone.errors import Refused
from samverkan.placement.agreement.proposal import refuse_over
from samverkan.placement.agreement.state import Agreement, Event
from samverkan.schemas.placement import (
    Absence,
    AbsenceCause,
    PlacementInterrupted,
    PlacementProposed,
    PlacementResumed,
)


@dataclass(frozen=True)
class InterruptPlacement:
    """The participant is away from `interrupted_from` on."""

    interrupted_from: date
    cause: AbsenceCause
    expected_until: date | None = None


@dataclass(frozen=True)
class ResumePlacement:
    """The participant is back: `resumed_on` is the first day at the workplace again."""

    resumed_on: date


def interrupt(command: InterruptPlacement, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    """Refused: `not-started`, `already-interrupted`, `interruption-outside-period`."""
    interrupted = PlacementInterrupted(
        case_id=proposed.case_id,
        interrupted_from=command.interrupted_from,
        expected_until=command.expected_until,
        health=Absence(cause=command.cause),
    )
    if agreement.interrupted == interrupted:
        return []
    refuse_over(agreement)
    if agreement.starts_on is None or agreement.applies is None:
        raise Refused("not-started")
    if agreement.interrupted is not None:
        raise Refused("already-interrupted", interrupted_from=agreement.interrupted.interrupted_from.isoformat())
    first, last = agreement.resumed_on or agreement.starts_on, agreement.applies.ends_on
    backwards = command.expected_until is not None and command.expected_until < command.interrupted_from
    if not first <= command.interrupted_from <= last or backwards:
        raise Refused("interruption-outside-period", starts_on=first.isoformat(), ends_on=last.isoformat())
    return [interrupted]


def resume(command: ResumePlacement, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    """Refused: `not-interrupted`, `interruption-outside-period`."""
    refuse_over(agreement)
    if agreement.interrupted is None or agreement.applies is None:
        if agreement.resumed_on is not None and agreement.resumed_on == command.resumed_on:
            return []
        raise Refused("not-interrupted")
    since, last = agreement.interrupted.interrupted_from, agreement.applies.ends_on
    if not since < command.resumed_on <= last:
        raise Refused("interruption-outside-period", starts_on=since.isoformat(), ends_on=last.isoformat())
    return [PlacementResumed(case_id=proposed.case_id, interrupted_from=since, resumed_on=command.resumed_on)]
