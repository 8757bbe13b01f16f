"""What notify reminds of is what funding refuses after: the same last day for every month that a rule covers."""

from collections.abc import Iterator
from datetime import date

from samverkan.backbone.calendar import months_between
from samverkan.funding.budget.law import load_law
from samverkan.funding.deadlines import last_day_to_claim
from samverkan.funding.rules.load import load_rulebook
from samverkan.notify.reminders.rules import read_rules


def months() -> Iterator[date]:
    return months_between(date(2018, 5, 1), date(2027, 12, 1))


def test_the_days_of_a_budget_are_fundings_for_every_year() -> None:
    law, notify = load_law(), read_rules().budget
    for year in range(2016, 2031):
        assert notify.adoption_due_on(year) == law.adopted_by(year)
        assert notify.report_due_on(year) == law.reported_by(year)


def test_the_last_day_to_claim_is_fundings_for_every_month() -> None:
    funding, notify = load_rulebook(), read_rules().claim
    assert {month: notify.due_on(month) for month in months()} == {
        month: last_day_to_claim(funding, month) for month in months()
    }
