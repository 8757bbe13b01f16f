"""The answer to "what will it cost": credit and own cost by the month and to the end, for one person and for many.

Pure. Overhead is the employer's own and no part of any credit: a month with one supported day bears it whole.
"""

from decimal import Decimal

from samverkan.funding.forecast import Forecast
from samverkan.funding.messages import Computed, ComputedMonth, RuleUsed, Sums
from samverkan.funding.rules.versions import Version


def computed(result: Forecast, overhead_per_month: Decimal, persons: int) -> Computed:
    """What is told of a forecast; `persons` placements alike beside the one."""
    month = result.full_month
    a_month = _sums(month.cost, month.credit, overhead_per_month)
    in_all = _sums(result.cost, result.credit, overhead_per_month * len(result.months))
    return Computed(
        rule=rule_used(result.rule),
        longest_at_a_time=result.limits.at_a_time,
        longest_in_all=result.limits.in_all,
        full_month=month,
        months=[ComputedMonth(work_month=month.work_month, amounts=month.amounts) for month in result.months],
        cost=result.cost,
        credit=result.credit,
        own_cost=result.own_cost,
        a_month=a_month,
        in_all=in_all,
        persons=persons,
        all_persons_a_month=_times(a_month, persons),
        all_persons_in_all=_times(in_all, persons),
    )


def rule_used(rule: Version) -> RuleUsed:
    """What is told of a rule version."""
    return RuleUsed(id=rule.id, source=rule.source, remark=rule.remark, remark_sv=rule.remark_sv)


def _sums(cost: Decimal, credit: Decimal, overhead: Decimal) -> Sums:
    return Sums(
        cost=cost, credit=credit, own_cost=cost - credit, overhead=overhead, with_overhead=cost - credit + overhead
    )


def _times(sums: Sums, persons: int) -> Sums:
    return Sums(**{name: amount * persons for name, amount in sums})
