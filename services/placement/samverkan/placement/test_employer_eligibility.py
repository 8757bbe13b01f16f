from datetime import date

import pytest

from samverkan.placement.employer import Employer
from samverkan.placement.employer_eligibility import CriteriaInvalid, Finding, Found, evaluate, load, load_criteria
from samverkan.placement.test_employer import REGISTERED
from samverkan.schemas.employer import CheckKind, Conditions, EmployerChecked, Sector
from samverkan.schemas.participant import Programme

CRITERIA = load_criteria()
_ENTRY = """[[criterion]]
form = "introduktionsjobb"
code = "a"
kind = "{kind}"
valid_from = 2018-05-01
source = "s"
sv = "s"
en = "e"
"""
TODAY = date(2026, 3, 2)
INTRODUKTIONSJOBB = Programme.INTRODUKTIONSJOBB


def checked(*kinds: CheckKind, passed: bool = True, dismissal: date | None = None) -> Employer:
    checks = {
        kind: EmployerChecked(
            kind=kind, passed=passed, checked_on=TODAY, checked_by="af-1", last_dismissal_on=dismissal
        )
        for kind in kinds
    }
    return Employer(REGISTERED, checks=checks)


def findings(employer: Employer, form: Programme = INTRODUKTIONSJOBB, on: date = TODAY) -> dict[str, Finding]:
    return {one.code: one.finding for one in evaluate(CRITERIA, form, employer, on)}


def test_what_nobody_looked_up_is_unknown_and_the_register_answers_the_rest() -> None:
    assert findings(Employer(REGISTERED)) == {
        "registered": Finding.UNKNOWN,
        "conditions": Finding.MET,
        "no-dismissals": Finding.UNKNOWN,
        "electronic-wages": Finding.MET,
        "no-trading-prohibition": Finding.UNKNOWN,
        "no-insolvency": Finding.UNKNOWN,
        "no-unpaid-tax": Finding.UNKNOWN,
    }
    assert set(findings(Employer()).values()) == {Finding.UNKNOWN}


def test_each_criterion_says_who_looked_and_when() -> None:
    found = {one.code: one for one in evaluate(CRITERIA, INTRODUKTIONSJOBB, checked(CheckKind.INSOLVENCY), TODAY)}
    assert found["no-insolvency"] == Found(
        "no-insolvency", Finding.MET, "inte på obestånd", "not insolvent", "SFS 2018:42", TODAY, "af-1"
    )


@pytest.mark.parametrize("passed", [True, False])
def test_an_employer_that_was_looked_up_meets_every_check_or_none(passed: bool) -> None:
    employer = checked(*(kind for kind in CheckKind if kind is not CheckKind.UNKNOWN), passed=passed)
    of_checks = {
        finding for code, finding in findings(employer).items() if code not in ("conditions", "electronic-wages")
    }
    assert of_checks == {Finding.MET if passed else Finding.NOT_MET}


@pytest.mark.parametrize(
    ("dismissal", "finding"),
    [
        (date(2025, 3, 2), Finding.MET),  # twelve months ago to the day
        (date(2025, 3, 3), Finding.NOT_MET),
        (None, Finding.MET),
    ],
)
def test_a_dismissal_for_lack_of_work_counts_for_twelve_months(dismissal: date | None, finding: Finding) -> None:
    assert findings(checked(CheckKind.DISMISSALS, dismissal=dismissal))["no-dismissals"] is finding


def test_equivalent_terms_are_enough_and_neither_is_not() -> None:
    for conditions, finding in ((Conditions.EQUIVALENT, Finding.MET), (Conditions.NEITHER, Finding.NOT_MET)):
        registered = REGISTERED.model_copy(update={"conditions": conditions, "pays_electronically": False})
        found = findings(Employer(registered))
        assert (found["conditions"], found["electronic-wages"]) == (finding, Finding.NOT_MET)


def test_extratjanst_was_for_some_sectors_until_it_was_repealed() -> None:
    private = Employer(REGISTERED.model_copy(update={"sector": Sector.PRIVATE}))
    before = date(2022, 12, 31)
    assert findings(private, Programme.EXTRATJANST, before)["sector"] is Finding.NOT_MET
    assert findings(Employer(REGISTERED), Programme.EXTRATJANST, before)["sector"] is Finding.MET
    assert findings(private, Programme.EXTRATJANST, date(2023, 1, 1)) == {}


def test_a_form_without_criteria_asks_nothing_of_an_employer() -> None:
    assert findings(Employer(REGISTERED), Programme.ARBETSPRAKTIK) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'criterion'"),
        ('[[criterion]]\nform = "praktik"', "praktik"),
        (
            _ENTRY.format(kind="guess"),
            "a has the kind guess",
        ),
        (
            _ENTRY.format(kind="check"),
            "a is a check and does not say which",
        ),
        ('[[criterion]]\nform="introduktionsjobb"\ncode="a"', "missing"),
    ],
)
def test_a_file_that_cannot_be_trusted_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(CriteriaInvalid, match=said):
        load(text)
