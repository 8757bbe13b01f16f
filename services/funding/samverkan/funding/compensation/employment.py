"""What placement tells of the employment, and what it makes wrong here. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from samverkan.funding.compensation.amendment import wrong_months
from samverkan.funding.compensation.evolve import Event
from samverkan.funding.compensation.state import Compensation
from samverkan.schemas.decisions import AmendmentNeeded, Pay
from samverkan.schemas.recovery import CorrectionCause, EmploymentEndNoted


@dataclass(frozen=True)
class NoteEmploymentEnd:
    """The participant's last day at the workplace."""

    last_day_on: date


@dataclass(frozen=True)
class NoteCancellation:
    """The placement will not begin."""


@dataclass(frozen=True)
class NoteAbsence:
    """The participant is away from the workplace from that day, `until` as far as it is known."""

    away_from: date
    until: date | None


@dataclass(frozen=True)
class NoteEmploymentChange:
    """Other hours, another pay or an earlier last day were agreed: what applies from `applies_from` on, whole."""

    applies_from: date
    extent: Decimal
    ends_on: date
    gross_per_month: Decimal | None


def note_end(command: NoteEmploymentEnd, compensation: Compensation) -> Sequence[Event]:
    """Computed months with days after it, or after the end that was told before, need a correction. Never refused:
    without an application there is nothing to note."""
    if compensation.application is None or compensation.ended_on == command.last_day_on:
        return []
    noted = EmploymentEndNoted(last_day_on=command.last_day_on)
    earlier = [command.last_day_on, *([compensation.ended_on] if compensation.ended_on else [])]
    wrong_from = min(earlier) + timedelta(days=1)
    return [noted, *wrong_months(compensation, wrong_from, CorrectionCause.EMPLOYMENT_ENDED)]


def note_cancellation(_: NoteCancellation, compensation: Compensation) -> Sequence[Event]:
    """Its last day is the one before its first: nothing of it is supported, and none of the longest time is used."""
    if compensation.application is None:
        return []
    return note_end(NoteEmploymentEnd(compensation.application.starts_on - timedelta(days=1)), compensation)


def note_absence(command: NoteAbsence, compensation: Compensation) -> Sequence[Event]:
    """Absence lowers the gross, never the cap (domain.md section 4): what a return says that is filed from now on knows
    of it. Months that were computed before it was told have to be looked at. Never refused."""
    until = date.max if command.until is None else command.until
    return [*wrong_months(compensation, command.away_from, CorrectionCause.EMPLOYMENT_CHANGED, until)]


def note_change(command: NoteEmploymentChange, compensation: Compensation) -> Sequence[Event]:
    """The decision should be amended: somebody has to prepare it. Never refused."""
    application, decision = compensation.application, compensation.decision
    if application is None or decision is None or decision.rule_version is None:
        return []
    ends_on = compensation.ends_on
    if ends_on is None or command.applies_from > ends_on:
        return []
    event = AmendmentNeeded(
        valid_from=max(command.applies_from, application.starts_on),
        extent=command.extent,
        ends_on=min(command.ends_on, ends_on),
        economy=None if command.gross_per_month is None else Pay(gross_per_month=command.gross_per_month),
    )
    return [] if compensation.change_needed == event else [event]
