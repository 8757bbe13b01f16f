"""What deadlines rest on, folded from other services' events. Pure. A new event that ends or moves one comes here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import replace
from samverkan.schemas.budget import AnnualReportGiven, BudgetAdopted, BudgetDrafted
from samverkan.schemas.casework import CaseTransferred
from samverkan.schemas.catalogue import AGENCIES, Role
from samverkan.schemas.course import (
    CaseDeclined,
    CasePaused,
    CaseReopened,
    CaseResumed,
    FollowUpCounted,
    FollowUpRecorded,
    Moment,
    ParticipantExited,
)
from samverkan.schemas.decisions import CompensationAmended, CompensationRevoked, RevocationLifted
from samverkan.schemas.event import Event
from samverkan.schemas.funding import ClaimForfeited, ClaimSubmitted, CompensationApproved
from samverkan.schemas.participant import AssessmentRecorded, ParticipantEnrolled, ParticipantReferred, ReferralRepeated
from samverkan.schemas.placement import (
    PlacementCancelled,
    PlacementChanged,
    PlacementEndCorrected,
    PlacementEnded,
    PlacementExtended,
)
from samverkan.schemas.support import ActivityDone, ActivityDropped, ActivityPlanned, PlanClosed, PlanWritten

OF_COMPENSATION: Final[tuple[type[Event], ...]] = (
    CompensationApproved,
    CompensationAmended,
    CompensationRevoked,
    RevocationLifted,
    ClaimSubmitted,
    ClaimForfeited,
)
OF_BUDGET: Final[tuple[type[Event], ...]] = (BudgetDrafted, BudgetAdopted, AnnualReportGiven)
OF_PLACEMENT: Final[tuple[type[Event], ...]] = (
    PlacementEnded,
    PlacementEndCorrected,
    PlacementCancelled,
    PlacementChanged,
    PlacementExtended,
)
OF_CASE: Final[tuple[type[Event], ...]] = (
    ParticipantReferred,
    ReferralRepeated,
    CaseTransferred,
    ParticipantEnrolled,
    AssessmentRecorded,
    CasePaused,
    CaseResumed,
    ParticipantExited,
    FollowUpRecorded,
    FollowUpCounted,
    CaseDeclined,
    CaseReopened,
)
OF_PLAN: Final[tuple[type[Event], ...]] = (PlanWritten, ActivityPlanned, ActivityDone, ActivityDropped, PlanClosed)


MUNICIPALITIES: Final = frozenset(agency.code for agency in AGENCIES if agency.role is Role.MUNICIPALITY)
_MONTHS: Final = {Moment.SIX_MONTHS: 6, Moment.TWELVE_MONTHS: 12}

NEVER: Final = date.min  # the last day of a placement that will not begin: before any month


@dataclass(frozen=True)
class CompensationFacts:
    """A granted compensation: its period, and the work months that nobody needs to claim any more. No day from
    `revoked_from` on is supported."""

    compensation_id: UUID
    version: int = 0
    case_id: UUID | None = None
    placement_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    closed_months: tuple[date, ...] = ()
    revoked_from: date | None = None
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
    """A case: when the person was enrolled, assessed last and left, and which follow-ups were made (in months); the
    code of the municipality that has it."""

    case_id: UUID
    version: int = 0
    enrolled_on: date | None = None
    assessed_on: date | None = None
    exited_on: date | None = None
    followed_up: tuple[int, ...] = ()
    closed: bool = False
    paused: bool = False
    municipality: str | None = None
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


@dataclass(frozen=True)
class PlanFacts:
    """A plan: what its latest revision has that is neither done nor dropped, by the activity's id."""

    plan_id: UUID
    version: int = 0
    case_id: UUID | None = None
    open_activities: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
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
        case CompensationAmended(ends_on=day):
            return replace(facts, ends_on=day)
        case CompensationRevoked(revoked_from=day):
            return replace(facts, revoked_from=day)
        case RevocationLifted():
            return replace(facts, revoked_from=None)
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
        case ParticipantReferred() | ReferralRepeated() as referred:
            return replace(facts, municipality=_in_charge(facts, referred))
        case CaseTransferred(to_agency=code):
            return replace(facts, municipality=code)
        case ParticipantEnrolled(enrolled_on=day):
            return replace(facts, enrolled_on=day)
        case AssessmentRecorded(assessed_on=day):
            return replace(facts, assessed_on=max(day, facts.assessed_on or day))
        case CasePaused():
            return replace(facts, paused=True)
        case CaseResumed():
            return replace(facts, paused=False)
        case ParticipantExited(exited_on=day):
            return replace(facts, exited_on=day, paused=False)
        case FollowUpRecorded(moment=moment) | FollowUpCounted(moment=moment) if moment in _MONTHS:
            return replace(facts, followed_up=tuple(sorted({*facts.followed_up, _MONTHS[moment]})))
        case CaseDeclined():
            return replace(facts, closed=True)
        case CaseReopened():  # everything begins anew; what municipality it is, is known
            return CaseFacts(facts.case_id, facts.version, municipality=facts.municipality)
        case _:
            return facts


def plan(facts: PlanFacts, recorded: Recorded) -> PlanFacts:
    """The facts after this event."""
    facts = replace(facts, version=recorded.envelope.version)
    match recorded.event:
        case PlanWritten(case_id=case_id):  # an activity that this revision has follows as an event of its own
            return replace(facts, case_id=case_id, open_activities={})
        case ActivityPlanned(activity_id=key) as planned:
            told = {"responsible": planned.responsible, "due_on": planned.due_on.isoformat()}
            return replace(facts, case_id=planned.case_id, open_activities={**facts.open_activities, str(key): told})
        case ActivityDone(activity_id=key) | ActivityDropped(activity_id=key):
            left = {name: told for name, told in facts.open_activities.items() if name != str(key)}
            return replace(facts, open_activities=left)
        case PlanClosed():
            return replace(facts, open_activities={})
        case _:
            return facts


def _in_charge(facts: CaseFacts, referred: ParticipantReferred | ReferralRepeated) -> str | None:
    """The first municipality that took part; in a new participation the one that the referral names."""
    codes = (referred.referred_by, *referred.agencies_needed)
    named = next((code for code in codes if code in MUNICIPALITIES), None)
    is_over = facts.closed or facts.exited_on is not None
    return named or facts.municipality if is_over else facts.municipality or named
