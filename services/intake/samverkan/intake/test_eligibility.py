from dataclasses import replace
from datetime import date

import pytest

from samverkan.intake.eligibility import Facts, Finding, evaluate
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
    assert found[0].evidence == "in JOB: no; age: 20; days in the youth guarantee: 1; newly arrived: not stated"
