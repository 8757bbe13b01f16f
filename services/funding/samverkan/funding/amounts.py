"""What a work month costs, gives and leaves to the employer, to the öre. Pure.

Domain.md section 4, "How amounts are computed". Everything is exact until the end of a line, where it is rounded half
up once; own cost is the rounded cost less the rounded credit, so that the lines always add up. Every method of
subsidies.py has its own function here, and its own sentences in explanation.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from samverkan.backbone.calendar import first_of_month, last_of_month, working_days
from samverkan.backbone.errors import Refused
from samverkan.funding.explanation import Computed, explain
from samverkan.funding.form_facts import NO_FACTS, FormFacts
from samverkan.funding.money import to_ore
from samverkan.funding.rules.contributions import Contributions
from samverkan.funding.rules.subsidies import (
    AssessedReduction,
    ContributionMultiple,
    DailyCap,
    NoWage,
    ShareOfWageCost,
    Step,
    SubsidyRule,
)
from samverkan.schemas.funding import ClaimAmounts

_NOTHING: Final = Fraction(0)


@dataclass(frozen=True)
class Segment:
    """Days of one work month, both ends included, that the support covers at one decided extent (1 = full time)."""

    extent: Decimal
    first_on: date
    last_on: date


def claim_amounts(
    rule: SubsidyRule,
    contributions: Contributions,
    work_month: date,
    gross: Decimal,
    segments: Sequence[Segment],
    facts: FormFacts = NO_FACTS,
) -> ClaimAmounts:
    """The amounts of one work month.

    `gross` is what was paid for the supported days of the month: sick and holiday pay included, nothing that was paid
    after the period, cash only. Absence lowers it; it never lowers the cap.
    """
    return _amounts(rule, contributions, work_month, Fraction(gross), segments, facts)


def expected_amounts(
    rule: SubsidyRule,
    contributions: Contributions,
    work_month: date,
    gross_per_month: Decimal,
    segments: Sequence[Segment],
    facts: FormFacts = NO_FACTS,
) -> ClaimAmounts:
    """The amounts of a month that has not been worked yet: pay follows the share of its working days."""
    supported = sum(working_days(part.first_on, part.last_on) for part in segments)
    gross = Fraction(gross_per_month) * supported / _working_days_of(work_month)
    return _amounts(rule, contributions, work_month, gross, segments, facts)


def _amounts(
    rule: SubsidyRule,
    contributions: Contributions,
    work_month: date,
    gross: Fraction,
    segments: Sequence[Segment],
    facts: FormFacts,
) -> ClaimAmounts:
    in_month = _working_days_of(work_month)
    supported = tuple((part.extent, working_days(part.first_on, part.last_on)) for part in segments)
    month = _Month(contributions, in_month, supported, gross, facts)
    match rule:
        case ShareOfWageCost():
            computed = _share_of_wage_cost(rule, month)
        case DailyCap():
            computed = _daily_cap(rule, month)
        case ContributionMultiple():
            computed = _contributions(rule, month)
        case AssessedReduction():
            computed = _assessed_reduction(rule, month)
        case NoWage():
            computed = month.computed(rule, credit=_NOTHING)
        case _:
            raise AssertionError(type(rule).__name__)
    amounts = computed.amounts
    return ClaimAmounts(
        cost=amounts["cost"], credit=amounts["credit"], own_cost=amounts["own-cost"], lines=explain(computed)
    )


@dataclass(frozen=True)
class _Month:
    """What every method computes from."""

    contributions: Contributions
    days_in_month: int
    supported: tuple[tuple[Decimal, int], ...]
    gross: Fraction
    facts: FormFacts

    def cap(self, at_full_time: Decimal) -> Fraction:
        """The cap of the supported days: each segment's at its extent and its share of the working days (rule 3)."""
        return Fraction(at_full_time) * self.days_at_extent / self.days_in_month

    @property
    def days_at_extent(self) -> Fraction:
        """Supported working days, each weighed by its extent."""
        return sum((Fraction(extent) * days for extent, days in self.supported), _NOTHING)

    @property
    def share_of_month(self) -> Fraction:
        """Supported working days out of the month's, whatever their extent."""
        return Fraction(sum(days for _, days in self.supported), self.days_in_month)

    def computed(
        self,
        rule: SubsidyRule,
        *,
        credit: Fraction,
        cap: Fraction = _NOTHING,
        countable: Fraction = _NOTHING,
        insurance_share: Decimal = Decimal(0),
        extra: Fraction = _NOTHING,
        step: Step | None = None,
    ) -> Computed:
        """The figures as they become lines; `credit` is that of the wage, `extra` comes besides."""
        cost = self.gross + self.contributions.due_on(self.gross) + self.gross * Fraction(insurance_share)
        return Computed(
            rule=rule,
            contributions=self.contributions,
            days_in_month=self.days_in_month,
            supported=self.supported,
            gross=self.gross,
            cap=cap,
            countable=countable,
            wage_cost=to_ore(cost),
            wage_credit=to_ore(credit),
            extra=to_ore(extra),
            insurance_share=insurance_share,
            facts=self.facts,
            step=step,
        )


def _share_of_wage_cost(rule: ShareOfWageCost, month: _Month) -> Computed:
    cap = month.cap(rule.gross_cap)
    countable = min(month.gross, cap)
    credit = Fraction(rule.rate) * (countable + month.contributions.due_on(countable))
    return month.computed(rule, credit=credit, cap=cap, countable=countable)


def _daily_cap(rule: DailyCap, month: _Month) -> Computed:
    """Rule 8: the lower of the share of the whole wage cost and the cap of the supported working days."""
    cap = Fraction(rule.daily_cap) * month.days_at_extent
    share = Fraction(rule.rate) * (month.gross + month.contributions.due_on(month.gross))
    return month.computed(rule, credit=min(share, cap), cap=cap, countable=month.gross)


def _contributions(rule: ContributionMultiple, month: _Month) -> Computed:
    """Contributions that are due by pay month and age, and full ones besides, by the person's absence (rule 6)."""
    step = _step(rule, month.facts)
    cap = month.cap(rule.gross_cap)
    countable = min(month.gross, cap)
    full = countable * Fraction(month.contributions.rate)
    credit = Fraction(step.times_due) * month.contributions.due_on(countable) + Fraction(step.times_full) * full
    return month.computed(rule, credit=credit, cap=cap, countable=countable, step=step)


def _step(rule: ContributionMultiple, facts: FormFacts) -> Step:
    """By months of absence; who is newly arrived stands on the highest step."""
    if facts.newly_arrived:
        return rule.steps[-1]
    return [step for step in rule.steps if step.absent_from_months <= (facts.absence_months or 0)][-1]


def _assessed_reduction(rule: AssessedReduction, month: _Month) -> Computed:
    facts = month.facts
    if facts.assessed_reduction is None:
        raise Refused("assessed-reduction-missing")
    insurance = facts.insurance_share or Decimal(0)
    cap = month.cap(rule.gross_cap)
    countable = min(month.gross, cap)
    base = countable + month.contributions.due_on(countable) + countable * Fraction(insurance)
    return month.computed(
        rule,
        credit=Fraction(facts.assessed_reduction) * base,
        cap=cap,
        countable=countable,
        insurance_share=insurance,
        extra=Fraction(facts.extra_support or 0) * month.share_of_month,
    )


def _working_days_of(month: date) -> int:
    return working_days(first_of_month(month), last_of_month(month))
