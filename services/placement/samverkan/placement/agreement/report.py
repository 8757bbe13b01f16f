"""What an employer reports in a minute: an end, other hours, a long absence (SFS 2018:42 §33). Pure.

A report is recorded with its receipt and leads at once to what it says. Other hours are a change of the agreement, so
they are proposed with the employer's own approval, and the others are asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, assert_never
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.placement.agreement.approval import ApprovePlacement, approve
from samverkan.placement.agreement.change import ProposeChange, propose_change
from samverkan.placement.agreement.end import EndPlacement, end
from samverkan.placement.agreement.interruption import InterruptPlacement, interrupt
from samverkan.placement.agreement.state import Agreement, Event, evolve
from samverkan.schemas.placement import (
    Absence,
    AbsenceCause,
    Outcome,
    PlacementChangeReported,
    PlacementProposed,
    ReportKind,
)

# Sick pay is the employer's own through day 14 (SFS 1991:1047 §7): from the fifteenth the absence concerns others.
ABSENCE_DAYS: Final = 14


@dataclass(frozen=True)
class EndReport:
    """`last_day_on` was, or will be, the last day."""

    last_day_on: date
    outcome: Outcome = Outcome.OTHER


@dataclass(frozen=True)
class HoursReport:
    """`extent`, a share of full time, from `applies_from` on."""

    applies_from: date
    extent: Decimal


@dataclass(frozen=True)
class AbsenceReport:
    """Away for more than fourteen days, from `first_day_on`."""

    first_day_on: date
    cause: AbsenceCause = AbsenceCause.SICKNESS
    expected_until: date | None = None


Report = EndReport | HoursReport | AbsenceReport


@dataclass(frozen=True)
class ReportChange:
    """The employer reports. The same receipt is the same report."""

    receipt_id: UUID
    reported_on: date
    report: Report
    withheld: bool = False


def report_change(command: ReportChange, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    """Refused: what the reported thing itself is refused for, and `absence-too-short`."""
    if command.receipt_id in agreement.reports:
        return []
    reported, follows = _understood(command, agreement, proposed)
    return [reported, *follows]


def _understood(
    command: ReportChange, agreement: Agreement, proposed: PlacementProposed
) -> tuple[PlacementChangeReported, Sequence[Event]]:
    match command.report:
        case EndReport(last_day_on, outcome):
            reported = _reported(command, proposed, ReportKind.END, last_day_on)
            follows = end(EndPlacement(last_day_on, outcome), agreement, proposed)
            return reported.model_copy(update={"outcome": outcome}), follows
        case HoursReport(applies_from, extent):
            reported = _reported(command, proposed, ReportKind.HOURS, applies_from)
            change = propose_change(
                ProposeChange(applies_from, extent=extent, withheld=command.withheld), agreement, proposed
            )
            for event in change:
                agreement = evolve(agreement, event)
            approved = ApprovePlacement("employer", command.reported_on, withheld=command.withheld)
            approval = approve(approved, agreement, proposed)
            return reported.model_copy(update={"extent": extent}), [*change, *approval]
        case AbsenceReport(first_day_on, cause, expected_until):
            known_until = max(command.reported_on, expected_until or command.reported_on)
            if known_until - first_day_on < timedelta(days=ABSENCE_DAYS):
                raise Refused("absence-too-short", days=str(ABSENCE_DAYS), source="SFS 1991:1047 §7")
            reported = _reported(command, proposed, ReportKind.ABSENCE, first_day_on)
            follows = interrupt(InterruptPlacement(first_day_on, cause, expected_until), agreement, proposed)
            told = {"expected_until": expected_until, "health": Absence(cause=cause)}
            return reported.model_copy(update=told), follows
        case _:
            assert_never(command.report)


def _reported(
    command: ReportChange, proposed: PlacementProposed, kind: ReportKind, applies_from: date
) -> PlacementChangeReported:
    return PlacementChangeReported(
        case_id=proposed.case_id,
        receipt_id=command.receipt_id,
        kind=kind,
        applies_from=applies_from,
        reported_on=command.reported_on,
    )
