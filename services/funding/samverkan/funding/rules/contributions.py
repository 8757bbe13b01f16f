"""Employer contributions of one person in one pay month. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from samverkan.funding.rules.versions import RulesInvalid, Version, in_force, verified


@dataclass(frozen=True, kw_only=True)
class GeneralContribution(Version):
    """What is due on all pay unless a reduced version covers the person. `rate` is a share of gross."""

    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class ReducedContribution(Version):
    """What is due on the first `on_at_most` kronor a month for some ages, both ends included."""

    rate: Decimal
    from_age: int
    to_age: int | None = None
    on_at_most: Decimal | None = None

    def is_for(self, day: date, age: int) -> bool:
        """Whether it is in force on that day for who had that age at the year's start."""
        return self.covers(day) and self.from_age <= age and (self.to_age is None or age <= self.to_age)


@dataclass(frozen=True)
class Slice:
    """A part of gross, in kronor, and the rate that is due on it."""

    amount: Fraction
    rate: Decimal


@dataclass(frozen=True)
class Contributions:
    """What is due by one person's pay month: `reduced_rate` up to `reduced_up_to` kronor, `rate` on the rest."""

    rule_id: str
    rate: Decimal
    reduced_rate: Decimal | None = None
    reduced_up_to: Decimal | None = None

    def slices(self, gross: Fraction) -> tuple[Slice, ...]:
        """The parts of `gross` by rate, the reduced one first; none of them empty unless `gross` is."""
        if self.reduced_rate is None:
            return (Slice(gross, self.rate),)
        if self.reduced_up_to is None or gross <= Fraction(self.reduced_up_to):
            return (Slice(gross, self.reduced_rate),)
        reduced = Fraction(self.reduced_up_to)
        return Slice(reduced, self.reduced_rate), Slice(gross - reduced, self.rate)

    def due_on(self, gross: Fraction) -> Fraction:
        """The contributions due on `gross` kronor, exact."""
        return sum((part.amount * Fraction(part.rate) for part in self.slices(gross)), Fraction(0))


def contributions_for(
    general: Sequence[GeneralContribution], reduced: Sequence[ReducedContribution], pay_month: date, birth_year: int
) -> Contributions:
    """The contributions of a pay month (its first day) for a person of that birth year.

    Refused `rule-not-verified`: a version that nobody has verified may apply. `no-rule-in-force`: before all rules.
    """
    rule = in_force(general, pay_month)
    age = pay_month.year - birth_year - 1  # at the year's start: born in 2008, 17 when 2026 begins
    for version in reduced:
        if version.is_for(pay_month, age):
            verified(version)
            return Contributions(version.id, rule.rate, version.rate, version.on_at_most)
    return Contributions(rule.id, rule.rate)


def unambiguous(reduced: Sequence[ReducedContribution]) -> tuple[ReducedContribution, ...]:
    """The reduced versions. RulesInvalid: two of them cover one age on one day."""
    for index, one in enumerate(reduced):
        for other in reduced[index + 1 :]:
            days = max(one.valid_from, other.valid_from)
            ages = max(one.from_age, other.from_age)
            if one.is_for(days, ages) and other.is_for(days, ages):
                raise RulesInvalid(f"{other.id}: overlaps {one.id}")
    return tuple(reduced)
