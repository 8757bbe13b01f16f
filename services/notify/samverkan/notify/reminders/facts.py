"""What deadlines rest on, folded from other services' events. Pure. A new event that ends or moves one comes here."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import replace
from samverkan.schemas.budget import AnnualReportGiven, BudgetAdopted, BudgetDrafted
from samverkan.schemas.event import Event
from samverkan.schemas.funding import ClaimForfeited, ClaimSubmitted, CompensationApproved
from samverkan.schemas.participant import AssessmentRecorded, ParticipantEnrolled
from samverkan.schemas.placement import (
    PlacementCancelled,
    PlacementChanged,
    PlacementEndCorrected,
    PlacementEnded,
    PlacementExtended,
)

OF_COMPENSATION: Final[tuple[type[Event], ...]] = (CompensationApproved, ClaimSubmitted, ClaimForfeited)
OF_BUDGET: Final[tuple[type[Event], ...]] = (BudgetDrafted, BudgetAdopted, AnnualReportGiven)
OF_PLACEMENT: Final[tuple[type[Event], ...]] = (
    PlacementEnded,
    PlacementEndCorrected,
    PlacementCancelled,
    PlacementChanged,
    PlacementExtended,
)
OF_CASE: Final[tuple[type[Event], ...]] = (ParticipantEnrolled, AssessmentRecorded)


NEVER: Final = date.min  # the last day of a placement that will not begin: before any month


@dataclass(frozen=True)
class CompensationFacts:
    """A granted compensation: its period, and the work months that nobody needs to claim any more."""

    compensation_id: UUID
    version: int = 0
    case_id: UUID | None = None
    placement_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    closed_months: tuple[date, ...] = ()
    look_from: date | None = None
    look_until: date | None = None


@dataclass(frozen=True)
class PlacementFacts:
    """A placement: its last day, once it is another than the decision's."""

    placement_id: UUID
    version: int = 0
    last_day_on: date | None = None


@dataclass(frozen=True)
class CaseFacts:
    """A case: when the person was enrolled, assessed last and left, and which follow-ups were made (in months)."""

    case_id: UUID
    version: int = 0
    enrolled_on: date | None = None
    assessed_on: date | None = None
    exited_on: date | None = None
    followed_up: tuple[int, ...] = ()
    closed: bool = False
    look_from: date | None = None
    look_until: date | None = None


@dataclass(frozen=True)
class BudgetFacts:
    """A Finsam budget: its year, and how far it has come."""

    budget_id: UUID
    version: int = 0
    year: int | None = None
    adopted: bool = False
    reported: bool = False
    look_from: date | None = None
    look_until: date | None = None


def budget(facts: BudgetFacts, recorded: Recorded) -> BudgetFacts:
    """The facts after this event."""
    facts = replace(facts, version=recorded.envelope.version)
    match recorded.event:
        case BudgetDrafted(year=year):
            return replace(facts, year=year)
        case BudgetAdopted():
            return replace(facts, adopted=True)
        case AnnualReportGiven():
            return replace(facts, reported=True)
        case _:
            return facts


def compensation(facts: CompensationFacts, recorded: Recorded) -> CompensationFacts:
    """The facts after this event."""
    facts = replace(facts, version=recorded.envelope.version)
    match recorded.event:
        case CompensationApproved() as approved:
            return replace(
                facts,
                case_id=approved.case_id,
                placement_id=approved.placement_id,
                starts_on=approved.starts_on,
                ends_on=approved.ends_on,
            )
        case ClaimSubmitted(work_month=month) | ClaimForfeited(work_month=month):
            return replace(facts, closed_months=tuple(sorted({*facts.closed_months, month})))
        case _:
            return facts


def placement(facts: PlacementFacts, recorded: Recorded) -> PlacementFacts:
    """The facts after this event."""
    facts = replace(facts, version=recorded.envelope.version)
    match recorded.event:
        case PlacementEnded(last_day_on=day) | PlacementEndCorrected(last_day_on=day):
            return replace(facts, last_day_on=day)
        case PlacementChanged(ends_on=day) | PlacementExtended(ends_on=day):
            return replace(facts, last_day_on=day)
        case PlacementCancelled():
            return replace(facts, last_day_on=NEVER)
        case _:
            return facts


def case(facts: CaseFacts, recorded: Recorded) -> CaseFacts:
    """The facts after this event."""
    facts = replace(facts, version=recorded.envelope.version)
    match recorded.event:
        case ParticipantEnrolled(enrolled_on=day):
            return replace(facts, enrolled_on=day)
        case AssessmentRecorded(assessed_on=day):
            return replace(facts, assessed_on=max(day, facts.assessed_on or day))
        case _:
            return facts
