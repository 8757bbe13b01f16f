"""Working days and months against domain.md section 4."""

from datetime import date

import pytest

from samverkan.backbone.calendar import (
    add_months,
    is_working_day,
    last_day_of_period,
    last_of_month,
    months_between,
    months_later,
    next_working_day,
    working_days,
)

WORKING_DAYS_2026 = (20, 20, 22, 20, 19, 21, 23, 21, 22, 22, 21, 20)


def test_the_working_days_of_2026_are_those_of_the_domain() -> None:
    months = [date(2026, month, 1) for month in range(1, 13)]
    assert tuple(working_days(month, last_of_month(month)) for month in months) == WORKING_DAYS_2026
    assert working_days(date(2026, 1, 1), date(2026, 12, 31)) == 251


@pytest.mark.parametrize("eve", [date(2026, 6, 19), date(2026, 12, 24), date(2026, 12, 31), date(2018, 6, 22)])
def test_the_three_eves_are_no_working_days_although_they_are_no_public_holidays(eve: date) -> None:
    assert not is_working_day(eve)


@pytest.mark.parametrize(("month", "days"), [(date(2017, 11, 1), 22), (date(2018, 3, 1), 21), (date(2027, 3, 1), 21)])
def test_working_days_of_other_years_in_the_stories(month: date, days: int) -> None:
    assert working_days(month, last_of_month(month)) == days


def test_a_period_that_ends_before_it_begins_has_no_working_day() -> None:
    assert working_days(date(2026, 3, 10), date(2026, 3, 9)) == 0


def test_a_sunday_moves_to_the_monday_and_a_monday_stays() -> None:
    assert next_working_day(date(2026, 9, 27)) == date(2026, 9, 28)
    assert next_working_day(date(2026, 9, 28)) == date(2026, 9, 28)


def test_the_easter_weekend_moves_to_the_tuesday() -> None:
    assert next_working_day(date(2026, 4, 3)) == date(2026, 4, 7)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2026, 3, 2), date(2027, 3, 1)),
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2024, 3, 1), date(2025, 2, 28)),
    ],
)
def test_twelve_months_end_the_day_before_the_same_date(starts_on: date, ends_on: date) -> None:
    assert last_day_of_period(starts_on, 12) == ends_on


def test_months_pass_the_turn_of_the_year() -> None:
    assert add_months(date(2026, 12, 5), 1) == date(2027, 1, 1)
    assert add_months(date(2026, 11, 30), 14) == date(2028, 1, 1)
    months = [date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]
    assert list(months_between(date(2026, 12, 31), date(2027, 2, 1))) == months


def test_the_same_date_months_later_is_the_months_last_day_where_there_is_none() -> None:
    assert months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_later(date(2026, 2, 9), 3) == date(2026, 5, 9)
    assert last_day_of_period(date(2026, 8, 31), 6) == date(2027, 2, 28)
