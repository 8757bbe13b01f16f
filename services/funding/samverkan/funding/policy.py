"""Who may give which command. Pure."""

from typing import Final

from samverkan.backbone.policy import Policy
from samverkan.funding.compensation.application import ApplyForCompensation
from samverkan.funding.compensation.claim import CreditClaim, SubmitClaim
from samverkan.funding.compensation.decision import ApproveCompensation, CheckApplication, RefuseCompensation
from samverkan.schemas.catalogue import Role

# The employer applies and claims: the municipality for its own placements, AF in the place of one without access.
_EMPLOYERS: Final = frozenset({Role.MUNICIPALITY, Role.EMPLOYMENT_SERVICE})
_DECIDES: Final = frozenset({Role.EMPLOYMENT_SERVICE})  # SFS 2018:42: AF decides, and gets Skatteverket's receipt

POLICY: Final[Policy] = {
    ApplyForCompensation: _EMPLOYERS,
    CheckApplication: _DECIDES,
    ApproveCompensation: _DECIDES,
    RefuseCompensation: _DECIDES,
    SubmitClaim: _EMPLOYERS,
    CreditClaim: _DECIDES,
}
