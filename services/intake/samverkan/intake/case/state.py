"""A case as its events left it: what later decisions rest on. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from samverkan.intake.case.agencies import municipality_among, taken_over
from samverkan.intake.case.consents import Consent
from samverkan.intake.person_number import PersonNumber
from samverkan.schemas.casework import (
    CaseRegistered,
    CaseTransferred,
    CaseworkerAssigned,
    ConflictDeclared,
    ConflictLifted,
    StandInAppointed,
)
from samverkan.schemas.consent import ConsentRequested, ConsentWithdrawn
from samverkan.schemas.course import (
    AnonymousParticipationCounted,
    CaseDeclined,
    CasePaused,
    CaseReopened,
    CaseResumed,
    ClosingBegun,
    FollowUpCounted,
    FollowUpRecorded,
    Moment,
    ParticipantExited,
)
from samverkan.schemas.participant import (
    AssessmentRecorded,
    CaseReactionRefused,
    ConsentGiven,
    Contact,
    ParticipantEnrolled,
    ParticipantReferred,
    PlacementNoted,
    Programme,
    ReferralRepeated,
)
from samverkan.schemas.person import ContactChanged, IdentityChanged, ProtectionLifted, ProtectionMarked

Event = (
    ParticipantReferred
    | ReferralRepeated
    | ConsentRequested
    | ConsentGiven
    | ConsentWithdrawn
    | AssessmentRecorded
    | ParticipantEnrolled
    | PlacementNoted
    | CasePaused
    | CaseResumed
    | CaseDeclined
    | ClosingBegun
    | ParticipantExited
    | CaseReopened
    | FollowUpRecorded
    | FollowUpCounted
    | AnonymousParticipationCounted
    | CaseRegistered
    | CaseworkerAssigned
    | StandInAppointed
    | ConflictDeclared
    | ConflictLifted
    | CaseTransferred
    | IdentityChanged
    | ContactChanged
    | ProtectionMarked
    | ProtectionLifted
    | CaseReactionRefused
)


class State(StrEnum):
    """How far a case has come. A consent is pending from the first form handed out to the enrolment."""

    NONE = "none"
    REFERRED = "referred"
    CONSENT_PENDING = "consent-pending"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSING = "closing"
    CLOSED = "closed"
    DECLINED = "declined"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Referral:
    """Everything that one referral said; two that say the same are one."""

    programme: Programme
    referred_by: str
    agencies_needed: tuple[str, ...]
    received_on: date
    name: str | None
    contact: Contact | None
    reason: str | None


@dataclass(frozen=True)
class Case:
    """What later decisions rest on. `person` is None when who it is cannot be read here.

    `earlier`: so many of the referrals belong to participations that are over. `municipality`: the code of the
    authority that has the case, None while no municipality takes part.
    """

    state: State = State.NONE
    person: PersonNumber | None = None
    name: str | None = None
    referrals: tuple[Referral, ...] = ()
    earlier: int = 0
    municipality: str | None = None
    requests: frozenset[ConsentRequested] = frozenset()
    consents: tuple[Consent, ...] = ()
    assessments: tuple[AssessmentRecorded, ...] = ()
    enrolments: tuple[ParticipantEnrolled, ...] = ()
    placements: frozenset[PlacementNoted] = frozenset()
    follow_ups: Mapping[Moment, FollowUpRecorded | FollowUpCounted] = field(default_factory=dict)
    paused: CasePaused | None = None
    resumed: CaseResumed | None = None
    declined: CaseDeclined | None = None
    closing: ClosingBegun | None = None
    exited: ParticipantExited | None = None
    reopened_on: date | None = None
    counted: AnonymousParticipationCounted | None = None
    registrations: Mapping[str, CaseRegistered] = field(default_factory=dict)
    caseworkers: Mapping[str, CaseworkerAssigned] = field(default_factory=dict)
    stand_ins: frozenset[StandInAppointed] = frozenset()
    conflicts: Mapping[tuple[str, str], ConflictDeclared] = field(default_factory=dict)
    lifted_conflicts: frozenset[ConflictLifted] = frozenset()
    transferred: CaseTransferred | None = None
    contact_changed: ContactChanged | None = None
    protected: ProtectionMarked | None = None
    unprotected: ProtectionLifted | None = None

    @property
    def born_on(self) -> date | None:
        """None when who the person is cannot be read."""
        return None if self.person is None else self.person.born_on

    def needed(self, programme: Programme | None = None) -> set[str]:
        """The agencies whose support this participation's referrals ask for, to that programme or to any. After a
        transfer the new municipality stands for those of the first."""
        asked = {
            code
            for referral in self.referrals[self.earlier :]
            if programme in (None, referral.programme)
            for code in referral.agencies_needed
        }
        if self.transferred is None or self.municipality is None:
            return asked
        return taken_over(asked, self.transferred.from_agency, self.municipality)


def state_after(state: State, event: Event) -> State:
    """How far a case in this state has come after the event."""
    match event:
        case ParticipantReferred() | ReferralRepeated():
            return State.REFERRED if state is State.NONE else state
        case ConsentRequested() | ConsentGiven():
            return State.CONSENT_PENDING if state is State.REFERRED else state
        case ParticipantEnrolled():
            return State.ACTIVE if state in (State.REFERRED, State.CONSENT_PENDING) else state
        case CasePaused():
            return State.PAUSED
        case CaseResumed():
            return State.ACTIVE
        case ClosingBegun():
            return State.CLOSING
        case ParticipantExited():
            return State.CLOSED
        case CaseDeclined():
            return State.DECLINED
        case CaseReopened():
            return State.REFERRED
        case AnonymousParticipationCounted():
            return State.ANONYMOUS
        case _:
            return state


def in_charge(state: State, municipality: str | None, event: ParticipantReferred | ReferralRepeated) -> str | None:
    """The municipality that has the case after the referral: the first that took part; in a new participation the one
    that the referral names."""
    named = municipality_among(event.referred_by, *event.agencies_needed)
    return named or municipality if state in (State.CLOSED, State.DECLINED) else municipality or named


def said(event: ParticipantReferred | ReferralRepeated) -> Referral:
    """What the referral said, to be compared with others."""
    return Referral(
        programme=event.programme,
        referred_by=event.referred_by,
        agencies_needed=event.agencies_needed,
        received_on=event.received_on,
        name=None if event.identity is None else event.identity.name,
        contact=event.contact,
        reason=None if event.health is None else event.health.reason,
    )
