"""What a work month costs, gives and leaves to the employer, to the öre. Pure.

Domain.md section 4, "How amounts are computed". Everything is exact until the end of a line, where it is rounded half
up once; own cost is the rounded wage cost less the rounded credit, so that the lines always add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from samverkan.funding.calendar import first_of_month, last_of_month, working_days
from samverkan.funding.explanation import Computed, explain
from samverkan.funding.money import to_ore
from samverkan.funding.rules.contributions import Contributions
from samverkan.funding.rules.rulebook import SubsidyRule
from samverkan.schemas.funding import ClaimAmounts


@dataclass(frozen=True)
class Segment:
    """Days of one work month, both ends included, that the support covers at one decided extent (1 = full time)."""

    extent: Decimal
    first_on: date
    last_on: date


def claim_amounts(
    rule: SubsidyRule, contributions: Contributions, work_month: date, gross: Decimal, segments: Sequence[Segment]
) -> ClaimAmounts:
    """The amounts of one work month.

    `gross` is what was paid for the supported days of the month: sick and holiday pay included, nothing that was paid
    after the period. Absence lowers it; it never lowers the cap.
    """
    return _amounts(rule, contributions, work_month, Fraction(gross), segments)


def expected_amounts(
    rule: SubsidyRule,
    contributions: Contributions,
    work_month: date,
    gross_per_month: Decimal,
    segments: Sequence[Segment],
) -> ClaimAmounts:
    """The amounts of a month that has not been worked yet: pay follows the share of its working days."""
    supported = sum(working_days(part.first_on, part.last_on) for part in segments)
    gross = Fraction(gross_per_month) * supported / _working_days_of(work_month)
    return _amounts(rule, contributions, work_month, gross, segments)


def _amounts(
    rule: SubsidyRule, contributions: Contributions, work_month: date, gross: Fraction, segments: Sequence[Segment]
) -> ClaimAmounts:
    in_month = _working_days_of(work_month)
    supported = tuple((part.extent, working_days(part.first_on, part.last_on)) for part in segments)
    cap = sum(
        (Fraction(rule.gross_cap) * Fraction(extent) * days / in_month for extent, days in supported), Fraction(0)
    )
    countable = min(gross, cap)
    cost = to_ore(gross + contributions.due_on(gross))
    credit = to_ore(Fraction(rule.rate) * (countable + contributions.due_on(countable)))
    lines = explain(Computed(rule, contributions, in_month, supported, gross, cap, countable, cost, credit))
    return ClaimAmounts(cost=cost, credit=credit, own_cost=cost - credit, lines=lines)


def _working_days_of(month: date) -> int:
    return working_days(first_of_month(month), last_of_month(month))
