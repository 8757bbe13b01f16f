"""Lives follow from their seed, and their kronor are those of domain.md."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from samverkan.cli.lives.life import Claimed, lives


def test_the_same_seed_gives_the_same_lives_and_no_two_are_the_same_case() -> None:
    assert list(lives(7, 50)) == list(lives(7, 50))
    assert len({life.case_id for life in (*lives(7, 50), *lives(8, 50))}) == 100


def test_lives_differ_in_what_matters() -> None:
    many = list(lives(1, 500))
    assert {life.granted for life in many} == {True, False}
    assert {life.extent for life in many} == {Decimal("1.00"), Decimal("0.75"), Decimal("0.50")}
    assert any(claimed.late for life in many for claimed in life.months)
    assert all(0 < life.overpaid < life.credit for life in many if life.really_paid is not None)
    assert any(life.overpaid for life in many)


@pytest.mark.parametrize(
    ("gross", "extent", "credit"),
    [("24000", "1.00", "21027.20"), ("12000", "0.50", "10513.60"), ("18000", "0.75", "15770.40")],
)
def test_the_second_computation_agrees_with_the_domains_examples(gross: str, extent: str, credit: str) -> None:
    life = replace(next(lives(1, 1)), gross=Decimal(gross), extent=Decimal(extent))
    assert life.credit == Decimal(credit)


def test_what_comes_too_late_is_forfeited_and_not_credited() -> None:
    months = (
        Claimed(date(2026, 3, 1), date(2026, 4, 8), late=False),
        Claimed(date(2026, 4, 1), date(2027, 1, 29), True),
    )
    life = replace(next(lives(1, 1)), gross=Decimal(24_000), extent=Decimal(1), months=months)
    assert (life.credited, life.forfeited) == (Decimal("21027.20"), Decimal("21027.20"))


def test_what_a_correction_takes_back_is_the_difference_of_two_credits() -> None:
    life = replace(next(lives(1, 1)), gross=Decimal(24_000), extent=Decimal(1), really_paid=Decimal(12_000))
    assert life.overpaid == Decimal("21027.20") - Decimal("12616.32")
