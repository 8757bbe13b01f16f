"""Who gives a command, and who may not: jäv, and the authorities of another municipality. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from samverkan.backbone.errors import Refused
from samverkan.intake.case.agencies import known, same_municipality


@dataclass(frozen=True)
class By:
    """An agency and its caseworker's id, a pseudonym of the agency's own; None when the caller named nobody."""

    agency: str
    actor: str | None = None


@dataclass(frozen=True, kw_only=True)
class ByCaseworker:
    """Base of every command that a person gives. `by` is None where no person stands behind it: imports, tests."""

    by: By | None = None


JAV: Final = "SFS 2017:900 §§16–18"


def refuse_in_conflict(by: By, conflicts: Collection[tuple[str, str]]) -> None:
    """`conflicts`: agency and caseworker of each declared one.

    Refused `conflict-of-interest`: this caseworker may not act. `actor-missing`: who acts must be known, for a
    caseworker of the agency has a conflict here.
    """
    in_conflict = {caseworker for agency, caseworker in conflicts if agency == by.agency}
    if in_conflict and by.actor is None:
        raise Refused("actor-missing", source=JAV)
    if by.actor in in_conflict:
        raise Refused("conflict-of-interest", source=JAV)


def is_outsider(agency: str, municipality: str | None) -> bool:
    """Whether it is an authority of another municipality than the one that has the case."""
    caller = known(agency)
    if caller is None or caller.municipality is None or municipality is None:
        return False
    return not same_municipality(agency, municipality)


def refuse_outsider(by: By, municipality: str | None, needed: Collection[str]) -> None:
    """Refused `another-municipality`, unless a referral asks for the agency's support too (OSL 8:1, 26:1)."""
    if is_outsider(by.agency, municipality) and by.agency not in needed:
        raise Refused("another-municipality", agency=municipality or "–")
