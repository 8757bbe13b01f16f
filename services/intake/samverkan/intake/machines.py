"""Example states and commands of intake's aggregates: docs/states/ shows what each pair leads to."""

from datetime import date
from typing import Final
from uuid import UUID

from samverkan.backbone.testing.machine import Machine
from samverkan.backbone.testing.paper_machine import paper_machine
from samverkan.intake.case.assessment import RecordAssessment
from samverkan.intake.case.case import CASE
from samverkan.intake.case.consent import GiveConsent
from samverkan.intake.case.enrolment import EnrolParticipant
from samverkan.intake.case.placement_note import NotePlacement
from samverkan.intake.case.referral import ReferParticipant
from samverkan.intake.case_paper import CASE_PAPER
from samverkan.intake.person_number import parse
from samverkan.intake.support_machines import MEASUREMENT_MACHINE, PLAN_MACHINE, PRESENCE_MACHINE
from samverkan.schemas.event import Compartment
from samverkan.schemas.participant import (
    AssessmentRecorded,
    AssessmentScores,
    ConsentGiven,
    Identity,
    ParticipantEnrolled,
    ParticipantReferred,
    PlacementNoted,
    Programme,
)

_DAY: Final = date(2026, 2, 2)
_SCORES: Final = dict.fromkeys(
    ("health", "readiness-to-work", "skills-and-language", "social-network", "structure-of-day"), 3
)
_FORM: Final = Programme.INTRODUKTIONSJOBB
_PLACEMENT: Final = UUID(int=2)


_REFERRED: Final = ParticipantReferred(
    programme=_FORM,
    referred_by="kommun",
    agencies_needed=("kommun",),
    received_on=_DAY,
    identity=Identity(person_number="198808112380"),
)
_CONSENT: Final = ConsentGiven(
    agency="kommun", purpose="shared-case", compartments=(Compartment.IDENTITY,), given_on=_DAY
)
_ASSESSED: Final = AssessmentRecorded(
    instrument="five-domains", instrument_version=1, assessed_on=_DAY, health=AssessmentScores(scores=_SCORES)
)
_READY: Final = (_REFERRED, _CONSENT, _ASSESSED)
_ENROLLED: Final = ParticipantEnrolled(programme=_FORM, enrolled_on=_DAY)
_REFER: Final = ReferParticipant(parse("198808112380"), _FORM, "kommun", ("kommun",), _DAY)

_CASE: Final = Machine(
    CASE,
    states={
        "none": (),
        "referred": (_REFERRED,),
        "consent and assessment there": _READY,
        "active": (*_READY, _ENROLLED),
        "active, placement started": (
            *(*_READY, _ENROLLED),
            PlacementNoted(placement_id=_PLACEMENT, state="started", noted_on=_DAY),
        ),
    },
    commands={
        "ReferParticipant": _REFER,
        "ReferParticipant by another agency": ReferParticipant(
            parse("198808112380"), _FORM, "af", ("kommun", "af"), _DAY
        ),
        "GiveConsent": GiveConsent("kommun", "shared-case", frozenset({Compartment.IDENTITY}), _DAY),
        "GiveConsent beyond the role": GiveConsent("region", "shared-case", frozenset({Compartment.ECONOMY}), _DAY),
        "RecordAssessment": RecordAssessment("five-domains", 1, _DAY, _SCORES),
        "RecordAssessment, other answers of that day": RecordAssessment(
            "five-domains", 1, _DAY, {**_SCORES, "health": 4}
        ),
        "EnrolParticipant": EnrolParticipant(_FORM, _DAY, in_job_programme=True),
        "EnrolParticipant outside the target group": EnrolParticipant(
            _FORM, _DAY, in_job_programme=False, youth_guarantee_days=0, newly_arrived=False
        ),
        "NotePlacement started": NotePlacement(_PLACEMENT, "started", _DAY),
        "NotePlacement ended": NotePlacement(_PLACEMENT, "ended", _DAY),
    },
)

MACHINES: Final = (_CASE, paper_machine(CASE_PAPER), MEASUREMENT_MACHINE, PLAN_MACHINE, PRESENCE_MACHINE)
