"""Which agencies there are, and which of them are authorities of the same municipality. Pure."""

from collections.abc import Collection
from typing import Final

from samverkan.backbone.errors import Refused
from samverkan.schemas.catalogue import AGENCIES, MAY_SEE, Agency, Role

_KNOWN: Final = {known.code: known for known in AGENCIES}


def refuse_unknown_agencies(*codes: str) -> None:
    """Refused: `agency-unknown`."""
    for code in codes:
        if code not in _KNOWN:
            raise Refused("agency-unknown")


def refuse_without_cases(*codes: str) -> None:
    """Nobody can be asked to consent to an agency that may see nothing of a case, so none waits for its part in one.

    Refused: `agency-unknown`, `agency-sees-counts-only`.
    """
    refuse_unknown_agencies(*codes)
    for code in codes:
        if not MAY_SEE[_KNOWN[code].role]:
            raise Refused("agency-sees-counts-only", agency=code, source="SFS 2003:1210 §7")


def known(code: str) -> Agency | None:
    """The agency; None for one that only a newer catalogue has."""
    return _KNOWN.get(code)


def municipality_among(*codes: str) -> str | None:
    """The first of them that is a municipality's own authority for work (arbetsmarknadsenhet); None without one."""
    for code in codes:
        agency = _KNOWN.get(code)
        if agency is not None and agency.role is Role.MUNICIPALITY:
            return code
    return None


def same_municipality(one: str, other: str) -> bool:
    """Whether both are authorities of one municipality."""
    first, second = _KNOWN.get(one), _KNOWN.get(other)
    if first is None or second is None:
        return one == other
    return one == other or (first.municipality is not None and first.municipality == second.municipality)


def taken_over(codes: Collection[str], left_behind: str, municipality: str) -> set[str]:
    """These agencies after a transfer: the new municipality stands for every authority of the one that was left."""
    left = {code for code in codes if same_municipality(code, left_behind)}
    return (set(codes) - left) | ({municipality} if left else set())
