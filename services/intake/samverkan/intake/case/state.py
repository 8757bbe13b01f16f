"""A case as its events left it: what later decisions rest on. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import assert_never

from samverkan.intake.case.agencies import municipality_among, same_municipality
from samverkan.intake.case.consents import Consent, ended
from samverkan.intake.person_number import PersonNumber, parse
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
    Identity,
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


def evolve(case: Case, event: Event) -> Case:
    """Fold one recorded event into the state; what has happened is never refused."""
    return _evolve(replace(case, state=state_after(case.state, event)), event)


def _evolve(case: Case, event: Event) -> Case:
    match event:
        case ParticipantReferred() | ReferralRepeated():
            return _referred(case, event)
        case ConsentRequested():
            return replace(case, requests=case.requests | {event})
        case ConsentGiven():
            return replace(case, consents=(*case.consents, Consent(event)))
        case ConsentWithdrawn():
            return replace(case, consents=tuple(ended(consent, event) for consent in case.consents))
        case AssessmentRecorded():
            return replace(case, assessments=(*case.assessments, event))
        case ParticipantEnrolled():
            return replace(case, enrolments=(*case.enrolments, event))
        case PlacementNoted():
            return replace(case, placements=case.placements | {event})
        case CasePaused():
            return replace(case, paused=event, resumed=None)
        case CaseResumed():
            return replace(case, resumed=event, paused=None, closing=None)
        case CaseDeclined():
            return replace(case, declined=event)
        case ClosingBegun():
            return replace(case, closing=event)
        case ParticipantExited():
            return replace(case, exited=event)
        case CaseReopened(reopened_on=day):
            return _reopened(case, day)
        case FollowUpRecorded() | FollowUpCounted():
            return replace(case, follow_ups={**case.follow_ups, event.moment: event})
        case AnonymousParticipationCounted():
            return replace(case, counted=event)
        case CaseReactionRefused():
            return case
        case _:
            return _worked_on(case, event)


def _worked_on(
    case: Case,
    event: CaseRegistered
    | CaseworkerAssigned
    | StandInAppointed
    | ConflictDeclared
    | ConflictLifted
    | CaseTransferred
    | IdentityChanged
    | ContactChanged
    | ProtectionMarked
    | ProtectionLifted,
) -> Case:
    """What changes nothing in how far the case has come."""
    match event:
        case CaseRegistered(agency=agency):
            return replace(case, registrations={**case.registrations, agency: event})
        case CaseworkerAssigned(agency=agency):
            return replace(case, caseworkers={**case.caseworkers, agency: event})
        case StandInAppointed():
            return replace(case, stand_ins=case.stand_ins | {event})
        case ConflictDeclared(agency=agency, caseworker=caseworker):
            return replace(
                case,
                conflicts={**case.conflicts, (agency, caseworker): event},
                caseworkers={
                    code: assigned
                    for code, assigned in case.caseworkers.items()
                    if (code, assigned.caseworker) != (agency, caseworker)
                },
                stand_ins=frozenset(
                    one for one in case.stand_ins if (one.agency, one.caseworker) != (agency, caseworker)
                ),
            )
        case ConflictLifted(agency=agency, caseworker=caseworker):
            left = {who: declared for who, declared in case.conflicts.items() if who != (agency, caseworker)}
            return replace(case, conflicts=left, lifted_conflicts=case.lifted_conflicts | {event})
        case CaseTransferred(from_agency=left_behind, to_agency=code, transferred_on=day):
            consents = tuple(
                consent.ended_on(day) if same_municipality(consent.given.agency, left_behind) else consent
                for consent in case.consents
            )
            return replace(case, municipality=code, transferred=event, consents=consents)
        case IdentityChanged(identity=identity):
            return _known_as(case, identity)
        case ContactChanged():
            return replace(case, contact_changed=event)
        case ProtectionMarked():
            return replace(case, protected=event, unprotected=None)
        case ProtectionLifted():
            return replace(case, protected=None, unprotected=event)
        case _:
            assert_never(event)


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


def _referred(case: Case, event: ParticipantReferred | ReferralRepeated) -> Case:
    case = _known_as(case, event.identity if case.person is None else None)
    return replace(
        case,
        referrals=(*case.referrals, said(event)),
        municipality=case.municipality or municipality_among(event.referred_by, *event.agencies_needed),
    )


def _known_as(case: Case, identity: Identity | None) -> Case:
    if identity is None:
        return case
    return replace(case, person=parse(identity.person_number), name=identity.name or case.name)


def _reopened(case: Case, day: date) -> Case:
    """A new participation: earlier consents, enrolments and follow-ups do not count for it."""
    return replace(
        case,
        earlier=len(case.referrals) - 1,
        enrolments=(),
        follow_ups={},
        paused=None,
        resumed=None,
        declined=None,
        closing=None,
        exited=None,
        reopened_on=day,
    )
