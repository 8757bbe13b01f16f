"""Swedish working days and months. Pure.

A working day is Monday–Friday except public holidays, midsommarafton, julafton and nyårsafton, whatever the person's
own schedule (domain.md section 4, rule 2).
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from holidays import DE_FACTO, PUBLIC, HolidayBase, country_holidays

SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether a deadline may fall on that day."""
    return day.weekday() < SATURDAY and day not in _days_off(day.year)


def working_days(first: date, last: date) -> int:
    """How many working days there are from `first` to `last`, both included; 0 when `last` comes before."""
    return sum(is_working_day(first + timedelta(days=n)) for n in range((last - first).days + 1))


def next_working_day(day: date) -> date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def first_of_month(day: date) -> date:
    """The first day of that day's month."""
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    """The last day of that day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(month: date, months: int) -> date:
    """The first day of the month that many months after the month of `month`."""
    years, index = divmod(month.month - 1 + months, 12)
    return date(month.year + years, index + 1, 1)


def months_later(day: date, months: int) -> date:
    """The same date that many months later; the month's last day where there is no such date."""
    month = add_months(day, months)
    return month.replace(day=min(day.day, last_of_month(month).day))


def last_day_of_period(starts_on: date, months: int) -> date:
    """The last day of a period of that many months: the day before the same date (domain.md section 4, rule 11).

    A month without that date ends the period with its own last day: 29 February and 12 months end on 28 February.
    """
    later = months_later(starts_on, months)
    return later if later.day < starts_on.day else later - timedelta(days=1)


def months_between(first: date, last: date) -> Iterator[date]:
    """The first day of every month that has a day from `first` to `last`."""
    month = first_of_month(first)
    while month <= last:
        yield month
        month = add_months(month, 1)


@cache
def _days_off(year: int) -> HolidayBase:
    # DE_FACTO is midsommarafton, julafton and nyårsafton; test_calendar.py holds the library to that.
    return country_holidays("SE", years=year, expand=False, categories=(PUBLIC, DE_FACTO))
