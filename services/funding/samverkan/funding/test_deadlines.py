"""Last days against domain.md sections 3, 4 and 6."""

from datetime import date

import pytest

from samverkan.funding.deadlines import credit_by, last_day_to_claim
from samverkan.funding.rules.load import load_rulebook

RULES = load_rulebook()


@pytest.mark.parametrize(
    ("work_month", "last_day"),
    [
        (date(2026, 1, 1), date(2026, 7, 30)),
        (date(2026, 3, 1), date(2026, 9, 28)),  # 27 September is a Sunday
        (date(2022, 12, 1), date(2023, 3, 1)),  # 60 days: the rule on the month's last day
        (date(2023, 1, 1), date(2023, 7, 31)),  # 180 days are 30 July, a Sunday
    ],
)
def test_the_last_day_to_claim(work_month: date, last_day: date) -> None:
    assert last_day_to_claim(RULES, work_month) == last_day


@pytest.mark.parametrize(
    ("received_on", "day"),
    [
        (date(2026, 4, 30), date(2026, 5, 12)),
        (date(2026, 5, 8), date(2026, 6, 12)),
        (date(2026, 3, 26), date(2026, 4, 13)),  # 12 April is a Sunday
        (date(2027, 12, 13), date(2028, 1, 17)),
        (date(2026, 12, 14), date(2027, 1, 18)),  # 17 January 2027 is a Sunday
        (date(2026, 11, 30), date(2026, 12, 14)),  # 12 December is a Saturday
    ],
)
def test_the_credit_day(received_on: date, day: date) -> None:
    assert credit_by(RULES, received_on) == day
