"""What a benefit comes to: its days, its amounts, and what a late application loses. Pure.

A benefit day is Monday–Friday, holidays included; each has the amount of its own day. Nothing is paid further back than
the month before the application, whoever was late.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Final

from samverkan.backbone.calendar import SATURDAY, add_months, first_of_month
from samverkan.backbone.errors import Refused
from samverkan.funding.money import en, sv
from samverkan.funding.rules.rulebook import BenefitRule, Rulebook
from samverkan.schemas.benefit import BenefitKind
from samverkan.schemas.funding import ClaimLine

_DAY: Final = timedelta(days=1)
_YEARS_AT_MOST: Final = 10
_NAMES: Final = {  # Swedish terms of law: the same in an English sentence
    BenefitKind.AKTIVITETSSTOD: "Aktivitetsstöd",
    BenefitKind.ETABLERINGSERSATTNING: "Etableringsersättning",
}


@dataclass(frozen=True)
class Entitlement:
    """Which days entitle, both ends included. `days_used_before` of the programme's days count towards its limit."""

    kind: BenefitKind
    entitled_from: date
    entitled_until: date
    in_job_programme: bool = False
    days_used_before: int = 0


@dataclass(frozen=True)
class Part:
    """Days of one month that are paid alike, or lost. Kronor."""

    month: date
    rule: BenefitRule
    days: int

    @property
    def amount(self) -> Decimal:
        """What they come to at the least."""
        return self.rule.per_day * self.days


@dataclass(frozen=True)
class Benefit:
    """`paid` from `paid_from` on, `lost` before it; `days_beyond` lie beyond the programme's limit and give nothing."""

    paid_from: date
    paid: tuple[Part, ...]
    lost: tuple[Part, ...]
    days_beyond: int
    lines: tuple[ClaimLine, ...]

    @property
    def days_paid(self) -> int:
        """Benefit days that are paid."""
        return sum(part.days for part in self.paid)

    @property
    def days_lost(self) -> int:
        """Benefit days that the person was entitled to and is not paid for."""
        return sum(part.days for part in self.lost)

    @property
    def amount_paid(self) -> Decimal:
        """Kronor, at the least."""
        return sum((part.amount for part in self.paid), Decimal("0.00"))

    @property
    def amount_lost(self) -> Decimal:
        """Kronor, at the least."""
        return sum((part.amount for part in self.lost), Decimal("0.00"))


def benefit(rules: Rulebook, entitled: Entitlement, applied_on: date | None) -> Benefit:
    """What the entitlement comes to when it is applied for then; None: in time.

    Refused: `benefit-period-invalid`, `days-used-invalid`, `no-rule-in-force`, `rule-not-verified`.
    """
    _check(entitled)
    paid_from = entitled.entitled_from
    if applied_on is not None:
        months_back = rules.benefit_application(applied_on).months_back
        paid_from = max(paid_from, add_months(first_of_month(applied_on), -months_back))
    lost_until = min(paid_from - _DAY, entitled.entitled_until)
    lost = _dated(rules, entitled.kind, _benefit_days(entitled.entitled_from, lost_until))
    due = _dated(rules, entitled.kind, _benefit_days(paid_from, entitled.entitled_until))
    left = _days_left(entitled, due)
    paid, lost_parts = _parts(due[:left]), _parts(lost)
    lines = tuple(_line(entitled.kind, "benefit", part) for part in paid)
    lines += tuple(_line(entitled.kind, "benefit-lost", part) for part in lost_parts)
    return Benefit(paid_from, paid, lost_parts, len(due) - left, lines)


def _check(entitled: Entitlement) -> None:
    days = (entitled.entitled_until - entitled.entitled_from).days
    if not 0 <= days <= 366 * _YEARS_AT_MOST:
        raise Refused("benefit-period-invalid")
    if not 0 <= entitled.days_used_before <= 10_000:
        raise Refused("days-used-invalid")


def _benefit_days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        if first.weekday() < SATURDAY:
            yield first
        first += _DAY


def _dated(rules: Rulebook, kind: BenefitKind, days: Iterable[date]) -> list[tuple[date, BenefitRule]]:
    return [(day, rules.benefit(kind, day)) for day in days]


def _days_left(entitled: Entitlement, due: Sequence[tuple[date, BenefitRule]]) -> int:
    """How many of the due days the programme's limit leaves; a day that is not paid uses none of it."""
    if not entitled.in_job_programme or not due:
        return len(due)
    most = due[-1][1].days_in_job_programme
    return len(due) if most is None else min(len(due), max(most - entitled.days_used_before, 0))


def _parts(days: Sequence[tuple[date, BenefitRule]]) -> tuple[Part, ...]:
    grouped = groupby(days, key=lambda one: (first_of_month(one[0]), one[1]))
    return tuple(Part(month, rule, len(list(alike))) for (month, rule), alike in grouped)


def _line(kind: BenefitKind, name: str, part: Part) -> ClaimLine:
    benefit_name = _NAMES[kind]
    lost_sv, lost_en = (", går förlorade", ", are lost") if name == "benefit-lost" else ("", "")
    rule = f"{part.rule.id}, {part.rule.source}"
    return ClaimLine(
        name=name,
        explanation_sv=f"{benefit_name} {part.month:%Y-%m}: {part.days} ersättningsdagar × {sv(part.rule.per_day)}"
        f" = {sv(part.amount)} kr{lost_sv} ({rule}); minst så mycket, Försäkringskassan beslutar",
        explanation_en=f"{benefit_name} {part.month:%Y-%m}: {part.days} benefit days × {en(part.rule.per_day)}"
        f" = SEK {en(part.amount)}{lost_en} ({rule}); at the least, Försäkringskassan decides",
        amount=part.amount,
    )
