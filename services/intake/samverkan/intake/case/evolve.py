"""What each event makes of a case. Pure."""

from dataclasses import replace
from datetime import date
from typing import assert_never

from samverkan.intake.case.agencies import same_municipality
from samverkan.intake.case.consents import Consent, ended
from samverkan.intake.case.state import Case, Event, in_charge, said, state_after
from samverkan.intake.person_number import parse
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
    ParticipantExited,
)
from samverkan.schemas.participant import (
    AssessmentRecorded,
    CaseReactionRefused,
    ConsentGiven,
    Identity,
    ParticipantEnrolled,
    ParticipantReferred,
    PlacementNoted,
    ReferralRepeated,
)
from samverkan.schemas.person import ContactChanged, IdentityChanged, ProtectionLifted, ProtectionMarked


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
        case CaseTransferred():
            return _transferred(case, event)
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


def _transferred(case: Case, event: CaseTransferred) -> Case:
    """What was agreed for the authorities of the municipality that is left, and their contacts, end with it."""

    def left(agency: str) -> bool:
        return same_municipality(agency, event.from_agency)

    return replace(
        case,
        municipality=event.to_agency,
        transferred=event,
        consents=tuple(
            consent.ended_on(event.transferred_on) if left(consent.given.agency) else consent
            for consent in case.consents
        ),
        caseworkers={code: assigned for code, assigned in case.caseworkers.items() if not left(code)},
        stand_ins=frozenset(one for one in case.stand_ins if not left(one.agency)),
    )


def _referred(case: Case, event: ParticipantReferred | ReferralRepeated) -> Case:
    case = _known_as(case, event.identity if case.person is None else None)
    municipality = in_charge(case.state, case.municipality, event)
    return replace(case, referrals=(*case.referrals, said(event)), municipality=municipality)


def _known_as(case: Case, identity: Identity | None) -> Case:
    if identity is None:
        return case
    return replace(case, person=parse(identity.person_number), name=identity.name or case.name)


def _reopened(case: Case, day: date) -> Case:
    """A new participation: earlier consents, enrolments, follow-ups and transfers do not count for it."""
    return replace(
        case,
        earlier=len(case.referrals) - 1,
        transferred=None,
        enrolments=(),
        follow_ups={},
        paused=None,
        resumed=None,
        declined=None,
        closing=None,
        exited=None,
        reopened_on=day,
    )
