"""Which days of a month a compensation supports, and at which extent; what its months are expected to give. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from samverkan.backbone.calendar import add_months, first_of_month, last_of_month, months_between, working_days
from samverkan.backbone.errors import Refused
from samverkan.funding.amounts import Segment, claim_amounts
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.form_facts import facts_of
from samverkan.funding.money import to_ore
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.schemas.funding import ClaimAmounts

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days with the same decided terms. Kronor a month; None: the key of the pay is gone."""

    first_on: date
    last_on: date
    extent: Decimal
    gross_per_month: Decimal | None


def periods(compensation: Compensation) -> list[Period]:
    """The decided days, one period for each set of terms, without days that a revocation took. None: not applied."""
    application, ends_on = compensation.application, compensation.ends_on
    if application is None or ends_on is None:
        return []
    if compensation.revoked_from is not None:
        ends_on = min(ends_on, compensation.revoked_from - _DAY)
    gross = None if application.economy is None else application.economy.gross_per_month
    begins = [(application.starts_on, application.extent, gross)]
    begins += [(each.valid_from, each.extent, each.gross_per_month) for each in compensation.amendments]
    ends = [*(begin[0] - _DAY for begin in begins[1:]), ends_on]
    found = (
        Period(first, min(last, ends_on), extent, pay) for (first, extent, pay), last in zip(begins, ends, strict=True)
    )
    return [period for period in found if period.first_on <= period.last_on]


def supported(
    compensation: Compensation, month: date, started_on: date, last_day_on: date | None
) -> tuple[Segment, ...]:
    """The days of the month that are both decided and worked; none when there is no such day.

    The earlier one of the ends that we have heard of counts: a claim may rest on an older one.
    """
    last = last_of_month(month)
    for end in (last_day_on, compensation.ended_on):
        last = last if end is None else min(last, end)
    parts = (
        Segment(part.extent, max(part.first_on, month, started_on), min(part.last_on, last))
        for part in periods(compensation)
    )
    return tuple(part for part in parts if part.first_on <= part.last_on)


def amounts(
    rules: Rulebook, compensation: Compensation, month: date, gross: Decimal, segments: Sequence[Segment]
) -> ClaimAmounts:
    """What the month gives under the decision's rule version.

    Refused: `not-granted`, `economy-unreadable`, `rule-version-unknown`, `rule-not-verified`, `no-rule-in-force`.
    """
    application, decision = compensation.application, compensation.decision
    if application is None or decision is None or decision.rule_version is None:
        raise Refused("not-granted")
    if application.economy is None:
        raise Refused("economy-unreadable")
    rule = rules.subsidy_version(application.form, decision.rule_version)
    pay_month = add_months(month, application.pay_months_later)
    contributions = rules.contributions(pay_month, application.economy.birth_year)
    return claim_amounts(rule, contributions, month, gross, segments, facts_of(application.economy))


def expected(rules: Rulebook, compensation: Compensation) -> Iterator[tuple[date, ClaimAmounts]]:
    """What every decided month is expected to give, worked as decided. Refused: as `amounts`."""
    found = periods(compensation)
    if not found:
        return
    for month in months_between(found[0].first_on, found[-1].last_on):
        segments = supported(compensation, month, found[0].first_on, None)
        if segments:
            yield month, amounts(rules, compensation, month, _expected_gross(found, month), segments)


def full_month(rules: Rulebook, compensation: Compensation, period: Period) -> ClaimAmounts:
    """What a whole month gives under the terms of the period, with the contributions of its first month."""
    month = first_of_month(period.first_on)
    whole = Segment(period.extent, month, last_of_month(month))
    return amounts(rules, compensation, month, _readable(period), [whole])


def _expected_gross(found: Sequence[Period], month: date) -> Decimal:
    """Pay follows the share of working days under each set of terms."""
    last = last_of_month(month)
    in_month = working_days(month, last)
    parts = (
        Fraction(_readable(part)) * working_days(max(part.first_on, month), min(part.last_on, last)) / in_month
        for part in found
    )
    return to_ore(sum(parts, Fraction(0)))


def _readable(period: Period) -> Decimal:
    if period.gross_per_month is None:
        raise Refused("economy-unreadable")
    return period.gross_per_month
