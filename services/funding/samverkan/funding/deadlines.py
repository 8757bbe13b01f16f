"""The last day to claim a work month, and the last day of its crediting. Pure.

A day that is no working day moves to the next one (domain.md section 4, rule 9).
"""

from datetime import date, timedelta

from samverkan.backbone.calendar import add_months, last_of_month, next_working_day
from samverkan.funding.rules.rulebook import Rulebook

DECEMBER = 12


def last_day_to_claim(rules: Rulebook, work_month: date) -> date:
    """The last day on which the underlag of that month may arrive. Refused `no-rule-in-force`."""
    month_ends = last_of_month(work_month)
    return next_working_day(month_ends + timedelta(days=rules.deadline(month_ends).days))


def credit_by(rules: Rulebook, received_on: date) -> date:
    """The day by which an underlag that arrived then is credited. Refused `no-rule-in-force`."""
    rule = rules.credit_day(received_on)
    day = rule.day_for_december if received_on.month == DECEMBER else rule.day
    return next_working_day(add_months(received_on, 1).replace(day=day))
