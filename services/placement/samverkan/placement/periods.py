"""How long "6 months" are. Pure."""

from calendar import monthrange
from datetime import date, timedelta


def months_after(day: date, months: int) -> date:
    """The same date that many months later, or the month's last day where it has no such date."""
    years, index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, index + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_day_of_period(starts_on: date, months: int) -> date:
    """The last day of a period of that many months: the day before the same date (domain.md section 4, rule 11).

    A month without that date ends the period with its own last day: 31 August and 6 months end on 28 February.
    """
    later = months_after(starts_on, months)
    return later if later.day < starts_on.day else later - timedelta(days=1)
