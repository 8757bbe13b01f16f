"""Who may give which command. Pure."""

from typing import Final

from samverkan.backbone.papers.paper import MakePaper
from samverkan.backbone.policy import Policy
from samverkan.funding.benefit.benefit import ApplyForBenefit, DecideBenefit
from samverkan.funding.budget.closing import AuditBudget, CloseBudget, DecideDischarge, GiveAnnualReport
from samverkan.funding.budget.committing import AttestCommitment, AttestRelease, PrepareCommitment, PrepareRelease
from samverkan.funding.budget.paying import AttestPayment, PreparePayment, ReceiveContribution
from samverkan.funding.budget.planning import (
    AdoptBudget,
    AttestLowering,
    ConsultMember,
    DraftBudget,
    PrepareLowering,
)
from samverkan.funding.compensation.application import ApplyForCompensation
from samverkan.funding.compensation.claim import CreditClaim, SubmitClaim
from samverkan.funding.compensation.decision import ApproveCompensation, CheckApplication, RefuseCompensation
from samverkan.funding.insats.insats import (
    DescribeMethod,
    EndInsats,
    MakeRegular,
    SignInsats,
    StartInsats,
)
from samverkan.funding.insats.proposal import ProposeInsats
from samverkan.schemas.catalogue import Role

# The employer applies and claims: the municipality for its own placements, AF in the place of one without access.
_EMPLOYERS: Final = frozenset({Role.MUNICIPALITY, Role.EMPLOYMENT_SERVICE})
_DECIDES: Final = frozenset({Role.EMPLOYMENT_SERVICE})  # SFS 2018:42: AF decides, and gets Skatteverket's receipt
# SFS 2003:1210: the association keeps its budget; what a member decides elsewhere its office registers.
_ASSOCIATION: Final = frozenset({Role.COORDINATION_ASSOCIATION})
_PARTIES: Final = frozenset(Role)  # any agency may propose an insats; who signs for whom: insats/api.py

POLICY: Final[Policy] = {
    ApplyForCompensation: _EMPLOYERS,
    CheckApplication: _DECIDES,
    ApproveCompensation: _DECIDES,
    RefuseCompensation: _DECIDES,
    SubmitClaim: _EMPLOYERS,
    CreditClaim: _DECIDES,
    MakePaper: _EMPLOYERS,  # AF gives the decision out; the employer may fetch it again
    DecideBenefit: _DECIDES,
    ApplyForBenefit: frozenset({Role.INSURANCE}),  # SFS 2017:819: the application goes to FK
    **dict.fromkeys((DraftBudget, ConsultMember, AdoptBudget, PrepareLowering, AttestLowering), _ASSOCIATION),
    **dict.fromkeys((PrepareCommitment, AttestCommitment, PrepareRelease, AttestRelease), _ASSOCIATION),
    **dict.fromkeys((ReceiveContribution, PreparePayment, AttestPayment), _ASSOCIATION),
    **dict.fromkeys((CloseBudget, GiveAnnualReport, AuditBudget, DecideDischarge), _ASSOCIATION),
    **dict.fromkeys((ProposeInsats, SignInsats, StartInsats, MakeRegular, DescribeMethod, EndInsats), _PARTIES),
}
