"""Who may give which command. Pure."""

from collections.abc import Mapping
from typing import Final, TypeVar

from samverkan.backbone.errors import Refused
from samverkan.intake.case import EnrolParticipant, GiveConsent, RecordAssessment, ReferParticipant
from samverkan.schemas.catalogue import AGENCIES, Role

# Any partner may refer and take part. A coordination association may not decide about individuals (SFS 2003:1210 §7).
_PARTNERS: Final = frozenset(Role) - {Role.COORDINATION_ASSOCIATION}

MAY: Final[Mapping[type, frozenset[Role]]] = {
    ReferParticipant: _PARTNERS,
    GiveConsent: _PARTNERS,
    RecordAssessment: _PARTNERS,
    EnrolParticipant: _PARTNERS,
}

C = TypeVar("C")


def permitted(agency: str, command: C) -> C:
    """The command, when that agency may give it. Refused `not-permitted`."""
    roles = {known.role for known in AGENCIES if known.code == agency}
    if roles.isdisjoint(MAY[type(command)]):
        raise Refused("not-permitted", agency=agency)
    return command
