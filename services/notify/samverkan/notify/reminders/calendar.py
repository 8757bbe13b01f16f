"""Swedish working days and months, as far as deadlines need them. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from holidays import DE_FACTO, PUBLIC, HolidayBase, country_holidays

_SATURDAY = 5


def next_working_day(day: date) -> date:
    """The day itself, or the first after it that is Monday–Friday and no holiday (domain.md section 4, rule 9)."""
    while day.weekday() >= _SATURDAY or day in _days_off(day.year):
        day += timedelta(days=1)
    return day


def last_of_month(day: date) -> date:
    """The last day of that day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_later(day: date, months: int) -> date:
    """The same date that many months later; the month's last day where there is no such date."""
    years, index = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, index + 1, 1)
    return first.replace(day=min(day.day, last_of_month(first).day))


def months_between(first: date, last: date) -> Iterator[date]:
    """The first day of every month that has a day from `first` to `last`."""
    month = first.replace(day=1)
    while month <= last and first <= last:
        yield month
        month = months_later(month, 1)


@cache
def _days_off(year: int) -> HolidayBase:
    # DE_FACTO is midsommarafton, julafton and nyårsafton.
    return country_holidays("SE", years=year, expand=False, categories=(PUBLIC, DE_FACTO))
