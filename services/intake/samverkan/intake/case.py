"""A participant's case: referral, consent, shared assessment, enrolment. Pure: dates arrive in commands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, assert_never
from uuid import UUID

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.intake import instrument
from samverkan.intake.eligibility import Facts, Finding, Found, evaluate
from samverkan.intake.person_number import PersonNumber, age_on, parse
from samverkan.schemas.catalogue import AGENCIES, MAY_SEE, PARTICIPANT, agency
from samverkan.schemas.event import Compartment
from samverkan.schemas.participant import (
    AssessmentRecorded,
    AssessmentScores,
    CaseReactionRefused,
    ConsentGiven,
    Contact,
    CriterionFound,
    Eligibility,
    Identity,
    ParticipantEnrolled,
    ParticipantReferred,
    PlacementNoted,
    Programme,
    ReferralReason,
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


@dataclass(frozen=True)
class ReferParticipant:
    """A partner asks for support for a person. The first referral opens the case, later ones are added to it."""

    person: PersonNumber
    programme: Programme
    referred_by: str
    agencies_needed: tuple[str, ...]
    received_on: date
    name: str | None = None
    contact: Contact | None = None
    reason: str | None = None


@dataclass(frozen=True)
class GiveConsent:
    """The participant signed that one agency may see these compartments for this purpose."""

    agency: str
    purpose: str
    compartments: frozenset[Compartment]
    given_on: date


@dataclass(frozen=True)
class RecordAssessment:
    """The shared assessment was taken."""

    instrument: str
    instrument_version: int
    assessed_on: date
    scores: Mapping[str, int]


@dataclass(frozen=True)
class EnrolParticipant:
    """The person is to take part. The facts are those that the caseworker has seen evidence of, None if not."""

    programme: Programme
    enrolled_on: date
    unemployed: bool | None = None
    in_job_programme: bool | None = None
    youth_guarantee_days: int | None = None
    newly_arrived: bool | None = None


@dataclass(frozen=True)
class NotePlacement:
    """A placement of this case has `started` or `ended`."""

    placement_id: UUID
    state: str
    noted_on: date


Command = ReferParticipant | GiveConsent | RecordAssessment | EnrolParticipant | NotePlacement


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


def decide(command: Command, case: Case) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    if isinstance(command, ReferParticipant):
        return _refer(command, case)
    if not case.referrals:
        raise Refused("case-unknown")
    match command:
        case GiveConsent():
            return _consent(command, case)
        case RecordAssessment():
            return _assess(command, case)
        case EnrolParticipant():
            return _enrol(command, case)
        case NotePlacement(placement_id, state, noted_on):
            noted = PlacementNoted(placement_id=placement_id, state=state, noted_on=noted_on)
            return [] if noted in case.placements else [noted]
        case _:
            assert_never(command)


def evolve(case: Case, event: Event) -> Case:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case ParticipantReferred() | ReferralRepeated():
            born_on = case.born_on
            if born_on is None and event.identity is not None:
                born_on = parse(event.identity.person_number).born_on
            return replace(case, born_on=born_on, referrals=(*case.referrals, _said(event)))
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


def refusal(command: object, refused: Refused) -> CaseReactionRefused:
    """What is recorded when another service's event asks for something that the rules refuse."""
    return CaseReactionRefused(command=type(command).__name__, code=refused.code)


CASE: Final = Aggregate("case", PARTICIPANT.name, Case(), decide, evolve, refusal)

_KNOWN_AGENCIES: Final = frozenset(known.code for known in AGENCIES)


def _refer(command: ReferParticipant, case: Case) -> Sequence[Event]:
    agencies_needed = tuple(sorted(set(command.agencies_needed)))
    _refuse_unknown_agencies(command.referred_by, *agencies_needed)
    if command.person.born_on > command.received_on:
        raise Refused("born-after-referral")
    event_type = ReferralRepeated if case.referrals else ParticipantReferred
    event = event_type(
        programme=command.programme,
        referred_by=command.referred_by,
        agencies_needed=agencies_needed,
        received_on=command.received_on,
        identity=Identity(person_number=command.person.digits, name=command.name),
        contact=command.contact,
        health=None if command.reason is None else ReferralReason(reason=command.reason),
    )
    return [] if _said(event) in case.referrals else [event]


def _consent(command: GiveConsent, case: Case) -> Sequence[Event]:
    _refuse_unknown_agencies(command.agency)
    if not command.compartments:
        raise Refused("consent-to-nothing")
    # A form that promises what law forbids misleads whoever signs it: the role bounds what may be agreed to.
    beyond = command.compartments - MAY_SEE[agency(command.agency).role]
    if beyond:
        raise Refused("consent-beyond-role", agency=command.agency, compartments=", ".join(sorted(beyond)))
    given = ConsentGiven(
        agency=command.agency,
        purpose=command.purpose,
        compartments=tuple(sorted(command.compartments)),
        given_on=command.given_on,
    )
    return [] if given in case.consents else [given]


def _assess(command: RecordAssessment, case: Case) -> Sequence[Event]:
    used = instrument.find(command.instrument, command.instrument_version)
    if used is None:
        raise Refused("instrument-unknown")
    if unknown := used.unknown(command.scores):
        raise Refused("assessment-answer-unknown", count=str(len(unknown)))
    if unanswered := used.unanswered(command.scores):
        raise Refused("assessment-incomplete", domains=", ".join(unanswered))
    if outside := used.outside_scale(command.scores):
        raise Refused("assessment-outside-scale", domains=", ".join(outside))
    recorded = AssessmentRecorded(
        instrument=command.instrument,
        instrument_version=command.instrument_version,
        assessed_on=command.assessed_on,
        health=AssessmentScores(scores=dict(sorted(command.scores.items()))),
    )
    if recorded in case.assessments:
        return []
    if any(earlier.assessed_on == command.assessed_on for earlier in case.assessments):
        raise Refused("assessed-that-day")  # two different answers of one day would leave the gain undefined
    return [recorded]


def _enrol(command: EnrolParticipant, case: Case) -> Sequence[Event]:
    for enrolled in case.enrolments:
        if enrolled.programme is command.programme:
            if enrolled.enrolled_on == command.enrolled_on:
                return []  # the same enrolment twice is one
            raise Refused("already-enrolled", enrolled_on=enrolled.enrolled_on.isoformat())
    referrals = [referral for referral in case.referrals if referral.programme is command.programme]
    if not referrals:
        raise Refused("programme-not-referred", programme=command.programme)
    received_on = min(referral.received_on for referral in referrals)
    if command.enrolled_on < received_on:
        raise Refused("enrolled-before-referral", received_on=received_on.isoformat())
    needed = {code for referral in referrals for code in referral.agencies_needed}
    missing = needed - {consent.agency for consent in case.consents}
    if missing:
        raise Refused("consent-missing", agencies=", ".join(sorted(missing)))  # OSL 10:1
    if not case.assessments:
        raise Refused("assessment-missing")
    age = None if case.born_on is None else age_on(case.born_on, received_on)
    found = evaluate(command.programme, command.enrolled_on, _facts(command, age, len(needed)))
    if found is None:
        raise Refused("rule-not-verified", programme=command.programme)
    _refuse_unless_met(found)
    criteria = tuple(
        CriterionFound(
            criterion=one.criterion.code,
            source=one.criterion.source,
            finding=one.finding.value,
            evidence=one.evidence,
        )
        for one in found
    )
    return [
        ParticipantEnrolled(
            programme=command.programme,
            enrolled_on=command.enrolled_on,
            employment=Eligibility(criteria=criteria),
        )
    ]


def _facts(command: EnrolParticipant, age: int | None, agencies_needed: int) -> Facts:
    return Facts(
        age=age,
        agencies_needed=agencies_needed,
        unemployed=command.unemployed,
        in_job_programme=command.in_job_programme,
        youth_guarantee_days=command.youth_guarantee_days,
        newly_arrived=command.newly_arrived,
    )


def _refuse_unless_met(found: Sequence[Found]) -> None:
    """A clear no comes before a missing fact, so that nobody gathers evidence in vain."""
    for one in found:
        if one.finding is Finding.NOT_MET:
            raise Refused(one.criterion.refusal, source=one.criterion.source)
    unknown = [one.criterion.code for one in found if one.finding is Finding.UNKNOWN]
    if unknown:
        raise Refused("eligibility-unknown", criteria=", ".join(unknown))


def _refuse_unknown_agencies(*codes: str) -> None:
    for code in codes:
        if code not in _KNOWN_AGENCIES:
            raise Refused("agency-unknown")


def _said(event: ParticipantReferred | ReferralRepeated) -> Referral:
    return Referral(
        programme=event.programme,
        referred_by=event.referred_by,
        agencies_needed=event.agencies_needed,
        received_on=event.received_on,
        name=None if event.identity is None else event.identity.name,
        contact=event.contact,
        reason=None if event.health is None else event.health.reason,
    )
