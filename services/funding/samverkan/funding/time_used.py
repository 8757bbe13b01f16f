"""How much of a form's longest time a person has used, whoever the employers were. Pure.

Time used counts calendar days of granted support, a day with two of them once; a support that ended early counts until
its last day. The longest time of N months is the days of N months from the first counted day on: 24 months from 2 March
2026 are the 731 days to 1 March 2028. Where the rule lets a person qualify again after some months, a pause of that
length begins a new count (domain.md section 4, rule 11 and introduktionsjobb).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from samverkan.backbone.calendar import last_day_of_period
from samverkan.backbone.errors import Refused
from samverkan.funding.limits import Limits
from samverkan.funding.rules.subsidies import SubsidyRule
from samverkan.schemas.participant import Programme

_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    """Calendar days, both ends included."""

    first_on: date
    last_on: date

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.last_on - self.first_on).days + 1


@dataclass(frozen=True)
class Support:
    """A granted support of a person: which days it covers, and at whose workplace (None: sealed to us)."""

    form: Programme
    period: Period
    employer: str | None = None


@dataclass(frozen=True)
class TimeUsed:
    """Days counted since `counted_from`, out of `days_in_all` (None: there is no longest time).

    `last_possible_on`: the last day of support that would follow the last one without a pause, None when nothing is
    left. `qualifies_again_on`: the first day on which a new count could begin.
    """

    counted_from: date | None
    days_used: int
    days_in_all: int | None
    days_left: int | None
    last_possible_on: date | None
    qualifies_again_on: date | None


def time_used(rule: SubsidyRule, in_all: int | None, periods: Sequence[Period]) -> TimeUsed:
    """What the latest count of these periods has come to. `in_all`: months, by `limits`."""
    counted = _latest_count(rule, _merged(periods))
    if not counted:
        return TimeUsed(None, 0, None, None, None, None)
    used = sum(period.days for period in counted)
    last_on = counted[-1].last_on
    again_on = None
    if rule.requalify_after_months is not None:
        again_on = last_day_of_period(last_on + _DAY, rule.requalify_after_months) + _DAY
    if in_all is None:
        return TimeUsed(counted[0].first_on, used, None, None, None, again_on)
    allowed = _days_of(counted[0].first_on, in_all)
    left = max(allowed - used, 0)
    last_possible = last_on + timedelta(days=left) if left else None
    return TimeUsed(counted[0].first_on, used, allowed, left, last_possible, again_on)


def refuse_beyond(
    rule: SubsidyRule,
    allowed: Limits,
    form: Programme,
    asked: Period,
    others: Sequence[Support],
    *,
    employer: str | None = None,
    need_is_motivated: bool = False,
) -> None:
    """May this person have this support besides the `others` that were granted?

    Refused `support-at-same-time`: one employment, one support. `longest-time-used`: more days than there are, with how
    many and until when. `need-not-motivated`: the rule wants the need of further support motivated.
    """
    for other in others:
        same_employer = employer is not None and other.employer == employer
        if same_employer and _overlap(other.period, asked):
            raise Refused("support-at-same-time", form=other.form.value, until=other.period.last_on.isoformat())
    earlier = [other.period for other in others if other.form is form]
    counted = _count_with(rule, _merged([*earlier, asked]), asked)
    used = sum(period.days for period in counted)
    if allowed.in_all is not None:
        most = _days_of(counted[0].first_on, allowed.in_all)
        if used > most:
            raise Refused(
                "longest-time-used",
                months=str(allowed.in_all),
                left=str(max(most - (used - _new_days(counted, earlier)), 0)),
                rule=rule.id,
            )
    unmotivated = None if need_is_motivated else rule.need_after_months
    if unmotivated is not None and used > _days_of(counted[0].first_on, unmotivated):
        raise Refused("need-not-motivated", months=str(unmotivated), source=rule.source)


def _merged(periods: Sequence[Period]) -> list[Period]:
    """The same days as periods that neither overlap nor touch, by date."""
    merged: list[Period] = []
    for period in sorted(periods):
        if merged and period.first_on <= merged[-1].last_on + _DAY:
            merged[-1] = Period(merged[-1].first_on, max(merged[-1].last_on, period.last_on))
        else:
            merged.append(period)
    return merged


def _counts(rule: SubsidyRule, merged: Sequence[Period]) -> list[list[Period]]:
    """The periods by count: a pause after which one qualifies again begins a new one."""
    counts: list[list[Period]] = []
    for period in merged:
        if not counts or _qualifies_again(rule, counts[-1][-1], period):
            counts.append([period])
        else:
            counts[-1].append(period)
    return counts


def _qualifies_again(rule: SubsidyRule, before: Period, period: Period) -> bool:
    if rule.requalify_after_months is None:
        return False
    return period.first_on > last_day_of_period(before.last_on + _DAY, rule.requalify_after_months)


def _latest_count(rule: SubsidyRule, merged: Sequence[Period]) -> list[Period]:
    counts = _counts(rule, merged)
    return counts[-1] if counts else []


def _count_with(rule: SubsidyRule, merged: Sequence[Period], asked: Period) -> list[Period]:
    """The count that the asked period falls into."""
    return next(count for count in _counts(rule, merged) if any(_overlap(period, asked) for period in count))


def _new_days(counted: Sequence[Period], earlier: Sequence[Period]) -> int:
    """How many days of the count only the asked period brings."""
    before = _merged([period for period in earlier if any(_overlap(period, one) for one in counted)])
    return sum(period.days for period in counted) - sum(period.days for period in before)


def _overlap(one: Period, other: Period) -> bool:
    return one.first_on <= other.last_on and other.first_on <= one.last_on


def _days_of(first_on: date, months: int) -> int:
    return Period(first_on, last_day_of_period(first_on, months)).days
