"""Who may give which command. Pure."""

from collections.abc import Mapping
from typing import Final, TypeVar

from samverkan.backbone.errors import Refused
from samverkan.placement.agreement import (
    ApprovePlacement,
    EndPlacement,
    ProposePlacement,
    RecordUnionOpinion,
    StartPlacement,
)
from samverkan.schemas.catalogue import AGENCIES, Role

# The employer's side: the municipality for its own placements, AF in the place of an employer without access.
_ARRANGE: Final = frozenset({Role.MUNICIPALITY, Role.EMPLOYMENT_SERVICE})
_ASKS_THE_UNION: Final = frozenset({Role.EMPLOYMENT_SERVICE})  # SFS 2000:628 §9a
# Whoever can be a party. A coordination association may not decide about individuals (SFS 2003:1210 §7).
_PARTNERS: Final = frozenset(Role) - {Role.COORDINATION_ASSOCIATION}

MAY: Final[Mapping[type, frozenset[Role]]] = {
    ProposePlacement: _ARRANGE,
    RecordUnionOpinion: _ASKS_THE_UNION,
    ApprovePlacement: _PARTNERS,
    StartPlacement: _ARRANGE,
    EndPlacement: _ARRANGE,
}

C = TypeVar("C")


def permitted(agency: str, command: C) -> C:
    """The command, when that agency may give it. Refused `not-permitted`."""
    roles = {known.role for known in AGENCIES if known.code == agency}
    if roles.isdisjoint(MAY[type(command)]):
        raise Refused("not-permitted", agency=agency)
    return command
