"""The months of a compensation as they look on a given day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from samverkan.funding.claim_months import claim_months
from samverkan.funding.claim_view import ClaimRow
from samverkan.funding.compensation_view import CompensationRow
from samverkan.funding.rules.load import load_rulebook

RULES = load_rulebook()
COMPENSATION = UUID("33333333-3333-4333-8333-333333333333")
GRANTED = CompensationRow(
    COMPENSATION,
    state="granted",
    rule_version="introduktionsjobb/2026-01-01",
    starts_on=date(2026, 1, 1),
    ends_on=date(2026, 3, 31),
)
JULY_1 = date(2026, 7, 1)


def test_an_open_month_says_how_many_days_are_left() -> None:
    january, february, march = claim_months(RULES, GRANTED, [], None, JULY_1)
    assert (january.state, january.last_day_on, january.days_left) == ("open", date(2026, 7, 30), 29)
    assert (february.work_month, february.last_day_on) == (date(2026, 2, 1), date(2026, 8, 27))
    assert march.days_left == 89


def test_the_last_day_is_still_open_and_the_day_after_it_has_lapsed() -> None:
    assert claim_months(RULES, GRANTED, [], None, date(2026, 7, 30))[0].days_left == 0
    lapsed = claim_months(RULES, GRANTED, [], None, date(2026, 7, 31))[0]
    assert (lapsed.state, lapsed.days_left) == ("lapsed", None)


def test_a_claimed_month_shows_its_claim() -> None:
    claim = ClaimRow(
        "x",
        COMPENSATION,
        work_month=date(2026, 1, 1),
        received_on=date(2026, 2, 12),
        state="calculated",
        credit=Decimal("21027.20"),
        lines='[{"name": "credit", "explanation_sv": "a", "explanation_en": "b", "amount": "21027.20"}]',
    )
    january, february, _ = claim_months(RULES, GRANTED, [claim], None, JULY_1)
    assert (january.state, january.credit, january.days_left) == ("calculated", Decimal("21027.20"), None)
    assert january.lines[0].amount == Decimal("21027.20")
    assert february.state == "open"


def test_a_known_end_closes_the_months_after_it() -> None:
    months = claim_months(RULES, GRANTED, [], date(2026, 2, 10), JULY_1)
    assert [month.work_month for month in months] == [date(2026, 1, 1), date(2026, 2, 1)]


def test_without_a_grant_there_is_nothing_to_claim() -> None:
    assert claim_months(RULES, replace(GRANTED, state="applied", rule_version=None), [], None, JULY_1) == []
