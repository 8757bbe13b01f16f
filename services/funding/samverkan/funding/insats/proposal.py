"""The agreement behind an insats as its parties are asked to sign it, and what makes it impossible. Pure.

The parties give money, staff and premises (in kind, valued in kronor) and bear costs in their ordinary budgets, each by
year.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, get_args
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.funding.budget.guards import payable
from samverkan.schemas.budget import InsatsProposed

Kind = Literal["money", "staff", "premises", "ordinary-budget"]
KINDS: Final = get_args(Kind)
LEAST_PARTIES: Final = 2  # an agreement with oneself is none


@dataclass(frozen=True)
class Contribution:
    """What one party gives in one year. Kronor; `kind` is one of KINDS."""

    party: str
    year: int
    kind: str
    amount: Decimal


@dataclass(frozen=True)
class ProposeInsats:
    """The agreement as everybody is asked to sign it. `parties` by code, the förbund's own among them if it pays."""

    association: str
    title: str
    target_group: str
    parties: frozenset[str]
    steering_group: frozenset[str]
    starts_on: date
    ends_on: date
    places: int
    contributions: tuple[Contribution, ...]
    proposed_on: date
    based_on: UUID | None = None


def proposed(command: ProposeInsats) -> InsatsProposed:
    """The proposal as it is recorded.

    Refused: `too-few-parties`, `period-invalid`, `participants-invalid`, `not-a-party` (in the steering group, or
    giving something), `contribution-kind-unknown`, `contribution-outside-period`, `amount-invalid`,
    `contribution-doubled`, `contributions-missing`.
    """
    if len(command.parties) < LEAST_PARTIES:
        raise Refused("too-few-parties")
    if command.ends_on < command.starts_on:
        raise Refused("period-invalid")
    if command.places < 1:
        raise Refused("participants-invalid")
    for party in command.steering_group:
        refuse_unless_party(party, command.parties)
    given: dict[str, Decimal] = {}
    for one in command.contributions:
        refuse_unless_party(one.party, command.parties)
        if one.kind not in KINDS:
            raise Refused("contribution-kind-unknown")
        if not command.starts_on.year <= one.year <= command.ends_on.year:
            raise Refused("contribution-outside-period", year=str(one.year))
        payable(one.amount)
        key = contribution_key(one.party, one.year, one.kind)
        if key in given:
            raise Refused("contribution-doubled", party=one.party)
        given[key] = one.amount
    if not given:
        raise Refused("contributions-missing")
    return InsatsProposed(
        association=command.association,
        title=command.title,
        target_group=command.target_group,
        parties=tuple(sorted(command.parties)),
        steering_group=tuple(sorted(command.steering_group)),
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        places=command.places,
        contributions=dict(sorted(given.items())),
        proposed_on=command.proposed_on,
        based_on=command.based_on,
    )


def contribution_key(party: str, year: int, kind: str) -> str:
    """`<party>/<year>/<kind>`, as it stands in the event."""
    return f"{party}/{year}/{kind}"


def refuse_unless_party(party: str, parties: Collection[str]) -> None:
    """Refused `not-a-party`."""
    if party not in parties:
        raise Refused("not-a-party", party=party)
