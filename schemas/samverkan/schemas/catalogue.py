"""Who sends, who receives, who may see: the one table that topics, AsyncAPI, access rules and reviews come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from samverkan.schemas import (
    benefit,
    budget,
    casework,
    consent,
    course,
    credit_orders,
    decisions,
    funding,
    notification,
    paper,
    participant,
    person,
    placement,
    recovery,
    statistics,
    support,
)
from samverkan.schemas.employer import EmployerChecked, EmployerDeregistered, EmployerRegistered, WorkplaceRegistered
from samverkan.schemas.event import COMPARTMENTS, Compartment, Event
from samverkan.schemas.opening import (
    OpeningDeclined,
    OpeningFilled,
    OpeningOffered,
    OpeningPublished,
    OpeningReopened,
    OpeningWithdrawn,
    ProfileShared,
)


class Role(StrEnum):
    """What kind of receiver an agency is; its role bounds what it may ever read, consent narrows it further."""

    MUNICIPALITY = "municipality"
    EMPLOYMENT_SERVICE = "employment-service"
    INSURANCE = "insurance"
    REGION = "region"
    COORDINATION_ASSOCIATION = "coordination-association"
    SOCIAL_SERVICES = "social-services"
    SCHOOL_AUTHORITY = "school-authority"


@dataclass(frozen=True)
class Agency:
    """An agency that takes part. `code` names it in topics, consent and databases and never changes.

    `municipality` is the code of the municipality (SCB) that it is an authority of: each nämnd is an agency of its own,
    with secrecy between them (OSL 8:2). `by_default`: a store of it runs when nobody says which ones are to run.
    """

    code: str
    role: Role
    name: str
    name_en: str
    municipality: str | None = None
    by_default: bool = True


@dataclass(frozen=True)
class Topic:
    """A topic carries one aggregate family and has one writer: a reader refuses a record whose source is not it."""

    name: str
    owner: str
    events: tuple[type[Event], ...]
    receivers: tuple[str, ...]
    partitions: int = 6

    @property
    def source(self) -> str:
        """The CloudEvents source that alone may write here."""
        return f"/samverkan/{self.owner}"


AGENCIES: Final = (
    Agency("kommun", Role.MUNICIPALITY, "Timrå kommun", "Timrå municipality", "2262"),
    Agency("af", Role.EMPLOYMENT_SERVICE, "Arbetsförmedlingen", "The Public Employment Service"),
    Agency("fk", Role.INSURANCE, "Försäkringskassan", "The Social Insurance Agency"),
    Agency("region", Role.REGION, "Region Västernorrland", "Region Västernorrland"),
    Agency("forbund", Role.COORDINATION_ASSOCIATION, "Samordningsförbundet", "The coordination association"),
    Agency(
        "socialtjanst",
        Role.SOCIAL_SERVICES,
        "Timrå kommun, socialtjänsten (IFO)",
        "Timrå municipality, social services",
        "2262",
        by_default=False,
    ),
    Agency(
        "gymnasiekontor",
        Role.SCHOOL_AUTHORITY,
        "Timrå kommun, gymnasiekontoret",
        "Timrå municipality, upper secondary school office",
        "2262",
        by_default=False,
    ),
    Agency(
        "kommun-sundsvall",
        Role.MUNICIPALITY,
        "Sundsvalls kommun",
        "Sundsvall municipality",
        "2281",
        by_default=False,
    ),
)
DEFAULT_AGENCIES: Final = tuple(agency for agency in AGENCIES if agency.by_default)

MAY_SEE: Final[Mapping[Role, frozenset[Compartment]]] = {
    Role.MUNICIPALITY: COMPARTMENTS,
    Role.EMPLOYMENT_SERVICE: COMPARTMENTS,
    # AF → FK, SFS 2002:623 §6a: registration and programme items; no workplace.
    Role.INSURANCE: frozenset({Compartment.IDENTITY, Compartment.CONTACT, Compartment.ECONOMY}),
    Role.REGION: frozenset({Compartment.IDENTITY, Compartment.CONTACT, Compartment.HEALTH}),
    # SFS 2003:1210 §7: may not decide about individuals; it never sees who they are.
    Role.COORDINATION_ASSOCIATION: frozenset(),
    # OSL 26:1. AF → socialnämnd, SFS 2002:623 §7d: name and id, registration, a-kassa, programme and period, activity
    # report; nothing of health. Contact by consent (OSL 10:1).
    Role.SOCIAL_SERVICES: frozenset(
        {Compartment.IDENTITY, Compartment.CONTACT, Compartment.EMPLOYMENT, Compartment.ECONOMY}
    ),
    # OSL 23. Skollagen (SFS 2010:800) 29:9: the municipality keeps itself informed of what young people outside school
    # do; that is neither their health nor their money.
    Role.SCHOOL_AUTHORITY: frozenset({Compartment.IDENTITY, Compartment.CONTACT, Compartment.EMPLOYMENT}),
}

_AGENCIES = tuple(f"agency.{agency.code}" for agency in AGENCIES)

PARTICIPANT: Final = Topic(
    "samverkan.participant",
    "intake",
    (
        participant.ParticipantReferred,
        participant.ReferralRepeated,
        participant.ConsentGiven,
        participant.AssessmentRecorded,
        participant.ParticipantEnrolled,
        participant.PlacementNoted,
        participant.CaseReactionRefused,
        statistics.StatisticsPublished,
        statistics.StatisticsReactionRefused,
        paper.CasePaperMade,
        support.MeasurementOpened,
        support.MeasurementAnswered,
        support.MeasurementCompleted,
        support.MeasurementCancelled,
        support.PlanWritten,
        support.ActivityPlanned,
        support.ActivityDone,
        support.ActivityDropped,
        support.PlanSigned,
        support.PlanAgreed,
        support.PlanClosed,
        support.PresenceOpened,
        support.PresenceScheduled,
        support.WeekReported,
        support.WeekCorrected,
        support.DeviationReported,
        support.DeviationWithdrawn,
        support.PresenceEnded,
        support.SupportReactionRefused,
        consent.ConsentRequested,
        consent.ConsentWithdrawn,
        casework.CaseRegistered,
        casework.CaseworkerAssigned,
        casework.StandInAppointed,
        casework.ConflictDeclared,
        casework.ConflictLifted,
        casework.CaseTransferred,
        course.CasePaused,
        course.CaseResumed,
        course.CaseDeclined,
        course.ClosingBegun,
        course.ParticipantExited,
        course.CaseReopened,
        course.FollowUpRecorded,
        course.FollowUpCounted,
        course.AnonymousParticipationCounted,
        person.IdentityChanged,
        person.ContactChanged,
        person.ProtectionMarked,
        person.ProtectionLifted,
    ),
    ("placement", "funding", "notify", *_AGENCIES),
)
PLACEMENT: Final = Topic(
    "samverkan.placement",
    "placement",
    (
        placement.PlacementProposed,
        placement.UnionConsulted,
        placement.PlacementApproved,
        placement.PlacementAgreed,
        placement.DecisionRecorded,
        placement.PlacementStarted,
        placement.PlacementEnded,
        placement.PlacementReactionRefused,
        placement.UnionAsked,
        placement.PlacementCancelled,
        placement.PlacementInterrupted,
        placement.PlacementResumed,
        placement.PlacementChangeProposed,
        placement.PlacementChangeDropped,
        placement.PlacementChanged,
        placement.PlacementExtensionAgreed,
        placement.PlacementExtended,
        placement.PlacementChangeReported,
        placement.CertificateIssued,
        placement.PlacementEndCorrected,
        paper.PlacementPaperMade,
        EmployerRegistered,
        WorkplaceRegistered,
        EmployerChecked,
        EmployerDeregistered,
        OpeningPublished,
        OpeningOffered,
        OpeningDeclined,
        OpeningFilled,
        OpeningReopened,
        OpeningWithdrawn,
        ProfileShared,
    ),
    ("intake", "funding", "notify", *_AGENCIES),
)
FUNDING: Final = Topic(
    "samverkan.funding",
    "funding",
    (
        funding.CompensationApplied,
        funding.CompensationChecked,
        funding.CompensationApproved,
        funding.CompensationRefused,
        funding.ClaimSubmitted,
        funding.ClaimCalculated,
        funding.ClaimForfeited,
        funding.ClaimCredited,
        funding.CompensationReactionRefused,
        benefit.BenefitDecided,
        benefit.BenefitApplied,
        benefit.BenefitReactionRefused,
        budget.BudgetDrafted,
        budget.MemberConsulted,
        budget.BudgetAdopted,
        budget.ShareLoweringPrepared,
        budget.SharesLowered,
        budget.CommitmentPrepared,
        budget.CommitmentMade,
        budget.CommitmentReleasePrepared,
        budget.CommitmentReleased,
        budget.ContributionReceived,
        budget.PaymentPrepared,
        budget.PaymentMade,
        budget.BudgetClosed,
        budget.AnnualReportGiven,
        budget.BudgetAudited,
        budget.DischargeDecided,
        budget.BudgetReactionRefused,
        budget.InsatsProposed,
        budget.InsatsSigned,
        budget.InsatsAgreed,
        budget.InsatsStarted,
        budget.InsatsMadeRegular,
        budget.InsatsMethodDescribed,
        budget.InsatsEnded,
        budget.InsatsReactionRefused,
        paper.CompensationPaperMade,
        decisions.DecisionReceived,
        decisions.AmendmentNeeded,
        decisions.AmendmentPrepared,
        decisions.CompensationAmended,
        decisions.RevocationPrepared,
        decisions.CompensationRevoked,
        decisions.RevocationLifted,
        decisions.CompensationExpired,
        decisions.ReviewRequested,
        decisions.ReviewDecided,
        decisions.DecisionAppealed,
        decisions.AppealJudged,
        recovery.EmploymentEndNoted,
        recovery.CorrectionNeeded,
        recovery.CorrectionPrepared,
        recovery.ClaimCorrected,
        recovery.HearingOpened,
        recovery.HearingAnswered,
        recovery.RecoveryPrepared,
        recovery.RecoveryDecided,
        recovery.WaiverPrepared,
        recovery.RecoveryWaived,
        recovery.SetOffReserved,
        recovery.CreditWithheld,
        recovery.WithholdingDeclined,
        recovery.RecoverySetOff,
        recovery.SetOffReleased,
        recovery.InstalmentsAgreed,
        recovery.RepaymentReceived,
        recovery.WrongPaymentNoticePrepared,
        recovery.ReopeningPrepared,
        recovery.ClaimReopened,
        credit_orders.CreditOrderOpened,
        credit_orders.ClaimOrdered,
        credit_orders.ClaimNotOrdered,
        credit_orders.CreditOrderReactionRefused,
        credit_orders.CreditOrderClosed,
        credit_orders.PaymentObserved,
    ),
    ("intake", "placement", "notify", *_AGENCIES),
)
NOTIFICATION: Final = Topic(
    "samverkan.notification",
    "notify",
    (
        notification.NotificationQueued,
        notification.NotificationDelivered,
        notification.NotificationFailed,
        notification.NotificationReactionRefused,
        notification.NotificationInterrupted,
        notification.NotificationRequeued,
        notification.WebhookDisabled,
        notification.WebhookEnabled,
        notification.ReminderFired,
        notification.ReminderSettled,
    ),
    _AGENCIES,
)

TOPICS: Final = (PARTICIPANT, PLACEMENT, FUNDING, NOTIFICATION)
TOPIC_BY_NAME: Final[Mapping[str, Topic]] = {topic.name: topic for topic in TOPICS}


def topics_for(receiver: str) -> tuple[Topic, ...]:
    """The topics that a receiver (`placement`, `agency.af`) subscribes to."""
    return tuple(topic for topic in TOPICS if receiver in topic.receivers)


def agency(code: str) -> Agency:
    """The agency with this code. KeyError names an unknown one."""
    return {known.code: known for known in AGENCIES}[code]
