"""Who may give which command. Pure."""

from typing import Final

from samverkan.backbone.papers.paper import MakePaper
from samverkan.backbone.policy import Policy
from samverkan.intake.case.assessment import RecordAssessment
from samverkan.intake.case.casework import (
    AppointStandIn,
    AssignCaseworker,
    DeclareConflict,
    LiftConflict,
    RegisterCase,
    TransferCase,
)
from samverkan.intake.case.consent import GiveConsent, RequestConsent, WithdrawConsent
from samverkan.intake.case.course import BeginClosing, CloseCase, DeclineCase, PauseCase, ResumeCase
from samverkan.intake.case.enrolment import EnrolParticipant
from samverkan.intake.case.follow_up import RecordFollowUp
from samverkan.intake.case.person import (
    ChangeContact,
    ChangeIdentity,
    CountAnonymously,
    LiftProtection,
    MakeAnonymous,
    MarkProtected,
)
from samverkan.intake.case.referral import ReferParticipant
from samverkan.intake.measurement import AnswerMeasurement, CancelMeasurement, OpenMeasurement
from samverkan.intake.plan.activity import ClosePlan, CompleteActivity, DropActivity
from samverkan.intake.plan.signing import SignPlan
from samverkan.intake.plan.writing import WritePlan
from samverkan.intake.presence.period import ChangeSchedule, EndPresence, OpenPresence
from samverkan.intake.presence.reporting import CorrectWeek, ReportDeviation, ReportWeek
from samverkan.intake.statistics.publication import PublishStatistics
from samverkan.schemas.catalogue import Role

# Any partner may refer and take part. A coordination association may not decide about individuals (SFS 2003:1210 §7).
_PARTNERS: Final = frozenset(Role) - {Role.COORDINATION_ASSOCIATION}
# Who runs activities and follows placements reports presence; FK is told of deviations and reports none.
_ATTENDING: Final = frozenset({Role.MUNICIPALITY, Role.EMPLOYMENT_SERVICE, Role.SOCIAL_SERVICES, Role.SCHOOL_AUTHORITY})

POLICY: Final[Policy] = {
    ReferParticipant: _PARTNERS,
    RequestConsent: _PARTNERS,
    GiveConsent: _PARTNERS,
    WithdrawConsent: _PARTNERS,
    RecordAssessment: _PARTNERS,
    EnrolParticipant: _PARTNERS,
    MakePaper: _PARTNERS,
    OpenMeasurement: _PARTNERS,
    AnswerMeasurement: _PARTNERS,
    CancelMeasurement: _PARTNERS,
    WritePlan: _PARTNERS,
    SignPlan: _PARTNERS,
    CompleteActivity: _PARTNERS,
    DropActivity: _PARTNERS,
    ClosePlan: _PARTNERS,
    OpenPresence: _ATTENDING,
    ChangeSchedule: _ATTENDING,
    ReportDeviation: _ATTENDING,
    ReportWeek: _ATTENDING,
    CorrectWeek: _ATTENDING,
    EndPresence: _ATTENDING,
    PauseCase: _PARTNERS,
    ResumeCase: _PARTNERS,
    DeclineCase: _PARTNERS,
    BeginClosing: _PARTNERS,
    CloseCase: _PARTNERS,
    RecordFollowUp: _PARTNERS,
    RegisterCase: _PARTNERS,
    AssignCaseworker: _PARTNERS,
    AppointStandIn: _PARTNERS,
    DeclareConflict: _PARTNERS,
    LiftConflict: _PARTNERS,
    TransferCase: frozenset({Role.MUNICIPALITY}),
    ChangeIdentity: _PARTNERS,
    ChangeContact: _PARTNERS,
    MarkProtected: _PARTNERS,
    LiftProtection: _PARTNERS,
    MakeAnonymous: _PARTNERS,
    CountAnonymously: _PARTNERS,
    PublishStatistics: _PARTNERS,
}
