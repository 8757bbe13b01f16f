"""Who gives a command: needed where a conflict of interest (jäv) forbids it. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from samverkan.backbone.errors import Refused


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
