"""Benefits: domain.md section 6, stories 3 and 10, and what a late decision costs."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from samverkan.backbone.calendar import working_days
from samverkan.backbone.errors import Refused
from samverkan.backbone.testing.specification import specification
from samverkan.funding.benefit.benefit import (
    ApplyForBenefit,
    BenefitCase,
    benefit_id,
    decide,
    evolve,
    refusal,
)
from samverkan.funding.benefit.days import Benefit, Entitlement, benefit
from samverkan.funding.benefit.machine import APPLY, CASE, DECIDE, ENTITLED
from samverkan.funding.rules.load import load_rulebook
from samverkan.schemas.benefit import BenefitAmounts, BenefitApplied, BenefitDecided, BenefitKind

RULES = load_rulebook()
given = specification(partial(decide, RULES), evolve, BenefitCase())
AKTIVITETSSTOD, ETABLERING = BenefitKind.AKTIVITETSSTOD, BenefitKind.ETABLERINGSERSATTNING
DECIDED = BenefitDecided(
    case_id=CASE,
    kind=AKTIVITETSSTOD,
    entitled_from=date(2026, 2, 9),
    entitled_until=date(2026, 8, 7),
    decided_on=date(2026, 4, 15),
)


def of(first_on: str, last_on: str, applied_on: str | None = None, **more: Any) -> Benefit:
    entitled = Entitlement(AKTIVITETSSTOD, date.fromisoformat(first_on), date.fromisoformat(last_on))
    return benefit(
        RULES,
        replace(entitled, **more),
        None if applied_on is None else date.fromisoformat(applied_on),
    )


def refused(code: str, *of_what: str, **more: Any) -> None:
    with pytest.RaisesExc(Refused, check=lambda refusal: refusal.code == code):
        of(*of_what, **more)


def test_story_3_may_2026_has_21_benefit_days_but_19_working_days() -> None:
    may = of("2026-05-01", "2026-05-31")
    assert (may.days_paid, may.amount_paid) == (21, Decimal("7665.00"))
    assert working_days(date(2026, 5, 1), date(2026, 5, 31)) == 19


def test_story_10_nine_to_27_february_are_lost() -> None:
    late = of("2026-02-09", "2026-08-07", "2026-04-15")
    assert late.paid_from == date(2026, 3, 1)
    assert (late.days_lost, late.amount_lost) == (15, Decimal("5475.00"))
    assert late.days_lost + late.days_paid == of("2026-02-09", "2026-08-07").days_paid


@pytest.mark.parametrize(
    ("applied_on", "paid_from"),
    [
        ("2026-02-09", "2026-02-09"),
        ("2026-03-31", "2026-02-09"),
        ("2026-04-01", "2026-03-01"),
        ("2027-01-04", "2026-12-01"),
    ],
)
def test_a_benefit_is_paid_no_further_back_than_the_month_before_the_application(
    applied_on: str, paid_from: str
) -> None:
    assert of("2026-02-09", "2027-08-07", applied_on).paid_from == date.fromisoformat(paid_from)


def test_an_application_after_the_last_day_loses_all_that_is_too_old() -> None:
    late = of("2026-02-09", "2026-02-27", "2026-12-01")
    assert (late.days_paid, late.days_lost, late.amount_paid) == (0, 15, Decimal(0))


def test_each_day_has_the_amount_of_its_own_day() -> None:
    across = of("2025-09-29", "2025-10-02")
    assert across.amount_paid == 2 * Decimal(223) + 2 * Decimal(365)
    assert [part.rule.id for part in across.paid] == ["aktivitetsstod/2018-01-01", "aktivitetsstod/2025-10-01"]


def test_etableringsersattning_is_308_a_day() -> None:
    assert of("2026-05-04", "2026-05-08", kind=ETABLERING).amount_paid == Decimal("1540.00")


def test_holidays_are_benefit_days_and_weekends_are_not() -> None:
    assert of("2026-12-25", "2026-12-25").days_paid == 1  # a Friday
    assert of("2026-12-26", "2026-12-27").days_paid == 0


def test_in_the_job_programme_450_days_are_paid_in_all() -> None:
    of_job: dict[str, Any] = {"in_job_programme": True, "days_used_before": 440}
    may = of("2026-05-01", "2026-05-31", **of_job)
    assert (may.days_paid, may.days_beyond, may.amount_paid) == (10, 11, Decimal("3650.00"))
    assert of("2026-05-01", "2026-05-31", days_used_before=440).days_beyond == 0
    assert of("2026-05-01", "2026-05-31", in_job_programme=True, days_used_before=450).days_paid == 0


def test_lost_days_use_none_of_the_450() -> None:
    late = of("2026-02-09", "2026-03-31", "2026-04-15", in_job_programme=True, days_used_before=428)
    assert (late.days_lost, late.days_paid, late.days_beyond) == (15, 22, 0)


def test_what_cannot_be_computed_is_refused() -> None:
    refused("benefit-period-invalid", "2026-05-02", "2026-05-01")
    refused("benefit-period-invalid", "2026-05-02", "2046-05-01")
    refused("no-rule-in-force", "2017-12-29", "2018-01-31")
    refused("days-used-invalid", "2026-05-01", "2026-05-31", days_used_before=-1)


def test_every_line_names_days_amount_rule_and_who_decides_in_both_languages() -> None:
    paid, lost = of("2026-02-09", "2026-03-31", "2026-04-15").lines
    assert "22 ersättningsdagar × 365,00 = 8 030,00 kr (aktivitetsstod/2025-10-01" in paid.explanation_sv.replace(
        "\u00a0", " "
    )
    assert "15 benefit days × 365.00 = SEK 5,475.00, are lost" in lost.explanation_en
    assert "Försäkringskassan beslutar" in lost.explanation_sv


def test_af_decides_and_the_person_applies() -> None:
    computed = of("2026-02-09", "2026-08-07", "2026-04-20")
    given().when(DECIDE).then(DECIDED)
    given(DECIDED).when(APPLY).then(
        BenefitApplied(
            case_id=CASE,
            kind=AKTIVITETSSTOD,
            applied_on=date(2026, 4, 20),
            paid_from=date(2026, 3, 1),
            days_paid=115,
            days_lost=15,
            rule_version="aktivitetsstod/2025-10-01",
            economy=BenefitAmounts(paid=Decimal("41975.00"), lost=Decimal("5475.00"), lines=computed.lines),
        )
    )


def test_the_decision_took_effect_on_the_day_of_entitlement_however_late_it_came() -> None:
    assert DECIDED.effective_on() == date(2026, 2, 9)


def test_a_decision_and_an_application_are_recorded_once() -> None:
    applied = decide(RULES, APPLY, given(DECIDED).state)
    given(DECIDED).when(DECIDE).then_nothing()
    given(DECIDED).when(replace(DECIDE, decided_on=date(2026, 2, 9))).then_refused("benefit-already-decided")
    given(DECIDED, *applied).when(APPLY).then_nothing()
    given(DECIDED, *applied).when(ApplyForBenefit(date(2026, 4, 21))).then_refused("benefit-already-applied")


def test_nothing_is_applied_for_before_it_is_decided() -> None:
    given().when(APPLY).then_refused("benefit-not-decided")
    given(DECIDED).when(ApplyForBenefit(date(2026, 4, 14))).then_refused("applied-before-decision")


def test_a_decision_on_an_impossible_period_is_refused() -> None:
    backwards = replace(ENTITLED, entitled_until=date(2026, 2, 8))
    given().when(replace(DECIDE, entitled=backwards)).then_refused("benefit-period-invalid")


def test_the_same_decision_of_two_meets_in_one_stream() -> None:
    assert benefit_id(CASE, ENTITLED) == benefit_id(CASE, replace(ENTITLED, entitled_until=date(2026, 9, 1)))
    assert benefit_id(CASE, ENTITLED) != benefit_id(CASE, replace(ENTITLED, kind=ETABLERING))


def test_a_refused_reaction_changes_nothing() -> None:
    recorded = refusal(APPLY, Refused("benefit-not-decided"))
    assert recorded.command == "ApplyForBenefit"
    given(DECIDED, recorded).when(DECIDE).then_nothing()


DAYS = st.dates(date(2018, 1, 1), date(2027, 12, 31))


@generated(DAYS, st.integers(0, 500), DAYS, st.booleans(), st.integers(0, 500))
def test_days_and_amounts_add_up_whenever_it_is_applied_for(
    first_on: date, length: int, applied_on: date, in_job: bool, used: int
) -> None:
    last_on = date.fromordinal(first_on.toordinal() + length)
    entitled = Entitlement(AKTIVITETSSTOD, first_on, last_on, in_job, used)
    computed = benefit(RULES, entitled, applied_on)
    whole = benefit(RULES, entitled, None)
    assert computed.days_paid + computed.days_lost + computed.days_beyond == whole.days_paid + whole.days_beyond
    assert sum(line.amount for line in computed.lines) == computed.amount_paid + computed.amount_lost
    assert computed.days_paid <= whole.days_paid
