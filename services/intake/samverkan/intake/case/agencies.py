"""Which agencies there are. Pure."""

from typing import Final

from samverkan.backbone.errors import Refused
from samverkan.schemas.catalogue import AGENCIES

_KNOWN_AGENCIES: Final = frozenset(known.code for known in AGENCIES)


def refuse_unknown_agencies(*codes: str) -> None:
    """Refused: `agency-unknown`."""
    for code in codes:
        if code not in _KNOWN_AGENCIES:
            raise Refused("agency-unknown")
