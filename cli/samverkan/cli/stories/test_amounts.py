"""How amounts are shown."""

from decimal import Decimal

import pytest

from samverkan.cli.stories.amounts import cell, kronor


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("31540.80", "31 540.80"),
        ("252326.4", "252 326.40"),
        ("0", "0.00"),
        ("-1001.30", "-1 001.30"),
        ("999", "999.00"),
    ],
)
def test_kronor_have_spaced_thousands_and_two_decimals(amount: str, shown: str) -> None:
    assert kronor(Decimal(amount)) == shown


def test_an_amount_finer_than_the_ore_is_not_hidden_by_rounding() -> None:
    with pytest.raises(ValueError, match="finer than the öre"):
        kronor(Decimal("0.005"))


def test_a_day_and_a_count_are_no_amounts() -> None:
    assert cell("2026-03-02") == "2026-03-02"
    assert cell(3) == "3"
    assert cell("21027.20") == "21 027.20"
