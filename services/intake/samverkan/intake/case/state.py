"""A case as its events left it: what later decisions rest on. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never

from samverkan.intake.person_number import parse
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

Event = (
    ParticipantReferred
    | ReferralRepeated
    | ConsentGiven
    | AssessmentRecorded
    | ParticipantEnrolled
    | PlacementNoted
    | CaseReactionRefused
)


class State(StrEnum):
    """How far a case has come."""

    NONE = "none"
    REFERRED = "referred"
    CONSENT_PENDING = "consent-pending"
    ACTIVE = "active"


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
    """What later decisions rest on. `born_on` is None when who the person is cannot be read here."""

    born_on: date | None = None
    referrals: tuple[Referral, ...] = ()
    consents: frozenset[ConsentGiven] = frozenset()
    assessments: tuple[AssessmentRecorded, ...] = ()
    enrolments: tuple[ParticipantEnrolled, ...] = ()
    placements: frozenset[PlacementNoted] = frozenset()

    @property
    def state(self) -> State:
        """Referred until the first consent, active from the first enrolment."""
        if not self.referrals:
            return State.NONE
        if self.enrolments:
            return State.ACTIVE
        return State.CONSENT_PENDING if self.consents else State.REFERRED


def evolve(case: Case, event: Event) -> Case:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case ParticipantReferred() | ReferralRepeated():
            born_on = case.born_on
            if born_on is None and event.identity is not None:
                born_on = parse(event.identity.person_number).born_on
            return replace(case, born_on=born_on, referrals=(*case.referrals, said(event)))
        case ConsentGiven():
            return replace(case, consents=case.consents | {event})
        case AssessmentRecorded():
            return replace(case, assessments=(*case.assessments, event))
        case ParticipantEnrolled():
            return replace(case, enrolments=(*case.enrolments, event))
        case PlacementNoted():
            return replace(case, placements=case.placements | {event})
        case CaseReactionRefused():
            return case
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
