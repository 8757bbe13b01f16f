"""Every worked example of domain.md on introduktionsjobb, to the öre."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from samverkan.backbone.calendar import last_of_month
from samverkan.funding.amounts import Segment, claim_amounts
from samverkan.funding.money import to_ore
from samverkan.funding.rules.load import load_rulebook
from samverkan.schemas.funding import ClaimAmounts
from samverkan.schemas.participant import Programme

RULES = load_rulebook()
RULE = RULES.subsidy(Programme.INTRODUKTIONSJOBB, date(2026, 2, 20))
MARCH = date(2026, 3, 1)
FULL, HALF = Decimal(1), Decimal("0.5")


def amounts(
    gross: str,
    *,
    extent: Decimal = FULL,
    month: date = MARCH,
    last_on: date | None = None,
    birth_year: int = 1988,
    segments: tuple[Segment, ...] | None = None,
) -> ClaimAmounts:
    """The amounts of a month supported from its first day, with pay in the same month."""
    whole = (Segment(extent, month, last_on or last_of_month(month)),)
    contributions = RULES.contributions(month, birth_year)
    return claim_amounts(RULE, contributions, month, Decimal(gross), segments or whole)


def test_timra_a_month_at_24_000() -> None:
    month = amounts("24000")
    assert (month.cost, month.credit, month.own_cost) == (Decimal("31540.80"), Decimal("21027.20"), Decimal("10513.60"))


def test_half_time_halves_the_cap() -> None:
    assert amounts("12000", extent=HALF).credit == Decimal("10513.60")


def test_three_quarters_of_full_time() -> None:
    assert amounts("18000", extent=Decimal("0.75")).credit == Decimal("15770.40")


def test_11_of_22_working_days_halve_the_cap() -> None:
    assert amounts("12000", last_on=date(2026, 3, 16)).credit == Decimal("10513.60")


def test_10_of_22_working_days_when_the_13th_is_the_last() -> None:
    assert amounts("12000", last_on=date(2026, 3, 13)).credit == Decimal("9557.82")


def test_absence_lowers_the_gross_and_never_the_cap() -> None:
    assert amounts("18000").credit == Decimal("18924.48")


def test_reduced_contributions_lower_the_credit() -> None:
    assert amounts("24000", month=date(2026, 4, 1), birth_year=2005).credit == Decimal("19329.60")


def test_gross_beyond_25_000_bears_full_contributions_in_the_cost_alone() -> None:
    month = amounts("30000", month=date(2026, 4, 1), birth_year=2005)
    assert month.cost == Decimal("36773.50")  # 30 000 + 20.81 % × 25 000 + 31.42 % × 5 000
    assert month.credit == Decimal("19329.60")


def test_one_day_of_march_2027() -> None:
    month = date(2027, 3, 1)
    assert amounts("1142.86", month=month, last_on=month).credit == Decimal("1001.30")


def test_segments_of_different_extent_add_up_their_caps() -> None:
    segments = Segment(FULL, MARCH, date(2026, 3, 16)), Segment(HALF, date(2026, 3, 17), date(2026, 3, 31))
    assert amounts("20000", segments=segments).credit == Decimal("15770.40")  # (11 + 11 × 0.5) of 22 days


def test_nothing_paid_gives_nothing() -> None:
    month = amounts("0")
    assert (month.cost, month.credit, month.own_cost) == (Decimal(0), Decimal(0), Decimal(0))


def test_the_lines_add_up_and_explain_themselves_in_both_languages() -> None:
    cost, countable, credit, own_cost = amounts("24000").lines
    assert (cost.amount, countable.amount, credit.amount) == (Decimal("31540.80"), Decimal(20000), Decimal("21027.20"))
    assert own_cost.amount == cost.amount - credit.amount
    swedish = credit.explanation_sv.replace("\u00a0", " ")
    assert swedish.startswith("Kreditering: 80 % × (20 000,00 + 31,42 % × 20 000,00) = 21 027,20 kr")
    assert "SFS 2018:42" in swedish
    assert credit.explanation_en.startswith("Credit: 80% × (20,000.00 + 31.42% × 20,000.00) = SEK 21,027.20")
    assert "20 000,00 × 100 % × 22 av 22 arbetsdagar" in countable.explanation_sv.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("1.005", "1.01"), ("1.0049", "1.00"), ("2.675", "2.68"), ("-1.005", "-1.01"), ("21027.2", "21027.20")],
)
def test_lines_round_half_up(exact: str, rounded: str) -> None:
    assert str(to_ore(Fraction(exact))) == rounded
