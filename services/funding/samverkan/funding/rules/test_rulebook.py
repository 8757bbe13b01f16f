"""The rules that ship, and what a broken rule file does to the start."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from samverkan.backbone.errors import Refused
from samverkan.funding.rules.load import load_rulebook
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.rules.versions import RulesInvalid
from samverkan.schemas.participant import Programme

RULES = load_rulebook()
JOBB = Programme.INTRODUKTIONSJOBB
JOBB_FILE = "programmes/introduktionsjobb"


def refusal(code: str) -> "pytest.RaisesExc[Refused]":
    """Expect a refusal with this code."""
    return pytest.RaisesExc(Refused, check=lambda refused: refused.code == code)


def rate(pay_month: date, birth_year: int) -> Decimal:
    contributions = RULES.contributions(pay_month, birth_year)
    return contributions.rate if contributions.reduced_rate is None else contributions.reduced_rate


def test_the_decision_date_picks_the_version() -> None:
    assert RULES.subsidy(JOBB, date(2026, 2, 20)).id == "introduktionsjobb/2026-01-01"
    assert RULES.subsidy(JOBB, date(2025, 12, 31)).id == "introduktionsjobb/2022-01-01"


@pytest.mark.parametrize(
    ("day", "months"), [("2020-04-30", 24), ("2020-05-01", 36), ("2021-12-31", 36), ("2022-01-01", 24)]
)
def test_the_longest_time_was_36_months_from_may_2020_to_the_end_of_2021(day: str, months: int) -> None:
    assert RULES.subsidy(JOBB, date.fromisoformat(day)).months_in_all == months


def test_what_the_amendment_of_2026_says_of_age_is_a_remark() -> None:
    remark = RULES.subsidy(JOBB, date(2026, 1, 1)).remark
    assert remark is not None
    assert "SFS 2022:1451" in remark


def test_what_is_uncertain_about_a_rule_that_is_decided_by_is_said_in_swedish_too() -> None:
    versions = [version for versions in RULES.subsidies.values() for version in versions if version.verified]
    assert [version.id for version in versions if (version.remark is None) is not (version.remark_sv is None)] == []


def test_before_its_first_day_no_rule_is_in_force() -> None:
    with refusal("no-rule-in-force"):
        RULES.subsidy(JOBB, date(2018, 4, 30))


def test_a_form_without_rules_is_refused() -> None:
    with refusal("form-unsupported"):
        RULES.subsidy(Programme.ARBETSMARKNADSTORGET, date(2026, 2, 20))


def test_a_stored_version_is_found_again() -> None:
    assert RULES.subsidy_version(JOBB, "introduktionsjobb/2018-05-01").valid_from == date(2018, 5, 1)
    with refusal("rule-version-unknown"):
        RULES.subsidy_version(JOBB, "introduktionsjobb/2099-01-01")


@pytest.mark.parametrize(
    ("pay_month", "birth_year", "expected"),
    [
        ("2026-03-01", 2005, "0.3142"),  # the day before the reduction begins
        ("2026-04-01", 2005, "0.2081"),
        ("2026-04-01", 2007, "0.2081"),  # 18 at the year's start
        ("2026-04-01", 2008, "0.3142"),  # turns 18 during the year
        ("2026-04-01", 2003, "0.2081"),  # 22 at the year's start
        ("2026-04-01", 2002, "0.3142"),
        ("2027-01-01", 2003, "0.3142"),  # 23 at the year's start
        ("2027-09-01", 2005, "0.2081"),
        ("2027-10-01", 2005, "0.3142"),
    ],
)
def test_contributions_follow_the_pay_month_and_the_age_at_the_years_start(
    pay_month: str, birth_year: int, expected: str
) -> None:
    assert rate(date.fromisoformat(pay_month), birth_year) == Decimal(expected)


def test_the_reduction_reaches_to_25_000_and_the_rest_is_full() -> None:
    young = RULES.contributions(date(2026, 4, 1), 2005)
    assert young.due_on(Fraction(30_000)) == Fraction("25000") * Fraction("0.2081") + Fraction("5000") * Fraction(
        "0.3142"
    )
    assert young.due_on(Fraction(25_000)) == Fraction("25000") * Fraction("0.2081")


def test_the_contribution_for_the_oldest_is_not_guessed() -> None:
    with refusal("rule-not-verified"):
        RULES.contributions(date(2026, 3, 1), 1960)
    assert rate(date(2026, 3, 1), 1961) == Decimal("0.3142")


def test_the_deadline_is_180_days_from_2023_and_60_before() -> None:
    assert RULES.deadline(date(2023, 1, 31)).days == 180
    assert RULES.deadline(date(2022, 12, 31)).days == 60


@pytest.mark.parametrize(
    ("file", "old", "new", "wrong"),
    [
        (JOBB_FILE, "valid_until = 2020-04-30", "valid_until = 2020-04-29", "gap after"),
        (JOBB_FILE, "valid_until = 2020-04-30", "valid_until = 2020-05-01", "overlaps"),
        (JOBB_FILE, "valid_until = 2020-04-30", "", "overlaps"),
        (
            "programmes/introduktionsjobb",
            "valid_until = 2020-04-30",
            "valid_until = 2018-04-30",
            "ends before it begins",
        ),
        ("claim_deadline", 'source = "SFS 2018:42"', 'source = " "', "no source"),
        ("claim_deadline", 'source = "SFS 2018:42"', "", "source"),
        ("claim_deadline", "days = 60", "dagar = 60", "dagar"),
        ("claim_deadline", "days = 60", 'days = "soon"', "days"),
        ("credit_day", "[[version]]", "[[versions]]", "no version at all"),
        ("credit_day", "[[version]]", "[[version", "credit_day.toml"),
        ("employer_contributions", "from_age = 65", "from_age = 22", "overlaps"),
        (JOBB_FILE, "months_at_a_time = 12", "", "no longest time of a decision"),
        (JOBB_FILE, "months_at_a_time = 12", "months_at_a_time = 25", "longer than all of them"),
        (JOBB_FILE, 'rate = "0.80"', 'rate = "80"', "rate must be a share of 1"),
        (JOBB_FILE, 'gross_cap = "20000"', 'gross_cap = "0"', "gross_cap must be above 0"),
        (JOBB_FILE, "share-of-wage-cost", "share-of-wages", "introduktionsjobb.toml"),
        ("programmes/extratjanst", 'daily_cap = "1140"', "", "daily_cap"),
        ("programmes/extratjanst", "verified = false", "", "has no content and cannot be verified"),
        ("programmes/nystartsjobb", "absent_from_months = 0", "absent_from_months = 1", "must begin at 0 months"),
        ("programmes/nystartsjobb", "absent_from_months = 24", "absent_from_months = 38", "and rise"),
        ("programmes/nystartsjobb", 'basis = "absence"', 'basis = "age"', "basis"),
    ],
)
def test_a_broken_rule_stops_the_start(tmp_path: Path, file: str, old: str, new: str, wrong: str) -> None:
    folder = tmp_path / "rules"
    copytree(Path(__file__).parent, folder, ignore=ignore_patterns("*.py", "__pycache__"))
    text = (folder / f"{file}.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / f"{file}.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulesInvalid, match=wrong):
        load_rulebook(folder)


def test_the_copied_rules_are_the_shipped_ones(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    copytree(Path(__file__).parent, folder, ignore=ignore_patterns("*.py", "__pycache__"))
    assert load_rulebook(folder) == RULES
    assert isinstance(RULES, Rulebook)
