"""Which compartments of a case one agency may show. Law bounds what its role may ever see, consent narrows it."""

from collections.abc import Callable, Mapping, Sequence

from samverkan.agency.consents import Grant, hidden
from samverkan.backbone.recorded import Recorded
from samverkan.schemas.catalogue import MAY_SEE, Agency
from samverkan.schemas.codec import without
from samverkan.schemas.event import COMPARTMENTS, Compartment


def visible(agency: Agency, consents: Mapping[str, Sequence[str]]) -> frozenset[Compartment]:
    """What the participant agreed that this agency sees and its role allows. `consents`: compartments by agency."""
    agreed = frozenset(consents.get(agency.code, ()))
    return frozenset(one for one in MAY_SEE[agency.role] if one.value in agreed)


def withholding(agency: Agency, grants: Sequence[Grant]) -> Callable[[Recorded], Recorded]:
    """How this agency reads the events of a case with this history of consents.

    What was recorded while nothing was agreed stays unreadable, whatever was agreed afterwards.
    """

    def withheld(recorded: Recorded) -> Recorded:
        kept_back = hidden(grants, agency.code, recorded.envelope.recorded_at)
        return recorded._replace(event=without(recorded.event, kept_back)) if kept_back else recorded

    return withheld


def sealed(shown: frozenset[Compartment]) -> list[str]:
    """The names of the compartments that are not shown, in alphabetical order."""
    return sorted(one.value for one in COMPARTMENTS - shown)
