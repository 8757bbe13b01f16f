"""Which deadlines follow from the facts, and which reminder a day asks for."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samverkan.notify.reminders.deadlines import due, of_budget, of_case, of_compensation
from samverkan.notify.reminders.facts import BudgetFacts, CaseFacts, CompensationFacts
from samverkan.notify.reminders.reminder import Deadline
from samverkan.notify.reminders.rules import read_rules
from samverkan.schemas.notification import DeadlineKind

RULES = read_rules()
COMPENSATION = UUID("33333333-3333-4333-8333-333333333333")
CASE = UUID("11111111-1111-4111-8111-111111111111")
# Story 1: decided for 2026-03-02 – 2027-02-28.
FACTS = CompensationFacts(COMPENSATION, 3, CASE, None, date(2026, 3, 2), date(2027, 2, 28))


def claims(facts: CompensationFacts, last_day_on: date | None = None) -> dict[str, date]:
    found = of_compensation(facts, last_day_on, RULES)
    return {one.period: one.due_on for one in found if one.kind is DeadlineKind.CLAIM}


def test_every_month_of_the_decision_is_to_be_claimed() -> None:
    months = claims(FACTS)
    assert next(iter(months)) == "2026-03-01" and list(months)[-1] == "2027-02-01" and len(months) == 12
    assert months["2026-03-01"] == date(2026, 9, 28)  # Sunday 27 September moves (domain.md section 4, rule 9)


def test_january_2026_is_lost_after_30_july_and_under_the_old_rule_after_1_april() -> None:
    """Story 5. Under the old rule 60 days: for January 2022, 1 April."""
    january = replace(FACTS, starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 31))
    assert claims(january) == {"2026-01-01": date(2026, 7, 30)}
    before = replace(FACTS, starts_on=date(2022, 1, 1), ends_on=date(2022, 1, 31))
    assert claims(before) == {"2022-01-01": date(2022, 4, 1)}


def test_a_claimed_month_is_no_deadline_any_more() -> None:
    assert "2026-03-01" not in claims(replace(FACTS, closed_months=(date(2026, 3, 1),)))


def test_no_month_after_the_placements_end_is_to_be_claimed() -> None:
    assert list(claims(FACTS, date(2026, 4, 16))) == ["2026-03-01", "2026-04-01"]
    assert claims(FACTS, date(2026, 3, 1)) == {}


def test_a_decision_expires_on_its_last_day_unless_the_placement_ended_before() -> None:
    decisions = [one for one in of_compensation(FACTS, None, RULES) if one.kind is DeadlineKind.DECISION]
    assert [(one.due_on, one.recipients) for one in decisions] == [(date(2027, 2, 28), ("kommun", "af"))]
    assert not [one for one in of_compensation(FACTS, date(2026, 9, 1), RULES) if one.kind is DeadlineKind.DECISION]


def test_a_month_before_any_rule_and_a_compensation_not_granted_have_no_deadline() -> None:
    assert claims(replace(FACTS, starts_on=date(2017, 3, 1), ends_on=date(2017, 3, 31))) == {}
    assert list(of_compensation(CompensationFacts(COMPENSATION), None, RULES)) == []


def of(facts: CaseFacts) -> list[tuple[DeadlineKind, str, date]]:
    return [(one.kind, one.period, one.due_on) for one in of_case(facts, RULES)]


def test_the_assessment_is_due_every_third_month_after_the_latest() -> None:
    enrolled = CaseFacts(CASE, enrolled_on=date(2026, 2, 9))
    assert of(enrolled) == [(DeadlineKind.ASSESSMENT, "", date(2026, 5, 9))]
    assert of(replace(enrolled, assessed_on=date(2026, 2, 6))) == [(DeadlineKind.ASSESSMENT, "", date(2026, 5, 9))]
    assert of(replace(enrolled, assessed_on=date(2026, 11, 30))) == [(DeadlineKind.ASSESSMENT, "", date(2027, 2, 28))]
    assert of(CaseFacts(CASE)) == []


def test_follow_ups_are_due_6_and_12_months_after_the_exit_and_assessments_no_more() -> None:
    left = CaseFacts(CASE, enrolled_on=date(2026, 2, 9), exited_on=date(2026, 8, 31))
    sixth, twelfth = (
        (DeadlineKind.FOLLOW_UP, "6-months", date(2027, 2, 28)),
        (DeadlineKind.FOLLOW_UP, "12-months", date(2027, 8, 31)),
    )
    assert of(left) == [sixth, twelfth]
    assert of(replace(left, followed_up=(6,))) == [twelfth]
    assert of(replace(left, closed=True)) == []


def test_a_budget_is_adopted_by_30_november_before_its_year_and_reported_by_31_march_after_it() -> None:
    drafted = BudgetFacts(COMPENSATION, year=2026)
    (adoption,) = of_budget(drafted, RULES)
    assert (adoption.period, adoption.due_on, adoption.recipients) == ("adoption", date(2025, 11, 30), ("forbund",))
    (report,) = of_budget(replace(drafted, adopted=True), RULES)
    assert (report.period, report.due_on, report.case_id) == ("annual-report", date(2027, 3, 31), None)
    assert list(of_budget(replace(drafted, adopted=True, reported=True), RULES)) == []
    assert list(of_budget(BudgetFacts(COMPENSATION), RULES)) == []


JANUARY = Deadline(DeadlineKind.CLAIM, COMPENSATION, CASE, "2026-01-01", date(2026, 7, 30), ("kommun",))


@pytest.mark.parametrize(
    ("today", "days_before", "planned"),
    [
        (date(2026, 5, 30), None, None),
        (date(2026, 5, 31), 60, date(2026, 5, 31)),
        (date(2026, 6, 29), 60, date(2026, 5, 31)),
        (date(2026, 6, 30), 30, date(2026, 6, 30)),
        (date(2026, 7, 22), 30, date(2026, 6, 30)),
        (date(2026, 7, 30), 7, date(2026, 7, 23)),
        (date(2026, 8, 13), 7, date(2026, 7, 23)),  # the system stood still over it: told late
        (date(2026, 8, 14), None, None),
    ],
)
def test_the_most_urgent_reminder_whose_day_has_come_is_due(
    today: date, days_before: int | None, planned: date | None
) -> None:
    fire = due(JANUARY, RULES, today)
    assert (None if fire is None else fire.days_before, None if fire is None else fire.planned_on) == (
        days_before,
        planned,
    )


@given(st.integers(min_value=-400, max_value=400))
def test_a_reminder_is_never_due_before_its_day_and_never_longer_than_it_may_be_late(offset: int) -> None:
    today = JANUARY.due_on + timedelta(days=offset)
    fire = due(JANUARY, RULES, today)
    if fire is not None:
        assert fire.planned_on <= today <= JANUARY.due_on + timedelta(days=RULES.late.days)
        assert fire.planned_on == JANUARY.due_on - timedelta(days=fire.days_before)
