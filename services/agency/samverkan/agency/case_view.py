"""One row per shared case, fed by all topics.

Several placements and compensations of one case are several streams of one family, and they reach an agency in any
order. What they write here is therefore a count, a sum or a latest date, never "the last one seen" (S7).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.agency.consents import Grant, granted, in_force, open_grants, taken_back
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.casework import CaseTransferred
from samverkan.schemas.catalogue import FUNDING, NOTIFICATION, PARTICIPANT, PLACEMENT
from samverkan.schemas.consent import ConsentWithdrawn
from samverkan.schemas.course import AnonymousParticipationCounted
from samverkan.schemas.funding import (
    ClaimCredited,
    ClaimForfeited,
    ClaimSubmitted,
    CompensationApproved,
    CompensationRefused,
)
from samverkan.schemas.notification import NotificationDelivered, NotificationFailed
from samverkan.schemas.participant import (
    AssessmentRecorded,
    ConsentGiven,
    Contact,
    ParticipantEnrolled,
    ParticipantReferred,
    ReferralRepeated,
)
from samverkan.schemas.person import ContactChanged, IdentityChanged, ProtectionLifted, ProtectionMarked
from samverkan.schemas.placement import (
    PlacementAgreed,
    PlacementEndCorrected,
    PlacementEnded,
    PlacementProposed,
    PlacementStarted,
)


@dataclass(frozen=True)
class CaseRow:
    """A case as this agency may know it. Amounts in kronor; None where nothing is known or nothing is readable."""

    case_id: UUID

    # owned by samverkan.participant; `consents` lists the compartments agreed to, by agency
    programme: str | None = None
    referred_by: str | None = None
    agencies_needed: tuple[str, ...] = ()
    received_on: date | None = None
    referrals: int = 0
    consents: Mapping[str, list[str]] = field(default_factory=dict)
    enrolled_programme: str | None = None
    enrolled_on: date | None = None
    instrument: str | None = None
    instrument_version: int | None = None
    first_assessed_on: date | None = None
    latest_assessed_on: date | None = None
    person_number: str | None = None
    name: str | None = None
    telephone: str | None = None
    email: str | None = None
    language: str | None = None
    needs_interpreter: bool | None = None
    referral_reason: str | None = None
    first_scores: Mapping[str, int] | None = None
    latest_scores: Mapping[str, int] | None = None

    # owned by samverkan.placement
    placements_proposed: int = 0
    placements_agreed: int = 0
    placements_started: int = 0
    placements_ended: int = 0
    latest_started_on: date | None = None
    latest_ended_on: date | None = None

    # owned by samverkan.funding
    compensations_approved: int = 0
    compensations_refused: int = 0
    claims_submitted: int = 0
    claims_credited: int = 0
    claims_forfeited: int = 0
    credit_decided: Decimal | None = None
    credited: Decimal | None = None
    forfeited: Decimal | None = None

    # owned by samverkan.notification
    notifications_delivered: int = 0
    notifications_failed: int = 0
    latest_delivered_at: datetime | None = None

    # owned by samverkan.participant; what `consents` follows from (consents.py)
    grants: tuple[Grant, ...] = ()
    keeper: str | None = None
    anonymous: bool = False

    # owned by samverkan.placement; placement → its last day, what `latest_ended_on` follows from
    last_days: Mapping[str, str] = field(default_factory=dict)

    # owned by samverkan.participant; the agencies from which any consent was taken back
    taken_back_from: tuple[str, ...] = ()


class SharedCases(View[CaseRow]):
    """The shared case."""

    table: ClassVar = "shared_case"
    row: ClassVar = CaseRow

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The case that the event belongs to: its conversation, unless that is a budget's."""
        about_case = recorded.event.about_case and not getattr(recorded.event, "about_budget", False)
        return [recorded.envelope.correlation_id] if about_case else []

    def fold(self, row: CaseRow, recorded: Recorded) -> CaseRow:
        """Each topic writes its own columns only."""
        match recorded.topic:
            case PARTICIPANT.name:
                return _participant(row, recorded)
            case PLACEMENT.name:
                return _placement(row, recorded)
            case FUNDING.name:
                return _funding(row, recorded)
            case NOTIFICATION.name:
                return _notification(row, recorded)
            case _:
                return row


def _participant(row: CaseRow, recorded: Recorded) -> CaseRow:
    match recorded.event:
        case ParticipantReferred() as referred:
            return replace(
                _referred(row, referred),
                programme=referred.programme.value,
                referred_by=referred.referred_by,
                received_on=referred.received_on,
            )
        case ReferralRepeated() as repeated:
            return _referred(row, repeated)
        case ConsentGiven() | ConsentWithdrawn() | CaseTransferred():
            return _consented(row, granted(row.grants, recorded))
        case ProtectionMarked(keeper=keeper):
            return _shared(replace(row, keeper=keeper))
        case ProtectionLifted():
            return _shared(replace(row, keeper=None))
        case AnonymousParticipationCounted():
            return _shared(replace(row, anonymous=True))
        case IdentityChanged(identity=identity) if identity is not None:
            return replace(row, person_number=identity.person_number, name=identity.name)
        case ContactChanged(contact=contact):
            return _reached(row, contact)
        case AssessmentRecorded() as assessed:
            return _assessed(row, assessed)
        case ParticipantEnrolled() as enrolled:
            return replace(row, enrolled_programme=enrolled.programme.value, enrolled_on=enrolled.enrolled_on)
        case _:
            return row


def _referred(row: CaseRow, event: ParticipantReferred | ReferralRepeated) -> CaseRow:
    """What a later referral leaves out stays as it was."""
    row = replace(
        row,
        referrals=row.referrals + 1,
        agencies_needed=tuple(sorted({*row.agencies_needed, *event.agencies_needed})),
    )
    if event.identity is not None:
        row = replace(row, person_number=event.identity.person_number, name=event.identity.name or row.name)
    row = _reached(row, event.contact)
    if event.health is not None:
        row = replace(row, referral_reason=event.health.reason)
    return row


def _consented(row: CaseRow, grants: tuple[Grant, ...]) -> CaseRow:
    """Only what is in force stays here: every event of the case writes this row. Their history has rows of its own."""
    taken_back_from = tuple(sorted({*row.taken_back_from, *taken_back(grants)}))
    return _shared(replace(row, grants=open_grants(grants), taken_back_from=taken_back_from))


def _shared(row: CaseRow) -> CaseRow:
    """What follows from the consents in force and from who keeps the data for each agency."""
    return replace(row, consents=in_force(row.grants, row.keeper, anonymous=row.anonymous))


def _reached(row: CaseRow, contact: Contact | None) -> CaseRow:
    """What is left out stays."""
    if contact is None:
        return row
    asks = contact.needs_interpreter
    return replace(
        row,
        telephone=contact.telephone or row.telephone,
        email=contact.email or row.email,
        language=contact.language or row.language,
        needs_interpreter=row.needs_interpreter if asks is None else asks,
    )


def _assessed(row: CaseRow, event: AssessmentRecorded) -> CaseRow:
    """The first and the latest by the day they were taken: their difference is the individual gain."""
    scores = None if event.health is None else dict(event.health.scores)
    if row.first_assessed_on is None or event.assessed_on < row.first_assessed_on:
        row = replace(row, first_assessed_on=event.assessed_on, first_scores=scores)
    if row.latest_assessed_on is None or event.assessed_on >= row.latest_assessed_on:
        row = replace(
            row,
            latest_assessed_on=event.assessed_on,
            latest_scores=scores,
            instrument=event.instrument,
            instrument_version=event.instrument_version,
        )
    return row


def _placement(row: CaseRow, recorded: Recorded) -> CaseRow:
    match recorded.event:
        case PlacementProposed(revision=None):
            return replace(row, placements_proposed=row.placements_proposed + 1)
        case PlacementAgreed(again=None):
            return replace(row, placements_agreed=row.placements_agreed + 1)
        case PlacementStarted(starts_on=day):
            latest = max(day, row.latest_started_on or day)
            return replace(row, placements_started=row.placements_started + 1, latest_started_on=latest)
        case PlacementEnded(last_day_on=day):
            return _ended(replace(row, placements_ended=row.placements_ended + 1), recorded.stream_id, day)
        case PlacementEndCorrected(last_day_on=day):
            return _ended(row, recorded.stream_id, day)
        case _:
            return row


def _ended(row: CaseRow, placement_id: UUID, last_day_on: date) -> CaseRow:
    last_days = {**row.last_days, str(placement_id): last_day_on.isoformat()}
    return replace(row, last_days=last_days, latest_ended_on=date.fromisoformat(max(last_days.values())))


def _funding(row: CaseRow, recorded: Recorded) -> CaseRow:
    match recorded.event:
        case CompensationApproved(economy=amounts):
            decided = _plus(row.credit_decided, None if amounts is None else amounts.credit_in_all)
            return replace(row, compensations_approved=row.compensations_approved + 1, credit_decided=decided)
        case CompensationRefused():
            return replace(row, compensations_refused=row.compensations_refused + 1)
        case ClaimSubmitted():
            return replace(row, claims_submitted=row.claims_submitted + 1)
        case ClaimCredited(economy=amount):
            credited = _plus(row.credited, None if amount is None else amount.credit)
            return replace(row, claims_credited=row.claims_credited + 1, credited=credited)
        case ClaimForfeited(economy=amount):
            forfeited = _plus(row.forfeited, None if amount is None else amount.credit)
            return replace(row, claims_forfeited=row.claims_forfeited + 1, forfeited=forfeited)
        case _:
            return row


def _notification(row: CaseRow, recorded: Recorded) -> CaseRow:
    match recorded.event:
        case NotificationDelivered(delivered_at=instant):
            latest = max(instant, row.latest_delivered_at or instant)
            return replace(row, notifications_delivered=row.notifications_delivered + 1, latest_delivered_at=latest)
        case NotificationFailed():
            return replace(row, notifications_failed=row.notifications_failed + 1)
        case _:
            return row


def _plus(total: Decimal | None, amount: Decimal | None) -> Decimal | None:
    """An unreadable amount adds nothing, and a sum of nothing readable is not known."""
    return total if amount is None else (total or Decimal(0)) + amount
