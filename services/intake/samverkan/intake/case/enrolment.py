"""Enrolment in a programme: consents, assessment and every criterion there. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from samverkan.backbone.errors import Refused
from samverkan.intake.case.by import ByCaseworker
from samverkan.intake.case.guards import BEFORE_ACTIVE, UNDER_WAY, refuse_unless
from samverkan.intake.case.state import Case, Event
from samverkan.intake.eligibility import Facts, Finding, Found, Stated, evaluate
from samverkan.intake.person_number import age_on
from samverkan.schemas.participant import CriterionFound, Eligibility, ParticipantEnrolled, Programme


@dataclass(frozen=True)
class EnrolParticipant(ByCaseworker, Stated):
    """The person is to take part."""

    programme: Programme
    enrolled_on: date


def enrol(command: EnrolParticipant, case: Case) -> Sequence[Event]:
    """Refused: `already-enrolled`, `programme-not-referred`, `enrolled-before-referral`, `consent-missing`,
    `assessment-missing`, `rule-not-verified`, `eligibility-unknown`, and the refusal of the criterion not met."""
    for enrolled in case.enrolments:
        if enrolled.programme is command.programme:
            if enrolled.enrolled_on == command.enrolled_on:
                return []  # the same enrolment twice is one
            raise Refused("already-enrolled", enrolled_on=enrolled.enrolled_on.isoformat())
    refuse_unless(case, BEFORE_ACTIVE | UNDER_WAY)
    current = case.referrals[case.earlier :]
    referrals = [referral for referral in current if referral.programme is command.programme]
    if not referrals:
        raise Refused("programme-not-referred", programme=command.programme)
    received_on = min(referral.received_on for referral in referrals)
    if command.enrolled_on < received_on:
        raise Refused("enrolled-before-referral", received_on=received_on.isoformat())
    needed = case.needed(command.programme)
    missing = needed - _consented(command.programme, case)
    if missing:
        raise Refused("consent-missing", agencies=", ".join(sorted(missing)))  # OSL 10:1
    if not any(case.reopened_on is None or taken.assessed_on >= case.reopened_on for taken in case.assessments):
        raise Refused("assessment-missing")
    age = None if case.born_on is None else age_on(case.born_on, received_on)
    then = None if case.born_on is None else age_on(case.born_on, command.enrolled_on)
    found = evaluate(command.programme, command.enrolled_on, Facts.of(command, age, then, len(needed)))
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


def _consented(programme: Programme, case: Case) -> set[str]:
    """Who the participant agreed to for this programme, in this participation, and has not taken back."""
    return {
        consent.given.agency
        for consent in case.consents
        if consent.left
        and consent.given.insats in (None, programme)
        and (case.reopened_on is None or consent.given.given_on >= case.reopened_on)
    }


def _refuse_unless_met(found: Sequence[Found]) -> None:
    """A clear no comes before a missing fact, so that nobody gathers evidence in vain."""
    for one in found:
        if one.finding is Finding.NOT_MET:
            raise Refused(one.criterion.refusal, source=one.criterion.source)
    unknown = [one.criterion.code for one in found if one.finding is Finding.UNKNOWN]
    if unknown:
        raise Refused("eligibility-unknown", criteria=", ".join(unknown))
