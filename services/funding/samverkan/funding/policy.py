"""Who may give which command. Pure."""

from collections.abc import Mapping
from typing import Final, TypeVar

from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.application import ApplyForCompensation
from samverkan.funding.compensation.claim import CreditClaim, SubmitClaim
from samverkan.funding.compensation.decision import ApproveCompensation, CheckApplication, RefuseCompensation
from samverkan.schemas.catalogue import AGENCIES, Role

# The employer applies and claims: the municipality for its own placements, AF in the place of one without access.
_EMPLOYERS: Final = frozenset({Role.MUNICIPALITY, Role.EMPLOYMENT_SERVICE})
_DECIDES: Final = frozenset({Role.EMPLOYMENT_SERVICE})  # SFS 2018:42: AF decides, and gets Skatteverket's receipt

MAY: Final[Mapping[type, frozenset[Role]]] = {
    ApplyForCompensation: _EMPLOYERS,
    CheckApplication: _DECIDES,
    ApproveCompensation: _DECIDES,
    RefuseCompensation: _DECIDES,
    SubmitClaim: _EMPLOYERS,
    CreditClaim: _DECIDES,
}

C = TypeVar("C")


def permitted(agency: str, command: C) -> C:
    """The command, when that agency may give it. Refused `not-permitted`."""
    roles = {known.role for known in AGENCIES if known.code == agency}
    if roles.isdisjoint(MAY[type(command)]):
        raise Refused("not-permitted", agency=agency)
    return command
