"""Whole periods: Timrå's twelve months, and what cannot be computed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from samverkan.backbone.errors import Refused
from samverkan.funding.forecast import forecast
from samverkan.funding.form_facts import FormFacts
from samverkan.funding.rules.load import load_rulebook
from samverkan.funding.terms import Terms
from samverkan.schemas.participant import Programme

RULES = load_rulebook()
DECIDED = date(2026, 2, 20)
TIMRA = Terms(
    Programme.INTRODUKTIONSJOBB, date(2026, 3, 2), date(2027, 2, 28), Decimal(1), Decimal(24000), birth_year=1988
)


def test_timra_twelve_credits_and_the_full_month() -> None:
    result = forecast(RULES, TIMRA, DECIDED)
    assert len(result.months) == 12
    assert result.credit == Decimal("252326.40")
    assert result.cost == 12 * Decimal("31540.80")
    assert result.own_cost == 12 * Decimal("10513.60")
    assert result.full_month.credit == Decimal("21027.20")
    assert result.rule.id == "introduktionsjobb/2026-01-01"


def test_an_end_one_day_later_adds_one_of_21_days() -> None:
    longer = forecast(RULES, replace(TIMRA, ends_on=date(2027, 3, 1)), DECIDED)
    assert longer.credit - forecast(RULES, TIMRA, DECIDED).credit == Decimal("1001.30")


def test_the_contributions_are_those_of_the_pay_month() -> None:
    young = replace(TIMRA, birth_year=2005, ends_on=date(2026, 4, 30))
    march, april = (month.amounts.credit for month in forecast(RULES, young, DECIDED).months)
    assert (march, april) == (Decimal("21027.20"), Decimal("19329.60"))
    march, april = (
        month.amounts.credit for month in forecast(RULES, replace(young, pay_months_later=1), DECIDED).months
    )
    assert (march, april) == (Decimal("19329.60"), Decimal("19329.60"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ends_on": date(2027, 3, 2)}, "period-too-long"),
        ({"ends_on": date(2026, 3, 1)}, "period-invalid"),
        ({"ends_on": date(9999, 12, 31)}, "period-invalid"),
        ({"starts_on": date(1, 1, 1)}, "period-invalid"),
        ({"extent": Decimal(0)}, "extent-invalid"),
        ({"extent": Decimal("1.01")}, "extent-invalid"),
        ({"extent": Decimal("NaN")}, "extent-invalid"),
        ({"extent": Decimal("1E-100000")}, "extent-invalid"),  # would be a fraction of 100 000 digits
        ({"gross_per_month": Decimal(-1)}, "gross-invalid"),
        ({"gross_per_month": Decimal("0.001")}, "gross-invalid"),
        ({"gross_per_month": Decimal("Infinity")}, "gross-invalid"),
        ({"birth_year": 2020}, "birth-year-invalid"),
        ({"pay_months_later": 2}, "pay-month-invalid"),
        ({"birth_year": 1960}, "rule-not-verified"),
        ({"form": Programme.ARBETSMARKNADSTORGET}, "form-unsupported"),
        ({"form": Programme.ARBETSPRAKTIK}, "form-without-wage"),
        ({"form": Programme.EXTRATJANST}, "form-repealed"),
        ({"facts": FormFacts(absence_months=12)}, "fact-not-of-form"),
        ({"facts": FormFacts(supervision_support=True)}, "no-rule-in-force"),
    ],
)
def test_what_cannot_be_computed_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.RaisesExc(Refused, check=lambda refused: refused.code == code):
        forecast(RULES, replace(TIMRA, **change), DECIDED)


def test_a_decision_before_the_first_rule_is_refused() -> None:
    with pytest.RaisesExc(Refused, check=lambda refused: refused.code == "no-rule-in-force"):
        forecast(RULES, TIMRA, date(2018, 4, 30))
