"""Who may give which command. Pure."""

from typing import Final

from samverkan.backbone.papers.paper import MakePaper
from samverkan.backbone.policy import Policy
from samverkan.placement.agreement.approval import ApprovePlacement
from samverkan.placement.agreement.change import DropChange, ProposeChange
from samverkan.placement.agreement.consultation import AskUnion, RecordUnionOpinion
from samverkan.placement.agreement.end import CorrectEnd, EndPlacement, IssueCertificate
from samverkan.placement.agreement.interruption import InterruptPlacement, ResumePlacement
from samverkan.placement.agreement.proposal import CancelPlacement, ProposePlacement, RevisePlacement
from samverkan.placement.agreement.report import ReportChange
from samverkan.placement.agreement.start import StartPlacement
from samverkan.placement.employer import DeregisterEmployer, RecordCheck, RegisterEmployer, RegisterWorkplace
from samverkan.placement.opening import (
    DeclineOpening,
    FillOpening,
    OfferOpening,
    PublishOpening,
    ReopenOpening,
    WithdrawOpening,
)
from samverkan.placement.profile import ShareProfile
from samverkan.schemas.catalogue import Role

# The employer's side: the municipality for its own placements, AF in the place of an employer without access.
_ARRANGE: Final = frozenset({Role.MUNICIPALITY, Role.EMPLOYMENT_SERVICE})
_ASKS_THE_UNION: Final = frozenset({Role.EMPLOYMENT_SERVICE})  # SFS 2000:628 §9a
# Whoever can be a party. A coordination association may not decide about individuals (SFS 2003:1210 §7).
_PARTNERS: Final = frozenset(Role) - {Role.COORDINATION_ASSOCIATION}

POLICY: Final[Policy] = {
    ProposePlacement: _ARRANGE,
    RevisePlacement: _ARRANGE,
    CancelPlacement: _ARRANGE,
    AskUnion: _ASKS_THE_UNION,
    RecordUnionOpinion: _ASKS_THE_UNION,
    ApprovePlacement: _PARTNERS,
    StartPlacement: _ARRANGE,
    InterruptPlacement: _ARRANGE,
    ResumePlacement: _ARRANGE,
    ProposeChange: _ARRANGE,
    DropChange: _ARRANGE,
    ReportChange: _ARRANGE,
    EndPlacement: _ARRANGE,
    CorrectEnd: _ARRANGE,
    IssueCertificate: _ARRANGE,
    MakePaper: _PARTNERS,
    RegisterEmployer: _ARRANGE,
    RegisterWorkplace: _ARRANGE,
    RecordCheck: _ARRANGE,
    DeregisterEmployer: _ARRANGE,
    PublishOpening: _ARRANGE,
    OfferOpening: _ARRANGE,
    DeclineOpening: _ARRANGE,
    FillOpening: _ARRANGE,
    ReopenOpening: _ARRANGE,
    WithdrawOpening: _ARRANGE,
    ShareProfile: _ARRANGE,
}
