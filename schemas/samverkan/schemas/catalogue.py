"""Who sends, who receives, who may see: the one table that topics, AsyncAPI, access rules and reviews come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from samverkan.schemas import funding, notification, participant, placement
from samverkan.schemas.event import COMPARTMENTS, Compartment, Event


class Role(StrEnum):
    """What kind of receiver an agency is; its role bounds what it may ever read, consent narrows it further."""

    MUNICIPALITY = "municipality"
    EMPLOYMENT_SERVICE = "employment-service"
    INSURANCE = "insurance"
    REGION = "region"
    COORDINATION_ASSOCIATION = "coordination-association"


@dataclass(frozen=True)
class Agency:
    """An agency that takes part. `code` names it in topics, consent and databases and never changes."""

    code: str
    role: Role
    name: str
    name_en: str


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
    Agency("kommun", Role.MUNICIPALITY, "Timrå kommun", "Timrå municipality"),
    Agency("af", Role.EMPLOYMENT_SERVICE, "Arbetsförmedlingen", "The Public Employment Service"),
    Agency("fk", Role.INSURANCE, "Försäkringskassan", "The Social Insurance Agency"),
    Agency("region", Role.REGION, "Region Västernorrland", "Region Västernorrland"),
    Agency("forbund", Role.COORDINATION_ASSOCIATION, "Samordningsförbundet", "The coordination association"),
)

MAY_SEE: Final[Mapping[Role, frozenset[Compartment]]] = {
    Role.MUNICIPALITY: COMPARTMENTS,
    Role.EMPLOYMENT_SERVICE: COMPARTMENTS,
    # AF → FK, SFS 2002:623 §6a: registration and programme items; no workplace.
    Role.INSURANCE: frozenset({Compartment.IDENTITY, Compartment.CONTACT, Compartment.ECONOMY}),
    Role.REGION: frozenset({Compartment.IDENTITY, Compartment.CONTACT, Compartment.HEALTH}),
    # SFS 2003:1210 §7: may not decide about individuals; it never sees who they are.
    Role.COORDINATION_ASSOCIATION: frozenset(),
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
