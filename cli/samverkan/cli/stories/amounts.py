"""Kronor as the issues and reports write them: 31 540.80."""

import re
from decimal import Decimal
from typing import Any, Final

THOUSANDS: Final = " "
_EXACT: Final = re.compile(r"-?[0-9]+\.[0-9]{2,}")


def kronor(amount: Decimal) -> str:
    """To the öre. ValueError: the amount is finer, and showing it would hide that."""
    if amount != round(amount, 2):
        raise ValueError(f"{amount} is finer than the öre")
    return f"{amount:,.2f}".replace(",", THOUSANDS)


def cell(value: Any) -> str:
    """A value of an answer in a table: an amount as kronor, anything else as it is."""
    if isinstance(value, str) and _EXACT.fullmatch(value):
        return kronor(Decimal(value))
    return str(value)
