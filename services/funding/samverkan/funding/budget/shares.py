"""How the members of a samordningsförbund share its budget (SFS 2003:1210; domain.md section 3). Pure.

FK pays half (it carries AF's share), the region a quarter, the municipalities a quarter that they split by agreement.
Every share is rounded down to the öre, and the largest municipality takes what is left, so that they make the total.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Final

HALF: Final = Fraction(1, 2)
QUARTER: Final = Fraction(1, 4)


@dataclass(frozen=True)
class Parties:
    """Who shares. `municipal_split` are weights above 0 in any unit (kronor, inhabitants); at least one."""

    insurance: str
    region: str
    municipal_split: Mapping[str, Decimal]

    @property
    def members(self) -> tuple[str, ...]:
        """All of them, FK and region first, municipalities by code."""
        return (self.insurance, self.region, *sorted(self.municipal_split))

    @property
    def largest(self) -> str:
        """The municipality with the largest weight; of equal ones the lowest code."""
        return min(self.municipal_split, key=lambda code: (-self.municipal_split[code], code))

    def part(self, member: str) -> Fraction:
        """What the member bears of the total, exactly."""
        if member == self.insurance:
            return HALF
        if member == self.region:
            return QUARTER
        weights = sum(map(Fraction, self.municipal_split.values()), Fraction(0))
        return QUARTER * Fraction(self.municipal_split[member]) / weights


def split(parties: Parties, total: Decimal) -> dict[str, Decimal]:
    """Each member's share of the total, to the öre; together they are the total."""
    return {member: _kronor(ore) for member, ore in _split(parties, _ore(total)).items()}


def lowered(parties: Parties, total: Decimal, member: str, share: Decimal) -> Decimal:
    """The new total when a member lowers its share to `share` and the others follow in proportion.

    No member is asked for more than it promised: split anew, this one's share is `share`. When it is the municipality
    that takes what is left, its share may come out an öre or two below.
    """
    wanted = _ore(share)
    ore = min(_ore(total), ceil(wanted / parties.part(member)))
    while _split(parties, ore)[member] > wanted:  # rounding of the others: a handful of steps at most
        ore -= 1
    return _kronor(ore)


def _split(parties: Parties, total: int) -> dict[str, int]:
    rounded = {member: floor(total * parties.part(member)) for member in parties.members}
    rounded[parties.largest] += total - sum(rounded.values())
    return rounded


def _ore(kronor: Decimal) -> int:
    return int(kronor * 100)


def _kronor(ore: int) -> Decimal:
    return Decimal(ore).scaleb(-2)
