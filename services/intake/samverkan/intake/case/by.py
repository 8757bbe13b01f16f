"""Who gives a command: needed where a conflict of interest (jäv) forbids it. Pure."""

from dataclasses import dataclass
from typing import Final, Protocol

from samverkan.backbone.errors import Refused
from samverkan.intake.case.state import Case


@dataclass(frozen=True)
class By:
    """An agency and its caseworker's id, a pseudonym of the agency's own; None when the caller named nobody."""

    agency: str
    actor: str | None = None


@dataclass(frozen=True, kw_only=True)
class ByCaseworker:
    """Base of every command that a person gives. `by` is None where no person stands behind it: imports, tests."""

    by: By | None = None


class Given(Protocol):
    """What `refuse_conflict` looks at."""

    @property
    def by(self) -> By | None:
        """Who gives it."""


JAV: Final = "SFS 2017:900 §§16–18"


def refuse_conflict(command: Given, case: Case) -> None:
    """Refused `conflict-of-interest`: this caseworker may not act. `actor-missing`: who acts must be known, for a
    caseworker of the agency has a conflict here."""
    if command.by is None:
        return
    in_conflict = {caseworker for agency, caseworker in case.conflicts if agency == command.by.agency}
    if in_conflict and command.by.actor is None:
        raise Refused("actor-missing", source=JAV)
    if command.by.actor in in_conflict:
        raise Refused("conflict-of-interest", source=JAV)
