"""Kronor: rounding at the end of a line, and numbers as a Swedish or an English reader expects them. Pure."""

from decimal import Decimal
from fractions import Fraction
from math import floor

NO_BREAK = "\u00a0"


def to_ore(amount: Fraction) -> Decimal:
    """Kronor with two decimals, half up. Exact until here: a tie is a tie, not the rounding of a division."""
    ore = floor(abs(amount) * 100 + Fraction(1, 2))
    return Decimal(ore if amount >= 0 else -ore).scaleb(-2)


def sv(amount: Decimal) -> str:
    """21027.2 → `21 027,20`."""
    return f"{amount:,.2f}".replace(",", NO_BREAK).replace(".", ",")


def en(amount: Decimal) -> str:
    """21027.2 → `21,027.20`."""
    return f"{amount:,.2f}"


def percent_sv(share: Decimal) -> str:
    """0.3142 → `31,42 %`."""
    return f"{_percent(share)}{NO_BREAK}%".replace(".", ",")


def percent_en(share: Decimal) -> str:
    """0.3142 → `31.42%`."""
    return f"{_percent(share)}%"


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}"


def number_sv(number: Decimal) -> str:
    """2.5 → `2,5`."""
    return number_en(number).replace(".", ",")


def number_en(number: Decimal) -> str:
    """2.50 → `2.5`."""
    return f"{number.normalize():f}"
