from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from samverkan.intake.criteria.load import load_rules
from samverkan.intake.criteria.rule import CriteriaInvalid
from samverkan.intake.eligibility import RULES, Facts, Finding, evaluate
from samverkan.schemas.participant import Programme

DAY = date(2026, 2, 10)
YOUNG = Facts(age=26, agencies_needed=3, unemployed=True)


def findings(programme: Programme, facts: Facts) -> list[Finding]:
    found = evaluate(programme, DAY, facts)
    assert found is not None
    return [one.finding for one in found]


@pytest.mark.parametrize(
    ("age", "finding"),
    [(15, Finding.NOT_MET), (16, Finding.MET), (29, Finding.MET), (30, Finding.NOT_MET), (None, Finding.UNKNOWN)],
)
def test_arbetsmarknadstorget_is_for_those_between_16_and_29(age: int | None, finding: Finding) -> None:
    assert findings(Programme.ARBETSMARKNADSTORGET, replace(YOUNG, age=age))[0] is finding


@pytest.mark.parametrize(
    ("unemployed", "finding"), [(True, Finding.MET), (False, Finding.NOT_MET), (None, Finding.UNKNOWN)]
)
def test_arbetsmarknadstorget_is_for_the_unemployed(unemployed: bool | None, finding: Finding) -> None:
    assert findings(Programme.ARBETSMARKNADSTORGET, replace(YOUNG, unemployed=unemployed))[1] is finding


@pytest.mark.parametrize(("agencies", "finding"), [(1, Finding.NOT_MET), (2, Finding.MET)])
def test_arbetsmarknadstorget_is_for_those_who_need_two_agencies(agencies: int, finding: Finding) -> None:
    assert findings(Programme.ARBETSMARKNADSTORGET, replace(YOUNG, agencies_needed=agencies))[2] is finding


@pytest.mark.parametrize(
    ("facts", "finding"),
    [
        (Facts(37, 1, in_job_programme=True), Finding.MET),
        (Facts(None, 1, in_job_programme=True), Finding.MET),
        (Facts(20, 1, in_job_programme=False, youth_guarantee_days=200), Finding.MET),
        (Facts(20, 1, in_job_programme=False, youth_guarantee_days=199, newly_arrived=False), Finding.NOT_MET),
        (Facts(19, 1, in_job_programme=False, youth_guarantee_days=200, newly_arrived=True), Finding.NOT_MET),
        (Facts(20, 1, in_job_programme=False, newly_arrived=True), Finding.MET),
        (Facts(37, 1, in_job_programme=False, newly_arrived=False), Finding.UNKNOWN),
        (Facts(37, 1), Finding.UNKNOWN),
    ],
)
def test_introduktionsjobb_has_three_ways_in(facts: Facts, finding: Finding) -> None:
    assert findings(Programme.INTRODUKTIONSJOBB, facts) == [finding]


def test_before_its_first_day_a_rule_is_not_applied() -> None:
    assert evaluate(Programme.INTRODUKTIONSJOBB, date(2018, 4, 30), YOUNG) is None
    assert evaluate(Programme.INTRODUKTIONSJOBB, date(2018, 5, 1), YOUNG) is not None


def test_evidence_names_the_facts_that_were_looked_at() -> None:
    found = evaluate(Programme.INTRODUKTIONSJOBB, DAY, Facts(20, 1, in_job_programme=False, youth_guarantee_days=1))
    assert found is not None
    assert found[0].evidence == (
        "in JOB: no; age on the day of referral: 20; days in the youth guarantee: 1; newly arrived: not stated"
    )


ADULT = Facts(age=40, agencies_needed=1, age_when_enrolled=40)


@pytest.mark.parametrize(
    ("programme", "day", "facts", "finding"),
    [
        ("extratjanst", "2016-11-30", replace(ADULT, in_job_programme=True, job_benefit_days=450), Finding.MET),
        ("extratjanst", "2016-11-30", replace(ADULT, in_job_programme=True, job_benefit_days=449), Finding.NOT_MET),
        ("extratjanst", "2016-11-30", replace(ADULT, in_job_programme=False, newly_arrived=True), Finding.NOT_MET),
        ("extratjanst", "2016-12-01", replace(ADULT, in_job_programme=False, newly_arrived=True), Finding.MET),
        ("extratjanst", "2022-12-31", replace(ADULT, newly_arrived=True), Finding.MET),
        ("extratjanst", "2023-01-01", replace(ADULT, newly_arrived=True), Finding.NOT_MET),
        ("nystartsjobb", "2026-02-10", replace(ADULT, absent_months_of_15=12), Finding.MET),
        ("nystartsjobb", "2026-02-10", replace(ADULT, absent_months_of_15=11, absent_months_of_9=9), Finding.UNKNOWN),
        (
            "nystartsjobb",
            "2026-02-10",
            replace(ADULT, absent_months_of_15=11, newly_arrived=False, in_job_programme=False),
            Finding.NOT_MET,
        ),
        ("nystartsjobb", "2026-02-10", replace(ADULT, age_when_enrolled=24, absent_months_of_9=6), Finding.MET),
        ("nystartsjobb", "2026-02-10", replace(ADULT, age_when_enrolled=20, newly_arrived=True), Finding.MET),
        ("nystartsjobb", "2026-02-10", replace(ADULT, age_when_enrolled=19, newly_arrived=True), Finding.NOT_MET),
        ("nystartsjobb", "2026-02-10", replace(ADULT, in_job_programme=True), Finding.MET),
        ("lonebidrag-utveckling", "2026-02-10", replace(ADULT, work_capacity_assessed=True), Finding.MET),
        ("lonebidrag-anstallning", "2026-02-10", ADULT, Finding.UNKNOWN),
        ("lonebidrag-trygghet", "2026-02-10", replace(ADULT, work_capacity_assessed=False), Finding.NOT_MET),
        ("arbetstraning", "2026-02-10", replace(ADULT, in_job_programme=True), Finding.MET),
        ("arbetstraning", "2026-02-10", replace(ADULT, in_job_programme=False), Finding.NOT_MET),
    ],
)
def test_every_programme_has_its_target_group(programme: str, day: str, facts: Facts, finding: Finding) -> None:
    found = evaluate(Programme(programme), date.fromisoformat(day), facts)
    assert found is not None
    assert [one.finding for one in found] == [finding]


@pytest.mark.parametrize(
    ("age", "exception", "finding"),
    [(25, None, Finding.MET), (24, True, Finding.MET), (24, False, Finding.NOT_MET), (24, None, Finding.UNKNOWN)],
)
def test_arbetspraktik_is_for_who_is_25_or_has_an_exception(age: int, exception: bool | None, finding: Finding) -> None:
    facts = replace(ADULT, age_when_enrolled=age, unemployed=True, exception_under_25=exception)
    assert findings(Programme.ARBETSPRAKTIK, facts) == [Finding.MET, finding]


def test_every_programme_has_criteria_today() -> None:
    for programme in Programme:
        if programme is not Programme.UNKNOWN:
            assert evaluate(programme, DAY, ADULT) is not None, programme


@pytest.mark.parametrize("form", ["utveckling", "anstallning", "trygghet"])
def test_what_nobody_has_verified_is_not_evaluated(form: str) -> None:
    assert evaluate(Programme(f"lonebidrag-{form}"), date(2019, 12, 31), ADULT) is None


@pytest.mark.parametrize(
    ("file", "old", "new", "wrong"),
    [
        ("introduktionsjobb", 'fact = "age"', 'fact = "shoe_size"', "there is no fact shoe_size"),
        (
            "introduktionsjobb",
            "valid_until = 2025-12-31",
            "valid_until = 2025-12-30",
            "does not begin on the day after",
        ),
        ("introduktionsjobb", "valid_until = 2025-12-31", "", "does not begin on the day after"),
        ("introduktionsjobb", 'source = "SFS 2018:42"', 'source = " "', "no source"),
        ("introduktionsjobb", "at_least = 20", "equals = true, at_least = 20", "either equals"),
        ("introduktionsjobb", "[[version]]", "[[version", "introduktionsjobb.toml"),
        ("introduktionsjobb", "refusal", "refuse", "refuse"),
        ("extratjanst", "valid_until = 2016-11-30", "valid_until = 2015-10-31", "ends before it begins"),
        ("lonebidrag-trygghet", "verified = false", "", "a verified version has criteria"),
    ],
)
def test_criteria_that_cannot_be_trusted_stop_the_start(
    tmp_path: Path, file: str, old: str, new: str, wrong: str
) -> None:
    folder = tmp_path / "criteria"
    copytree(Path(__file__).parent / "criteria", folder, ignore=ignore_patterns("*.py", "__pycache__"))
    facts = {field.name for field in fields(Facts)}
    assert load_rules(facts, folder) == RULES
    text = (folder / f"{file}.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / f"{file}.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CriteriaInvalid, match=wrong):
        load_rules(facts, folder)
