"""What a placement will give: month by month and in all, before any of it has been worked. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from samverkan.backbone.calendar import add_months, first_of_month, last_day_of_period, last_of_month, months_between
from samverkan.backbone.errors import Refused
from samverkan.funding.amounts import Segment, expected_amounts
from samverkan.funding.form_facts import check_facts
from samverkan.funding.limits import Limits, limits
from samverkan.funding.rules.contributions import Contributions
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.rules.subsidies import NoWage, SubsidyRule
from samverkan.funding.terms import Terms, check_terms
from samverkan.schemas.funding import ClaimAmounts

_NONE_DUE: Final = Contributions("none", Decimal(0))  # of somebody who is not employed


@dataclass(frozen=True)
class Month:
    """One work month (its first day) and what it is expected to give."""

    work_month: date
    amounts: ClaimAmounts


@dataclass(frozen=True)
class Forecast:
    """The amounts of a full month, with the contributions of the first one, and of every month of the period."""

    rule: SubsidyRule
    limits: Limits
    full_month: ClaimAmounts
    months: tuple[Month, ...]

    @property
    def cost(self) -> Decimal:
        """Wage cost of the whole period, kronor."""
        return self._sum(lambda amounts: amounts.cost)

    @property
    def credit(self) -> Decimal:
        """Credit of the whole period, kronor: the sum of rounded months, which is what will be credited."""
        return self._sum(lambda amounts: amounts.credit)

    @property
    def own_cost(self) -> Decimal:
        """What the employer bears of the whole period, kronor."""
        return self.cost - self.credit

    def _sum(self, of: Callable[[ClaimAmounts], Decimal]) -> Decimal:
        return sum((of(month.amounts) for month in self.months), Decimal(0))


def forecast(rules: Rulebook, terms: Terms, decided_on: date, *, unpaid: bool = False) -> Forecast:
    """Compute a whole period under the rules of the decision day.

    A form without a wage gives no compensation; with `unpaid` it is answered all the same, all zeros.

    Refused: impossible terms (`check_terms`), what `Rulebook.subsidy`, `check_facts` and `limits` refuse,
    `period-too-long`, `form-without-wage`, and what `Rulebook.contributions` refuses.
    """
    check_terms(terms)
    rule = rules.subsidy(terms.form, decided_on)
    check_facts(rules, rule, terms.form, terms.birth_year, terms.facts, decided_on)
    if isinstance(rule, NoWage) and (not unpaid or terms.gross_per_month):
        raise Refused("form-without-wage", form=terms.form.value, source=rule.source)
    allowed = limits(rule, terms, decided_on)
    longest = last_day_of_period(terms.starts_on, allowed.at_a_time)
    if terms.ends_on > longest:
        raise Refused("period-too-long", latest_end=longest.isoformat(), months=str(allowed.at_a_time))
    first = first_of_month(terms.starts_on)
    full_month = _month(rules, rule, terms, first, Segment(terms.extent, first, last_of_month(first)))
    months = tuple(
        _month(rules, rule, terms, month, _supported(terms, month))
        for month in months_between(terms.starts_on, terms.ends_on)
    )
    return Forecast(rule, allowed, full_month.amounts, months)


def _supported(terms: Terms, month: date) -> Segment:
    return Segment(terms.extent, max(terms.starts_on, month), min(terms.ends_on, last_of_month(month)))


def _month(rules: Rulebook, rule: SubsidyRule, terms: Terms, month: date, supported: Segment) -> Month:
    contributions = _NONE_DUE
    if not isinstance(rule, NoWage):
        contributions = rules.contributions(add_months(month, terms.pay_months_later), terms.birth_year)
    return Month(month, expected_amounts(rule, contributions, month, terms.gross_per_month, [supported], terms.facts))
