"""How much was missed, for a claim and for follow-up. Pure.

Rule 4 of domain.md section 4: care of a child, leave and sickness after the sick-pay period lower the gross that a
claim counts; a day of absence is counted as the share of it that was missed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from samverkan.intake.presence.reasons import LowersGross, Reasons
from samverkan.intake.presence.state import Day


@dataclass(frozen=True)
class Statistics:
    """Days of a period. Absence in days, a half day as 0.5.

    `lowers_gross`: the absence that rule 4 takes out of the gross; None when a reason cannot be read.
    """

    first_on: date
    last_on: date
    expected_days: int
    absent_days: Decimal
    absent_by_code: Mapping[str, Decimal]
    lowers_gross: Decimal | None
    source: str


def statistics(days: Mapping[date, Day], first_on: date, last_on: date, known: Reasons) -> Statistics:
    """Count the period. `days` are all that were ever reported: a period of sickness may begin before the first day."""
    within = {day: said for day, said in sorted(days.items()) if first_on <= day <= last_on}
    missed = {day: said for day, said in within.items() if said.absent}
    by_code: dict[str, Decimal] = {}
    for said in missed.values():
        by_code[said.reason or "unreadable"] = by_code.get(said.reason or "unreadable", Decimal(0)) + said.absent
    sick_days = _sickness(days, known)
    unpaid = [_lowers(day, said, known, sick_days) for day, said in missed.items()]
    return Statistics(
        first_on=first_on,
        last_on=last_on,
        expected_days=len(within),
        absent_days=sum((said.absent for said in missed.values()), Decimal(0)),
        absent_by_code=dict(sorted(by_code.items())),
        lowers_gross=None if None in unpaid else sum((share for share in unpaid if share is not None), Decimal(0)),
        source=known.sick_pay.source,
    )


def _lowers(day: date, said: Day, known: Reasons, sick_days: Mapping[date, int]) -> Decimal | None:
    reason = None if said.reason is None else known.reason.get(said.reason)
    if reason is None:
        return None
    match reason.lowers_gross:
        case LowersGross.ALWAYS:
            return said.absent
        case LowersGross.NEVER:
            return Decimal(0)
        case LowersGross.AFTER_SICK_PAY:
            return said.absent if sick_days[day] > known.sick_pay.days else Decimal(0)


def _sickness(days: Mapping[date, Day], known: Reasons) -> dict[date, int]:
    """Each sick day → which day of its period of sickness it is, from 1.

    Days between two sick ones on which nobody was expected are sickness too. A relapse goes on counting where the
    period before ended; days at work in between do not count.
    """
    sick = {day for day, said in days.items() if said.absent and _counts_sick_pay(said, known)}
    numbers: dict[date, int] = {}
    before: date | None = None
    for day in sorted(sick):
        if before is None:
            numbers[day] = 1
        elif not any(before < other < day for other in days.keys() - sick):
            numbers[day] = numbers[before] + (day - before).days
        else:
            relapse = (day - before).days <= known.sick_pay.relapse_days
            numbers[day] = numbers[before] + 1 if relapse else 1
        before = day
    return numbers


def _counts_sick_pay(said: Day, known: Reasons) -> bool:
    reason = None if said.reason is None else known.reason.get(said.reason)
    return reason is not None and reason.lowers_gross is LowersGross.AFTER_SICK_PAY
