"""The persons of stories 1 and 3, for tests."""

from datetime import date
from uuid import UUID

from samverkan.backbone.testing.specification import specification
from samverkan.intake.case.case import decide
from samverkan.intake.case.enrolment import EnrolParticipant
from samverkan.intake.case.evolve import evolve
from samverkan.intake.case.referral import ReferParticipant
from samverkan.intake.case.state import Case
from samverkan.intake.person_number import parse
from samverkan.schemas.event import Compartment
from samverkan.schemas.participant import (
    AssessmentRecorded,
    AssessmentScores,
    ConsentGiven,
    CriterionFound,
    Eligibility,
    Identity,
    ParticipantEnrolled,
    ParticipantReferred,
    Programme,
)

given = specification(decide, evolve, Case())

FEBRUARY_2, FEBRUARY_3, FEBRUARY_10 = date(2026, 2, 2), date(2026, 2, 3), date(2026, 2, 10)
PLACEMENT = UUID("00000000-0000-4000-8000-000000000002")
SCORES = {"health": 3, "readiness-to-work": 2, "skills-and-language": 4, "social-network": 3, "structure-of-day": 2}

TIMRA = ReferParticipant(
    person=parse("198808112380"),
    programme=Programme.INTRODUKTIONSJOBB,
    referred_by="kommun",
    agencies_needed=("kommun", "af"),
    received_on=FEBRUARY_2,
)
REFERRED = ParticipantReferred(
    programme=Programme.INTRODUKTIONSJOBB,
    referred_by="kommun",
    agencies_needed=("af", "kommun"),
    received_on=FEBRUARY_2,
    identity=Identity(person_number="198808112380"),
)
SKELLEFTEA = ParticipantReferred(
    programme=Programme.ARBETSMARKNADSTORGET,
    referred_by="kommun",
    agencies_needed=("af", "kommun", "region"),
    received_on=FEBRUARY_2,
    identity=Identity(person_number="200001052380"),
)


def consent(agency: str) -> ConsentGiven:
    return ConsentGiven(agency=agency, purpose="shared-case", compartments=(Compartment.IDENTITY,), given_on=FEBRUARY_3)


CONSENTED = consent("af"), consent("kommun"), consent("region")
ASSESSED = AssessmentRecorded(
    instrument="five-domains", instrument_version=1, assessed_on=FEBRUARY_3, health=AssessmentScores(scores=SCORES)
)
READY = REFERRED, *CONSENTED, ASSESSED
ENROL = EnrolParticipant(Programme.INTRODUKTIONSJOBB, FEBRUARY_10, in_job_programme=True)
ENROLLED = ParticipantEnrolled(
    programme=Programme.INTRODUKTIONSJOBB,
    enrolled_on=FEBRUARY_10,
    employment=Eligibility(
        criteria=(
            CriterionFound(
                criterion="target-group",
                source="SFS 2018:42",
                finding="met",
                evidence="in JOB: yes; age on the day of referral: 37; days in the youth guarantee: not stated; "
                "newly arrived: not stated",
            ),
        )
    ),
)
ENROL_YOUNG = EnrolParticipant(Programme.ARBETSMARKNADSTORGET, FEBRUARY_10, unemployed=True)
