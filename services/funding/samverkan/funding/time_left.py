"""Is there time left for these terms, under the rules of the decision day? Pure."""

from collections.abc import Sequence
from datetime import date

from samverkan.funding.limits import limits
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.terms import Terms
from samverkan.funding.time_used import Period, Support, refuse_beyond


def refuse_unless_time_left(
    rules: Rulebook, terms: Terms, decided_on: date, others: Sequence[Support], employer: str | None
) -> None:
    """Refused: `longest-time-used`, `need-not-motivated`, `support-at-same-time`; as `limits`."""
    rule = rules.subsidy(terms.form, decided_on)
    refuse_beyond(
        rule,
        limits(rule, terms, decided_on),
        terms.form,
        Period(terms.starts_on, terms.ends_on),
        others,
        employer=employer,
        need_is_motivated=bool(terms.facts.second_year_need),
    )
