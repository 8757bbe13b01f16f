"""Which compartments of a case one agency may show. Law bounds what its role may ever see, consent narrows it."""

from collections.abc import Mapping, Sequence

from samverkan.schemas.catalogue import MAY_SEE, Agency
from samverkan.schemas.event import COMPARTMENTS, Compartment


def visible(agency: Agency, consents: Mapping[str, Sequence[str]]) -> frozenset[Compartment]:
    """What the participant agreed that this agency sees and its role allows. `consents`: compartments by agency."""
    agreed = frozenset(consents.get(agency.code, ()))
    return frozenset(one for one in MAY_SEE[agency.role] if one.value in agreed)


def sealed(shown: frozenset[Compartment]) -> list[str]:
    """The names of the compartments that are not shown, in alphabetical order."""
    return sorted(one.value for one in COMPARTMENTS - shown)
