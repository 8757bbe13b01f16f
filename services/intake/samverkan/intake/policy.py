"""Who may give which command. Pure."""

from typing import Final

from samverkan.backbone.papers.paper import MakePaper
from samverkan.backbone.policy import Policy
from samverkan.intake.case.assessment import RecordAssessment
from samverkan.intake.case.consent import GiveConsent
from samverkan.intake.case.enrolment import EnrolParticipant
from samverkan.intake.case.referral import ReferParticipant
from samverkan.schemas.catalogue import Role

# Any partner may refer and take part. A coordination association may not decide about individuals (SFS 2003:1210 §7).
_PARTNERS: Final = frozenset(Role) - {Role.COORDINATION_ASSOCIATION}

POLICY: Final[Policy] = {
    ReferParticipant: _PARTNERS,
    GiveConsent: _PARTNERS,
    RecordAssessment: _PARTNERS,
    EnrolParticipant: _PARTNERS,
    MakePaper: _PARTNERS,
}
