"""What is looked for across compensations: expected against received, ends, the next step. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from samverkan.backbone.calendar import add_months, last_day_of_period, last_of_month
from samverkan.backbone.errors import Refused
from samverkan.funding.claim_months import ClaimMonth, claim_months
from samverkan.funding.claim_view import ClaimRow
from samverkan.funding.compensation_view import CompensationRow
from samverkan.funding.credit_order.views import PaymentRow
from samverkan.funding.forecast import forecast
from samverkan.funding.form_facts import FormFacts
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.terms import Terms
from samverkan.schemas.participant import Programme

STAGES: Final = (30, 60, 90)  # days before the end that a caseworker looks ahead
RUNNING: Final = frozenset({"granted", "amended", "under_review", "appealed"})


@dataclass(frozen=True)
class ExpectedMonth:
    """One employee's month: kronor. `expected` is what should arrive at the employer's, None when nobody can say yet:
    not what a recovery keeps of it, and what was paid too much only when that is settled.

    `difference` is received less expected. `days_left`: to claim the month, while it is open.
    """

    compensation_id: UUID
    case_id: UUID | None
    employer_number: str | None
    work_month: date
    state: str
    expected: Decimal | None
    received: Decimal
    difference: Decimal | None
    last_day_on: date
    days_left: int | None


@dataclass(frozen=True)
class Expiring:
    """A decision that runs out: `stage` is 30, 60 or 90, the smallest that it is within."""

    compensation_id: UUID
    case_id: UUID | None
    placement_id: UUID | None
    form: str | None
    employer_number: str | None
    ends_on: date
    days_left: int
    stage: int


@dataclass(frozen=True)
class SupportStanding:
    """One support of an employer: until when, what it gives, and what is next. Kronor."""

    compensation_id: UUID
    case_id: UUID | None
    placement_id: UUID | None
    form: str | None
    state: str | None
    starts_on: date | None
    ends_on: date | None
    credit_per_month: Decimal | None
    credited: Decimal
    owed: Decimal
    next_step: str
    next_by: date | None


@dataclass(frozen=True)
class NextPeriod:
    """A draft of the period after this decision. `needs` is what the employer has to add."""

    extends: UUID
    form: str
    starts_on: date
    ends_on: date
    credit_per_month: Decimal
    own_cost_per_month: Decimal
    credit_in_all: Decimal
    rule_version: str
    needs: tuple[str, ...]


def expected_months(
    rules: Rulebook,
    compensation: CompensationRow,
    claims: Iterable[ClaimRow],
    seen: Mapping[date | None, PaymentRow],
    last_day_on: date | None,
    today: date,
) -> Iterator[ExpectedMonth]:
    """Every month that has begun, or that something was seen for. What is forfeited or lapsed is expected to give 0."""
    known = {claim.work_month: claim for claim in claims}
    for month in claim_months(rules, compensation, known.values(), last_day_on, today):
        received = seen.get(month.work_month)
        if month.work_month > today and received is None and month.work_month not in known:
            continue
        expected = _expected(compensation, month, known.get(month.work_month))
        arrived = Decimal(0) if received is None else received.received
        yield ExpectedMonth(
            compensation.compensation_id,
            compensation.case_id,
            compensation.employer_number,
            month.work_month,
            month.state,
            expected,
            arrived,
            None if expected is None else arrived - expected,
            month.last_day_on,
            month.days_left,
        )


def expiring(rows: Iterable[CompensationRow], today: date, within: int) -> list[Expiring]:
    """The decisions that end within that many days, today included, the soonest first."""
    found = []
    for row in rows:
        if _runs(row) and row.ends_on is not None and row.ended_on is None:
            days_left = (row.ends_on - today).days
            if 0 <= days_left <= within:
                stage = next((stage for stage in STAGES if days_left <= stage), within)
                found.append(
                    Expiring(
                        row.compensation_id,
                        row.case_id,
                        row.placement_id,
                        row.form,
                        row.employer_number,
                        row.ends_on,
                        days_left,
                        stage,
                    )
                )
    return sorted(found, key=lambda one: (one.ends_on, one.compensation_id))


def ending_months(today: date, within: int) -> Iterator[date]:
    """The months in which something that ends within that many days ends."""
    month = today.replace(day=1)
    while month <= today + timedelta(days=within):
        yield month
        month = add_months(month, 1)


def standing(
    rules: Rulebook, row: CompensationRow, claims: Iterable[ClaimRow], last_day_on: date | None, today: date
) -> SupportStanding:
    """Where one support stands. The next step is the most pressing one of those that the employer can take."""
    claims = list(claims)
    step, by = _next(rules, row, claims, last_day_on, today)
    owed = sum((claim.excess for claim in claims if claim.recovery_on is not None), Decimal(0))
    return SupportStanding(
        row.compensation_id,
        row.case_id,
        row.placement_id,
        row.form,
        row.state,
        row.starts_on,
        row.ends_on,
        row.credit_per_month,
        row.credited,
        owed,
        step,
        by,
    )


def next_period(rules: Rulebook, row: CompensationRow, today: date) -> NextPeriod:
    """A draft of what to apply for when this decision runs out, under the rules of today.

    Refused: `not-granted`, `economy-unreadable`, and as `forecast`.
    """
    if row.rule_version is None or row.ends_on is None or row.form is None or row.extent is None:
        raise Refused("not-granted")
    if row.gross_per_month is None or row.birth_year is None:
        raise Refused("economy-unreadable")
    form = Programme(row.form)
    rule = rules.subsidy(form, today)
    needs_motive = "second_year_need" in rule.uses
    begins = row.ends_on + timedelta(days=1)
    terms = Terms(
        form,
        begins,
        begins,
        row.extent,
        row.gross_per_month,
        row.birth_year,
        row.pay_months_later or 0,
        FormFacts(second_year_need=True if needs_motive else None),
    )
    ends = last_day_of_period(begins, forecast(rules, terms, today).limits.at_a_time)
    drafted = forecast(rules, replace(terms, ends_on=ends), today)
    return NextPeriod(
        row.compensation_id,
        row.form,
        begins,
        ends,
        drafted.full_month.credit,
        drafted.full_month.own_cost,
        drafted.credit,
        drafted.rule.id,
        ("placement-extended", "application", *(("motivated-need",) if needs_motive else ())),
    )


def _runs(row: CompensationRow) -> bool:
    """Granted and not over; a refusal may be under review or appealed too."""
    return row.rule_version is not None and row.state in RUNNING


def _expected(compensation: CompensationRow, month: ClaimMonth, claim: ClaimRow | None) -> Decimal | None:
    if month.state in ("lapsed", "forfeited"):
        return Decimal(0)
    if claim is None or claim.received_on is None:
        whole = month.work_month >= (compensation.starts_on or date.max) and last_of_month(month.work_month) <= (
            compensation.ends_on or date.min
        )
        return compensation.credit_per_month if whole else None  # a part of a month depends on its pay
    if claim.credit is None:
        return None
    # What went there and what is to come, less what has to go back: what was settled otherwise is no difference.
    return (claim.paid - claim.kept) + (claim.due - claim.withheld) - claim.excess


def _next(
    rules: Rulebook, row: CompensationRow, claims: list[ClaimRow], last_day_on: date | None, today: date
) -> tuple[str, date | None]:
    asked = [claim for claim in claims if claim.hearing_answer_by is not None and claim.hearing_answered_on is None]
    waiting = [claim for claim in asked if claim.recovery_on is None]
    if waiting:
        return "answer-hearing", waiting[0].hearing_answer_by
    if any(claim.excess and claim.recovery_on is not None for claim in claims):
        return "repay", None
    if row.state in ("applied", "checked"):
        return "await-decision", None
    if row.state == "refused":
        return "ask-for-review", row.employer_until
    months = claim_months(rules, row, claims, last_day_on, today)
    open_months = [month for month in months if month.state == "open" and last_of_month(month.work_month) < today]
    if open_months:
        return "claim-month", open_months[0].last_day_on
    if _runs(row) and row.ends_on is not None and (row.ends_on - today).days <= STAGES[-1]:
        return "decide-extension", row.ends_on
    return "none", None
