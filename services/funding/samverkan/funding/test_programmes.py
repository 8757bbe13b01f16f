"""Every form of domain.md section 4: its example numbers to the öre, and how long it may last."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from samverkan.backbone.errors import Refused
from samverkan.funding.forecast import Forecast, forecast
from samverkan.funding.form_facts import FormFacts
from samverkan.funding.rules.load import load_rulebook
from samverkan.funding.terms import Terms
from samverkan.schemas.participant import Programme as Form

RULES = load_rulebook()
NEWLY = FormFacts(newly_arrived=True)


def of(form: Form, month: str, decided_on: str, gross: str = "20000", **more: Any) -> Forecast:
    """One whole work month, `2026-04`."""
    first = date.fromisoformat(f"{month}-01")
    last = first.replace(day=28)
    terms = Terms(form, first, last, Decimal(1), Decimal(gross), birth_year=1988)
    return forecast(RULES, replace(terms, **more), date.fromisoformat(decided_on), unpaid=True)


def credit(*of_what: Any, **more: Any) -> str:
    return str(of(*of_what, **more).full_month.credit)


def refused(code: str, *of_what: Any, **more: Any) -> None:
    with pytest.RaisesExc(Refused, check=lambda refusal: refusal.code == code):
        of(*of_what, **more)


@pytest.mark.parametrize(
    ("month", "decided_on", "expected"),
    [
        ("2018-03", "2018-02-15", "25473.00"),  # 21 working days × 1 213
        ("2017-11", "2017-11-01", "26284.00"),  # 22 × 1 213 is more than the wage cost
        ("2017-11", "2017-10-20", "25080.00"),  # 22 × 1 140: a decision keeps the cap of its day
        ("2018-06", "2017-10-20", "21660.00"),  # … also where a later version has no daily cap any more: 19 × 1 140
        ("2018-06", "2018-05-01", "26284.00"),  # only gross up to 20 000 counts
        ("2022-06", "2022-05-31", "26284.00"),
    ],
)
def test_extratjanst_pays_the_whole_wage_cost_under_the_cap_of_the_decision(
    month: str, decided_on: str, expected: str
) -> None:
    assert credit(Form.EXTRATJANST, month, decided_on) == expected


def test_extratjanst_from_may_2018_counts_gross_up_to_20_000() -> None:
    month = of(Form.EXTRATJANST, "2018-06", "2018-05-01", "24000").full_month
    assert (month.cost, month.credit, month.own_cost) == (Decimal("31540.80"), Decimal("26284.00"), Decimal("5256.80"))


def test_the_daily_cap_follows_the_extent() -> None:
    assert credit(Form.EXTRATJANST, "2018-03", "2018-02-15", "12000", extent=Decimal("0.5")) == "12736.50"


def test_timras_37_at_the_cap_for_a_year() -> None:
    terms = Terms(Form.EXTRATJANST, date(2018, 6, 1), date(2019, 5, 31), Decimal(1), Decimal(20000), birth_year=1988)
    year = forecast(RULES, terms, date(2018, 5, 15))
    assert (37 * year.full_month.credit, 37 * year.credit) == (Decimal("972508.00"), Decimal("11670096.00"))


@pytest.mark.parametrize(
    ("decided_on", "code"),
    [
        ("2015-10-31", "no-rule-in-force"),
        ("2016-11-30", "rule-not-verified"),
        ("2023-01-01", "form-repealed"),
        ("2026-02-20", "form-repealed"),
    ],
)
def test_extratjanst_is_refused_before_its_rate_is_verified_and_after_its_end(decided_on: str, code: str) -> None:
    refused(code, Form.EXTRATJANST, "2017-06", decided_on)


@pytest.mark.parametrize(
    ("decided_on", "in_all"),
    [("2017-11-01", 24), ("2020-04-30", 24), ("2020-05-01", 36), ("2021-12-31", 36), ("2022-01-01", 24)],
)
def test_the_longest_time_of_extratjanst_was_36_months_for_a_while(decided_on: str, in_all: int) -> None:
    assert of(Form.EXTRATJANST, "2021-06", decided_on).limits.in_all == in_all


@pytest.mark.parametrize("decided_on", ["2016-12-01", "2017-11-01", "2018-05-01", "2020-05-01", "2022-01-01"])
def test_extratjanst_was_decided_for_12_months_at_a_time(decided_on: str) -> None:
    begins = date.fromisoformat(decided_on)
    assert of(Form.EXTRATJANST, decided_on[:7], decided_on).limits.at_a_time == 12
    refused("period-too-long", Form.EXTRATJANST, decided_on[:7], decided_on, ends_on=begins.replace(begins.year + 1))


YOUNG_2026: dict[str, Any] = {"birth_year": 2005}


@pytest.mark.parametrize(
    ("absent", "expected"), [(6, "4162.00"), (23, "4162.00"), (24, "10446.00"), (36, "10446.00"), (37, "13588.00")]
)
def test_nystartsjobb_under_the_reduced_contributions_of_the_young(absent: int, expected: str) -> None:
    facts = FormFacts(absence_months=absent)
    assert credit(Form.NYSTARTSJOBB, "2026-04", "2026-03-20", facts=facts, **YOUNG_2026) == expected


def test_nystartsjobb_for_the_newly_arrived_gives_the_highest_step() -> None:
    assert credit(Form.NYSTARTSJOBB, "2026-04", "2026-03-20", facts=NEWLY, **YOUNG_2026) == "13588.00"


@pytest.mark.parametrize(
    ("absent", "before", "now"),
    [(12, "6284.00", "6284.00"), (24, "12568.00", "12568.00"), (40, "15710.00", "15710.00")],
)
def test_both_versions_of_nystartsjobb_give_the_same_under_full_contributions(
    absent: int, before: str, now: str
) -> None:
    facts = FormFacts(absence_months=absent)
    assert credit(Form.NYSTARTSJOBB, "2021-05", "2021-05-01", facts=facts) == before
    assert credit(Form.NYSTARTSJOBB, "2026-05", "2026-05-01", facts=facts) == now


def test_nystartsjobb_counts_gross_up_to_20_000_at_full_time() -> None:
    facts = FormFacts(absence_months=24)
    assert credit(Form.NYSTARTSJOBB, "2026-05", "2026-05-01", "30000", facts=facts) == "12568.00"
    half = {"facts": facts, "extent": Decimal("0.5")}
    assert credit(Form.NYSTARTSJOBB, "2026-05", "2026-05-01", "15000", **half) == "6284.00"


def test_between_the_versions_of_nystartsjobb_nothing_is_guessed() -> None:
    refused("rule-not-verified", Form.NYSTARTSJOBB, "2021-10", "2021-10-01", facts=NEWLY)


@pytest.mark.parametrize(
    ("birth_year", "facts", "at_a_time", "in_all"),
    [
        (1988, FormFacts(absence_months=12), 12, 12),
        (1988, FormFacts(absence_months=18), 12, 18),
        (1988, FormFacts(absence_months=60), 12, 24),
        (2004, FormFacts(absence_months=6), 6, 6),
        (2004, FormFacts(absence_months=60), 12, 12),
        (1988, NEWLY, 12, 24),
        (2004, NEWLY, 12, 12),
        (1988, FormFacts(in_job_programme=True), 12, 12),
        (1988, FormFacts(in_job_programme=True, absence_months=20), 12, 20),  # the longer of two ways in
    ],
)
def test_nystartsjobb_lasts_as_long_as_the_absence_within_the_limits_of_age(
    birth_year: int, facts: FormFacts, at_a_time: int, in_all: int
) -> None:
    allowed = of(Form.NYSTARTSJOBB, "2026-05", "2026-05-01", birth_year=birth_year, facts=facts).limits
    assert (allowed.at_a_time, allowed.in_all) == (at_a_time, in_all)


@pytest.mark.parametrize(
    ("birth_year", "facts", "code"),
    [
        (1988, FormFacts(), "absence-unknown"),
        (1988, FormFacts(absence_months=11), "outside-target-group"),
        (2004, FormFacts(absence_months=5), "outside-target-group"),
        (2007, NEWLY, "outside-target-group"),  # 18 or 19
        (2006, NEWLY, "birth-date-needed"),  # 19 or 20
        (2001, FormFacts(absence_months=60), "birth-date-needed"),  # 24 or 25
        (2001, FormFacts(absence_months=60, born_on=date(2000, 3, 1)), "birth-date-invalid"),
        (1988, FormFacts(absence_months=-1), "absence-invalid"),
        (1988, FormFacts(absence_months=601), "absence-invalid"),
        (1988, FormFacts(absence_months=24, assessed_reduction=Decimal("0.5")), "fact-not-of-form"),
    ],
)
def test_who_may_not_have_nystartsjobb_is_told_why(birth_year: int, facts: FormFacts, code: str) -> None:
    refused(code, Form.NYSTARTSJOBB, "2026-05", "2026-05-01", birth_year=birth_year, facts=facts)


@pytest.mark.parametrize(("decided_on", "in_all"), [("2026-05-01", 12), ("2026-05-02", 24), ("2026-05-03", 24)])
def test_age_counts_on_the_day_of_decision(decided_on: str, in_all: int) -> None:
    facts = FormFacts(absence_months=60, born_on=date(2001, 5, 2))
    assert of(Form.NYSTARTSJOBB, "2026-06", decided_on, birth_year=2001, facts=facts).limits.in_all == in_all


@pytest.mark.parametrize(("decided_on", "in_all"), [("2025-02-27", 12), ("2025-02-28", 24)])
def test_who_is_born_on_29_february_has_the_birthday_on_the_28th(decided_on: str, in_all: int) -> None:
    facts = FormFacts(absence_months=60, born_on=date(2000, 2, 29))
    assert of(Form.NYSTARTSJOBB, "2025-03", decided_on, birth_year=2000, facts=facts).limits.in_all == in_all


def assessed(share: str, insurance: str | None = None, extra: str | None = None) -> FormFacts:
    return FormFacts(
        assessed_reduction=Decimal(share),
        insurance_share=None if insurance is None else Decimal(insurance),
        extra_support=None if extra is None else Decimal(extra),
    )


LONEBIDRAG = (Form.LONEBIDRAG_UTVECKLING, Form.LONEBIDRAG_ANSTALLNING, Form.LONEBIDRAG_TRYGGHET)


@pytest.mark.parametrize("form", LONEBIDRAG)
def test_lonebidrag_is_the_assessed_share_of_gross_contributions_and_insurance(form: Form) -> None:
    month = of(form, "2026-05", "2026-05-01", "24000", facts=assessed("0.6", "0.045")).full_month
    assert month.cost == Decimal("32620.80")  # 24 000 × (1 + 0.3142 + 0.045)
    assert month.credit == Decimal("16310.40")  # 0.6 × 20 000 × 1.3592
    assert month.own_cost == Decimal("16310.40")


def test_the_extra_support_is_cost_and_credit_alike() -> None:
    plain = of(Form.LONEBIDRAG_UTVECKLING, "2026-05", "2026-05-01", facts=assessed("0.6")).full_month
    month = of(Form.LONEBIDRAG_UTVECKLING, "2026-05", "2026-05-01", facts=assessed("0.6", extra="5000")).full_month
    assert (month.cost - plain.cost, month.credit - plain.credit) == (Decimal(5000), Decimal(5000))
    assert month.own_cost == plain.own_cost


@pytest.mark.parametrize(
    ("form", "facts", "code"),
    [
        (Form.LONEBIDRAG_UTVECKLING, FormFacts(), "assessed-reduction-missing"),
        (Form.LONEBIDRAG_UTVECKLING, assessed("0"), "assessed-reduction-invalid"),
        (Form.LONEBIDRAG_UTVECKLING, assessed("1.01"), "assessed-reduction-invalid"),
        (Form.LONEBIDRAG_UTVECKLING, assessed("NaN"), "assessed-reduction-invalid"),
        (Form.LONEBIDRAG_UTVECKLING, assessed("0.6", "1"), "insurance-share-invalid"),
        (Form.LONEBIDRAG_UTVECKLING, assessed("0.6", extra="5000.01"), "extra-support-too-high"),
        (Form.LONEBIDRAG_ANSTALLNING, assessed("0.6", extra="2800.01"), "extra-support-too-high"),
        (Form.LONEBIDRAG_TRYGGHET, assessed("0.6", extra="0.01"), "extra-support-too-high"),
        (Form.LONEBIDRAG_TRYGGHET, replace(assessed("0.6"), absence_months=3), "fact-not-of-form"),
    ],
)
def test_what_lonebidrag_cannot_be_computed_from_is_refused(form: Form, facts: FormFacts, code: str) -> None:
    refused(code, form, "2026-05", "2026-05-01", facts=facts)


@pytest.mark.parametrize("form", LONEBIDRAG)
def test_the_caps_of_lonebidrag_before_2020_are_not_guessed(form: Form) -> None:
    refused("rule-not-verified", form, "2020-05", "2019-12-31", facts=assessed("0.6"))


@pytest.mark.parametrize(
    ("form", "at_a_time", "in_all"),
    [
        (Form.LONEBIDRAG_UTVECKLING, 12, 24),
        (Form.LONEBIDRAG_ANSTALLNING, 48, 96),
        (Form.LONEBIDRAG_TRYGGHET, 48, None),
    ],
)
def test_how_long_lonebidrag_lasts(form: Form, at_a_time: int, in_all: int | None) -> None:
    allowed = of(form, "2026-05", "2026-05-01", facts=assessed("0.6")).limits
    assert (allowed.at_a_time, allowed.in_all) == (at_a_time, in_all)


@pytest.mark.parametrize("decided_on", ["2018-05-01", "2025-01-31"])
def test_the_amount_of_handledarstod_is_not_guessed(decided_on: str) -> None:
    facts = FormFacts(supervision_support=True)
    refused("rule-not-verified", Form.INTRODUKTIONSJOBB, "2025-03", decided_on, facts=facts)


def test_handledarstod_is_for_introduktionsjobb_alone_and_ended_in_january_2025() -> None:
    facts = FormFacts(supervision_support=True)
    refused("no-rule-in-force", Form.INTRODUKTIONSJOBB, "2025-03", "2025-02-01", facts=facts)
    refused("fact-not-of-form", Form.EXTRATJANST, "2020-03", "2020-02-01", facts=facts)


@pytest.mark.parametrize(
    ("form", "facts", "months"),
    [
        (Form.ARBETSPRAKTIK, FormFacts(), 6),
        (Form.ARBETSTRANING, FormFacts(), 6),
        (Form.ARBETSTRANING, FormFacts(job_benefit_days=449), 6),
        (Form.ARBETSTRANING, FormFacts(job_benefit_days=450), 12),
        (Form.ARBETSTRANING, FormFacts(reinforced=True), 12),
    ],
)
def test_a_practice_costs_the_employer_nothing_and_has_its_longest_time(
    form: Form, facts: FormFacts, months: int
) -> None:
    whole = of(form, "2026-05", "2026-05-01", "0", facts=facts, birth_year=1958)  # nobody pays contributions for it
    assert whole.limits.at_a_time == months
    assert (whole.cost, whole.credit) == (Decimal(0), Decimal(0))
    (line,) = whole.full_month.lines
    assert "SFS" in line.explanation_sv and "SFS" in line.explanation_en


@pytest.mark.parametrize("facts", [FormFacts(reinforced=True), FormFacts(job_benefit_days=450)])
def test_arbetspraktik_is_not_longer_for_what_prolongs_arbetstraning(facts: FormFacts) -> None:
    refused("fact-not-of-form", Form.ARBETSPRAKTIK, "2026-05", "2026-05-01", "0", facts=facts)


def test_a_practice_with_pay_is_no_practice() -> None:
    refused("form-without-wage", Form.ARBETSPRAKTIK, "2026-05", "2026-05-01", "1")


@pytest.mark.parametrize(
    ("form", "facts", "swedish", "english"),
    [
        (Form.EXTRATJANST, FormFacts(), "det lägsta av 100 % × lönekostnaden", "the lower of 100% × the wage cost"),
        (
            Form.NYSTARTSJOBB,
            FormFacts(absence_months=40),
            "2,5 × arbetsgivaravgifterna 31,42 % × 20 000,00 + 0 × full avgift",
            "2.5 × the employer contributions 31.42% × 20,000.00 + 0 × full contributions",
        ),
        (
            Form.LONEBIDRAG_ANSTALLNING,
            assessed("0.6", "0.045", "1000"),
            "60 % × (20 000,00 + 31,42 % × 20 000,00 + 4,5 % × 20 000,00) = 16 310,40 kr",
            "60% × (20,000.00 + 31.42% × 20,000.00 + 4.5% × 20,000.00) = SEK 16,310.40",
        ),
    ],
)
def test_every_line_is_explained_with_its_numbers_in_both_languages(
    form: Form, facts: FormFacts, swedish: str, english: str
) -> None:
    decided_on = "2018-04-01" if form is Form.EXTRATJANST else "2021-04-01"
    lines = of(form, decided_on[:7], decided_on, facts=facts).full_month.lines
    assert any(swedish in line.explanation_sv.replace("\u00a0", " ") for line in lines)
    assert any(english in line.explanation_en for line in lines)
    assert lines[-1].name == "own-cost"
    for line in lines:
        assert any(digit in line.explanation_sv for digit in "0123456789")
