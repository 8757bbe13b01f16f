"""Example states and commands of intake's aggregates: docs/states/ shows what each pair leads to."""

from datetime import date
from typing import Final
from uuid import UUID

from samverkan.backbone.testing.machine import Machine
from samverkan.backbone.testing.paper_machine import paper_machine
from samverkan.intake.case.assessment import RecordAssessment
from samverkan.intake.case.by import By
from samverkan.intake.case.case import CASE
from samverkan.intake.case.casework import (
    AppointStandIn,
    AssignCaseworker,
    DeclareConflict,
    Jav,
    LiftConflict,
    RegisterCase,
    TransferCase,
)
from samverkan.intake.case.consent import GiveConsent, RequestConsent, WithdrawConsent
from samverkan.intake.case.course import (
    BeginClosing,
    CloseCase,
    DeclineCase,
    DeclineCause,
    ExitCause,
    PauseCase,
    PauseCause,
    ResumeCase,
)
from samverkan.intake.case.enrolment import EnrolParticipant
from samverkan.intake.case.follow_up import LivelihoodCode, OccupationCode, RecordFollowUp
from samverkan.intake.case.person import (
    ChangeContact,
    ChangeIdentity,
    CountAnonymously,
    LiftProtection,
    MakeAnonymous,
    MarkProtected,
    Protection,
)
from samverkan.intake.case.placement_note import NotePlacement
from samverkan.intake.case.referral import ReferParticipant
from samverkan.intake.case_paper import CASE_PAPER
from samverkan.intake.person_number import Sex, parse
from samverkan.intake.statistics.machine import STATISTICS_MACHINE
from samverkan.intake.support_machines import MEASUREMENT_MACHINE, PLAN_MACHINE, PRESENCE_MACHINE
from samverkan.schemas.casework import CaseworkerAssigned, ConflictDeclared
from samverkan.schemas.consent import ConsentWithdrawn
from samverkan.schemas.course import (
    AnonymousParticipationCounted,
    CaseDeclined,
    CasePaused,
    Cause,
    ClosingBegun,
    FollowUpRecorded,
    Moment,
    ParticipantExited,
)
from samverkan.schemas.event import Compartment
from samverkan.schemas.participant import (
    AssessmentRecorded,
    AssessmentScores,
    ConsentGiven,
    Contact,
    Identity,
    ParticipantEnrolled,
    ParticipantReferred,
    PlacementNoted,
    Programme,
)
from samverkan.schemas.person import ProtectionKind, ProtectionMarked

_DAY: Final = date(2026, 2, 2)
_LATER: Final = date(2026, 8, 3)
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
_WITHDRAWN: Final = ConsentWithdrawn(
    agency="kommun", purpose="shared-case", compartments=(Compartment.IDENTITY,), withdrawn_on=_DAY
)
_ASSESSED: Final = AssessmentRecorded(
    instrument="five-domains", instrument_version=1, assessed_on=_DAY, health=AssessmentScores(scores=_SCORES)
)
_READY: Final = (_REFERRED, _CONSENT, _ASSESSED)
_ENROLLED: Final = ParticipantEnrolled(programme=_FORM, enrolled_on=_DAY)
_ACTIVE: Final = (*_READY, _ENROLLED, FollowUpRecorded(moment=Moment.ENTRY, recorded_on=_DAY))
_CLOSING: Final = (*_ACTIVE, ClosingBegun(begun_on=_DAY, planned_on=_DAY))
_EXIT: Final = FollowUpRecorded(moment=Moment.EXIT, recorded_on=_DAY)
_EXITED: Final = ParticipantExited(exited_on=_DAY, six_months_on=date(2026, 8, 2), twelve_months_on=date(2027, 2, 2))
_ASSIGNED: Final = CaseworkerAssigned(agency="kommun", caseworker="kommun-1", assigned_on=_DAY)
_CONFLICT: Final = ConflictDeclared(agency="kommun", caseworker="kommun-2", declared_on=_DAY)
_PROTECTED: Final = ProtectionMarked(
    keeper="kommun", marked_on=_DAY, identity=ProtectionKind(kind="confidentiality-mark")
)
_REFER: Final = ReferParticipant(parse("198808112380"), _FORM, "kommun", ("kommun",), _DAY)
_OTHER: Final = By("kommun", "kommun-1")


def _follow_up(moment: Moment, day: date) -> RecordFollowUp:
    return RecordFollowUp(moment, day, {OccupationCode.WORK: 50}, {LivelihoodCode.FINANCIAL_AID: 50}, corrects=True)


_CASE: Final = Machine(
    CASE,
    states={
        "none": (),
        "referred": (_REFERRED,),
        "referred, with a coordination number": (
            _REFERRED.model_copy(update={"identity": Identity(person_number="202201612393")}),
        ),
        "consent-pending": _READY,
        "consent-pending, consent withdrawn": (*_READY, _WITHDRAWN),
        "active": _ACTIVE,
        "active, placement started": (
            *_ACTIVE,
            PlacementNoted(placement_id=_PLACEMENT, state="started", noted_on=_DAY),
        ),
        "active, contact named and another one in conflict": (*_ACTIVE, _ASSIGNED, _CONFLICT),
        "active, protected": (*_ACTIVE, _PROTECTED),
        "paused": (*_ACTIVE, CasePaused(paused_on=_DAY)),
        "closing": _CLOSING,
        "closing, exit recorded": (*_CLOSING, _EXIT),
        "closed": (*_CLOSING, _EXIT, _EXITED),
        "declined": (_REFERRED, CaseDeclined(declined_by="participant", declined_on=_DAY, health=Cause(code="other"))),
        "anonymous": (AnonymousParticipationCounted(programme=_FORM.value, registration_year=2026, women=0, men=1),),
    },
    commands={
        "ReferParticipant": _REFER,
        "ReferParticipant by another agency": ReferParticipant(
            parse("198808112380"), _FORM, "af", ("kommun", "af"), _DAY
        ),
        "RequestConsent": RequestConsent(("kommun",), "shared-case", _DAY),
        "GiveConsent": GiveConsent("kommun", "shared-case", frozenset({Compartment.IDENTITY}), _DAY),
        "GiveConsent beyond the role": GiveConsent("region", "shared-case", frozenset({Compartment.ECONOMY}), _DAY),
        "WithdrawConsent": WithdrawConsent("kommun", _DAY),
        "RecordAssessment": RecordAssessment("five-domains", 1, _DAY, _SCORES),
        "RecordAssessment, other answers of that day": RecordAssessment(
            "five-domains", 1, _DAY, {**_SCORES, "health": 4}
        ),
        "EnrolParticipant": EnrolParticipant(_FORM, _DAY, in_job_programme=True),
        "EnrolParticipant outside the target group": EnrolParticipant(
            _FORM, _DAY, in_job_programme=False, youth_guarantee_days=0, newly_arrived=False
        ),
        "PauseCase": PauseCase(_DAY, PauseCause.WAITING),
        "ResumeCase": ResumeCase(_DAY),
        "DeclineCase": DeclineCase("participant", _DAY, DeclineCause.OWN_WISH),
        "BeginClosing": BeginClosing(_DAY, _LATER),
        "CloseCase": CloseCase(_DAY, ExitCause.WORK),
        "RecordFollowUp at entry": _follow_up(Moment.ENTRY, _DAY),
        "RecordFollowUp at exit": _follow_up(Moment.EXIT, _DAY),
        "RecordFollowUp after six months": _follow_up(Moment.SIX_MONTHS, _LATER),
        "RecordFollowUp after six months, too early": _follow_up(Moment.SIX_MONTHS, _DAY),
        "RegisterCase": RegisterCase("kommun", "AME 2026/17", _DAY),
        "AssignCaseworker": AssignCaseworker("kommun", "kommun-3", _DAY),
        "AssignCaseworker who is in conflict": AssignCaseworker("kommun", "kommun-2", _DAY),
        "AppointStandIn": AppointStandIn("kommun", "kommun-3", _DAY, _LATER),
        "DeclareConflict": DeclareConflict("kommun", "kommun-1", _DAY, Jav.OWN_MATTER),
        "LiftConflict": LiftConflict("kommun", "kommun-2", _DAY, by=_OTHER),
        "ResumeCase by a caseworker in conflict": ResumeCase(_DAY, by=By("kommun", "kommun-2")),
        "ResumeCase by another municipality": ResumeCase(_DAY, by=By("kommun-sundsvall", "x-1")),
        "TransferCase": TransferCase("kommun-sundsvall", _DAY),
        "ChangeIdentity": ChangeIdentity(parse("202201612393"), parse("199001012385"), _DAY),
        "ChangeContact": ChangeContact(Contact(language="sv"), _DAY),
        "MarkProtected": MarkProtected("kommun", Protection.PROTECTED_REGISTRATION, _DAY),
        "MarkProtected, fictitious data": MarkProtected("kommun", Protection.FICTITIOUS_DATA, _DAY),
        "LiftProtection": LiftProtection(_DAY),
        "MakeAnonymous": MakeAnonymous(_FORM),
        "CountAnonymously": CountAnonymously(_FORM, 2026, Sex.FEMALE),
        "NotePlacement started": NotePlacement(_PLACEMENT, "started", _DAY),
        "NotePlacement ended": NotePlacement(_PLACEMENT, "ended", _DAY),
    },
)

MACHINES: Final = (
    *(_CASE, paper_machine(CASE_PAPER), MEASUREMENT_MACHINE, PLAN_MACHINE, PRESENCE_MACHINE),
    STATISTICS_MACHINE,
)
