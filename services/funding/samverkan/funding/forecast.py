"""What a placement will give: month by month and in all, before any of it has been worked. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from samverkan.backbone.errors import Refused
from samverkan.funding.amounts import Segment, expected_amounts
from samverkan.funding.calendar import add_months, first_of_month, last_day_of_period, last_of_month, months_between
from samverkan.funding.rules.rulebook import Rulebook, SubsidyRule
from samverkan.funding.terms import Terms, check_terms
from samverkan.schemas.funding import ClaimAmounts


@dataclass(frozen=True)
class Month:
    """One work month (its first day) and what it is expected to give."""

    work_month: date
    amounts: ClaimAmounts


@dataclass(frozen=True)
class Forecast:
    """The amounts of a full month, with the contributions of the first one, and of every month of the period."""

    rule: SubsidyRule
    full_month: ClaimAmounts
    months: tuple[Month, ...]

    @property
    def cost(self) -> Decimal:
        """Wage cost of the whole period, kronor."""
        return sum((month.amounts.cost for month in self.months), Decimal(0))

    @property
    def credit(self) -> Decimal:
        """Credit of the whole period, kronor: the sum of rounded months, which is what will be credited."""
        return sum((month.amounts.credit for month in self.months), Decimal(0))

    @property
    def own_cost(self) -> Decimal:
        """What the employer bears of the whole period, kronor."""
        return self.cost - self.credit


def forecast(rules: Rulebook, terms: Terms, decided_on: date) -> Forecast:
    """Compute a whole period under the rules of the decision day.

    Refused: impossible terms (`check_terms`), `form-unsupported`, `no-rule-in-force`, `period-too-long`,
    `rule-not-verified`.
    """
    check_terms(terms)
    rule = rules.subsidy(terms.form, decided_on)
    longest = last_day_of_period(terms.starts_on, rule.months_at_a_time)
    if terms.ends_on > longest:
        raise Refused("period-too-long", latest_end=longest.isoformat())
    first = first_of_month(terms.starts_on)
    full_month = _month(rules, rule, terms, first, Segment(terms.extent, first, last_of_month(first)))
    months = tuple(
        _month(rules, rule, terms, month, _supported(terms, month))
        for month in months_between(terms.starts_on, terms.ends_on)
    )
    return Forecast(rule, full_month.amounts, months)


def _supported(terms: Terms, month: date) -> Segment:
    return Segment(terms.extent, max(terms.starts_on, month), min(terms.ends_on, last_of_month(month)))


def _month(rules: Rulebook, rule: SubsidyRule, terms: Terms, month: date, supported: Segment) -> Month:
    contributions = rules.contributions(add_months(month, terms.pay_months_later), terms.birth_year)
    return Month(month, expected_amounts(rule, contributions, month, terms.gross_per_month, [supported]))
