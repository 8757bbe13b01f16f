"""What an agency answers about a case: open fields, and one object per compartment, which is null when it is sealed.

`sealed` tells the two kinds of null apart: a compartment named there may hold something that this agency may not see;
one that is not named there and is null holds nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from samverkan.agency.benefit_view import BenefitRow
from samverkan.agency.case_course_view import CaseCourseRow
from samverkan.agency.case_view import CaseRow
from samverkan.agency.compensation_view import ClaimRow, CompensationRow
from samverkan.agency.notification_view import NotificationRow
from samverkan.agency.placement_view import CasePlacementRow
from samverkan.agency.sharing import sealed
from samverkan.schemas.event import Compartment

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Identity:
    """Who the participant is."""

    person_number: str | None
    name: str | None


@dataclass(frozen=True)
class Contact:
    """How the participant is reached."""

    telephone: str | None
    email: str | None
    language: str | None
    needs_interpreter: bool | None


@dataclass(frozen=True)
class Health:
    """Why support is needed, and the first and the latest answers of the shared assessment."""

    referral_reason: str | None
    first_scores: Mapping[str, int] | None
    latest_scores: Mapping[str, int] | None


@dataclass(frozen=True)
class CaseEconomy:
    """Kronor: decided in all, credited and forfeited until now."""

    credit_decided: Decimal | None
    credited: Decimal | None
    forfeited: Decimal | None


@dataclass(frozen=True)
class Employment:
    """Where and what the participant works."""

    employer_number: str | None
    employer_name: str | None
    workplace: str | None
    supervisor: str | None
    tasks: Sequence[str]


@dataclass(frozen=True)
class PlacementEconomy:
    """Pay in kronor per month at the agreed extent."""

    gross_per_month: Decimal | None
    birth_year: int | None


@dataclass(frozen=True)
class CompensationEconomy:
    """Kronor per full month, and over the whole decided period."""

    gross_per_month: Decimal | None
    cost_per_month: Decimal | None
    credit_per_month: Decimal | None
    own_cost_per_month: Decimal | None
    credit_in_all: Decimal | None


@dataclass(frozen=True)
class ClaimEconomy:
    """Kronor of one work month."""

    gross_paid: Decimal | None
    cost: Decimal | None
    credit: Decimal | None
    own_cost: Decimal | None
    credited: Decimal | None
    forfeited: Decimal | None


@dataclass(frozen=True)
class CaseAnswer:
    """A case in a list."""

    case_id: UUID
    programme: str | None
    referred_by: str | None
    agencies_needed: Sequence[str]
    received_on: date | None
    referrals: int
    consents: Mapping[str, Sequence[str]]
    enrolled_programme: str | None
    enrolled_on: date | None
    instrument: str | None
    instrument_version: int | None
    first_assessed_on: date | None
    latest_assessed_on: date | None
    placements_proposed: int
    placements_agreed: int
    placements_started: int
    placements_ended: int
    latest_started_on: date | None
    latest_ended_on: date | None
    compensations_approved: int
    compensations_refused: int
    claims_submitted: int
    claims_credited: int
    claims_forfeited: int
    notifications_delivered: int
    notifications_failed: int
    latest_delivered_at: datetime | None
    sealed: Sequence[str]
    identity: Identity | None
    contact: Contact | None
    health: Health | None
    economy: CaseEconomy | None


@dataclass(frozen=True)
class PlacementAnswer:
    """A placement of a case."""

    placement_id: UUID
    form: str | None
    starts_on: date | None
    ends_on: date | None
    extent: Decimal | None
    parties: Sequence[str]
    approved_by: Sequence[str]
    union_opinion: str | None
    consulted_on: date | None
    agreed_on: date | None
    granted: bool | None
    decided_on: date | None
    started_on: date | None
    last_day_on: date | None
    outcome: str | None
    employment: Employment | None
    economy: PlacementEconomy | None


@dataclass(frozen=True)
class ClaimAnswer:
    """A claimed work month, named by its first day."""

    work_month: date | None
    received_on: date | None
    credit_by: date | None
    rule_version: str | None
    credited_on: date | None
    forfeited_on: date | None
    last_day_on: date | None
    economy: ClaimEconomy | None


@dataclass(frozen=True)
class CompensationAnswer:
    """A compensation of a case, with its claims by work month."""

    compensation_id: UUID
    placement_id: UUID | None
    form: str | None
    starts_on: date | None
    ends_on: date | None
    extent: Decimal | None
    applied_on: date | None
    checked_on: date | None
    granted: bool | None
    decided_on: date | None
    refusal_code: str | None
    rule_version: str | None
    rule_source: str | None
    economy: CompensationEconomy | None
    claims: Sequence[ClaimAnswer]


@dataclass(frozen=True)
class BenefitEconomy:
    """Kronor at the least, for information: FK decides and pays."""

    paid: Decimal | None
    lost: Decimal | None


@dataclass(frozen=True)
class BenefitAnswer:
    """A benefit of the participant: from when, decided and applied for when, and the days lost in between."""

    benefit_id: UUID
    kind: str | None
    entitled_from: date | None
    entitled_until: date | None
    benefit_decided_on: date | None
    benefit_applied_on: date | None
    paid_from: date | None
    days_paid: int | None
    days_lost: int | None
    economy: BenefitEconomy | None


@dataclass(frozen=True)
class CaseCourseAnswer:
    """How far the case has come. By moment of the follow-up: the day, and by compartment what was recorded; an object
    is null where its compartment is sealed or holds nothing."""

    state: str
    since: date | None
    municipality: str | None
    contacts: Mapping[str, str]
    registrations: Mapping[str, str]
    paused_until_on: date | None
    closing_on: date | None
    exited_on: date | None
    six_months_on: date | None
    twelve_months_on: date | None
    moments: Mapping[str, str | None]
    causes: Sequence[Mapping[str, Any]] | None
    occupations: Mapping[str, Any] | None
    livelihoods: Mapping[str, Any] | None
    ages: Mapping[str, Any] | None


@dataclass(frozen=True)
class WholeCaseAnswer(CaseAnswer):
    """A case with all that belongs to it."""

    course: CaseCourseAnswer | None
    placements: Sequence[PlacementAnswer]
    compensations: Sequence[CompensationAnswer]
    benefits: Sequence[BenefitAnswer]
    notifications: Sequence[NotificationRow]


def case(row: CaseRow, shown: frozenset[Compartment]) -> CaseAnswer:
    """The case as it is shown with these compartments."""
    return _take(CaseAnswer, row, **_of_case(row, shown))


def whole_case(
    row: CaseRow,
    placements: Sequence[CasePlacementRow],
    compensations: Sequence[CompensationRow],
    claims: Sequence[ClaimRow],
    benefits: Sequence[BenefitRow],
    notifications: Sequence[NotificationRow],
    course: CaseCourseRow | None,
    shown: frozenset[Compartment],
) -> WholeCaseAnswer:
    """The case with all that belongs to it, as it is shown with these compartments."""
    return _take(
        WholeCaseAnswer,
        row,
        **_of_case(row, shown),
        course=None if course is None else _course(course, shown),
        placements=[_placement(one, shown) for one in placements],
        compensations=[_compensation(one, claims, shown) for one in compensations],
        benefits=[_benefit(one, shown) for one in benefits],
        notifications=notifications,
    )


def _of_case(row: CaseRow, shown: frozenset[Compartment]) -> dict[str, Any]:
    return {
        "sealed": sealed(shown),
        "identity": _part(Identity, row, Compartment.IDENTITY, shown),
        "contact": _part(Contact, row, Compartment.CONTACT, shown),
        "health": _part(Health, row, Compartment.HEALTH, shown),
        "economy": _part(CaseEconomy, row, Compartment.ECONOMY, shown),
    }


def _course(row: CaseCourseRow, shown: frozenset[Compartment]) -> CaseCourseAnswer:
    compartments = {
        "causes": Compartment.HEALTH,
        "occupations": Compartment.EMPLOYMENT,
        "livelihoods": Compartment.ECONOMY,
        "ages": Compartment.IDENTITY,
    }
    parts = {name: getattr(row, name) or None if one in shown else None for name, one in compartments.items()}
    return _take(CaseCourseAnswer, row, **parts)


def _placement(row: CasePlacementRow, shown: frozenset[Compartment]) -> PlacementAnswer:
    return _take(
        PlacementAnswer,
        row,
        employment=_part(Employment, row, Compartment.EMPLOYMENT, shown),
        economy=_part(PlacementEconomy, row, Compartment.ECONOMY, shown),
    )


def _benefit(row: BenefitRow, shown: frozenset[Compartment]) -> BenefitAnswer:
    return _take(BenefitAnswer, row, economy=_part(BenefitEconomy, row, Compartment.ECONOMY, shown))


def _compensation(
    row: CompensationRow, claims: Sequence[ClaimRow], shown: frozenset[Compartment]
) -> CompensationAnswer:
    months = [
        _take(ClaimAnswer, claim, economy=_part(ClaimEconomy, claim, Compartment.ECONOMY, shown))
        for claim in claims
        if claim.compensation_id == row.compensation_id
    ]
    economy = _part(CompensationEconomy, row, Compartment.ECONOMY, shown)
    return _take(CompensationAnswer, row, economy=economy, claims=months)


def _part(answer: type[Answer], row: object, compartment: Compartment, shown: frozenset[Compartment]) -> Answer | None:
    """The compartment's fields of the row; None when it is sealed, or holds nothing."""
    if compartment not in shown:
        return None
    part = _take(answer, row)
    return part if any(value not in (None, ()) for value in vars(part).values()) else None


def _take(answer: type[Answer], row: object, **given: Any) -> Answer:
    """An answer whose fields are those of the row with the same names, besides those given."""
    names = [field.name for field in fields(answer) if field.name not in given]  # type: ignore[arg-type]
    return answer(**{name: getattr(row, name) for name in names}, **given)
