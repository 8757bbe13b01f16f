"""The base of every request body, and the field types that bodies share.

A body is exact: unknown fields are refused, a day is a text `2026-03-02`, an amount is a text or a whole number. Money
never travels as a fraction of JSON's, which programs read as binary floating point. What the JSON Schema of a field
allows is accepted here and the other way round, so that a caller can check before sending.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError


class Body(BaseModel):
    """A request body. Its errors name fields and never repeat what was sent."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def _day(value: object) -> object:
    """Only `YYYY-MM-DD`: pydantic alone would also take a number as seconds since 1970, and a time of day."""
    if isinstance(value, date) or (isinstance(value, str) and len(value) == len("2026-03-02")):
        return value
    raise PydanticCustomError("date_iso", "must be a day, YYYY-MM-DD")


def _within_reach(day: date) -> date:
    """A law date outside these years is a slip of the finger, and far ones break other systems' calendars."""
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise PydanticCustomError("date_range", "must lie between 1900 and 2199")
    return day


Day = Annotated[
    date,
    AfterValidator(_within_reach),
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-03-02"]}),
]
"""A calendar day in Sweden."""


def _decimal(pattern: str, most: int) -> Callable[[object], object]:
    shape: Final = re.compile(pattern)

    def exact(value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
            return value
        if isinstance(value, Decimal | str) and shape.fullmatch(str(value)):
            return value
        raise PydanticCustomError("decimal_exact", "must be a text of digits with a decimal point, or a whole number")

    return exact


def _decimal_schema(pattern: str, least: int, most: int, example: str) -> dict[str, Any]:
    return {
        "anyOf": [
            {"type": "string", "pattern": f"^(?:{pattern})$"},
            {"type": "integer", "minimum": least, "maximum": most},
        ],
        "examples": [example],
    }


_KRONOR: Final = r"(0|[1-9][0-9]{0,7})(\.[0-9]{1,2})?"
_KRONOR_MAX: Final = 99_999_999

Kronor = Annotated[
    Decimal,
    BeforeValidator(_decimal(_KRONOR, _KRONOR_MAX)),
    WithJsonSchema(_decimal_schema(_KRONOR, 0, _KRONOR_MAX, "24000.00")),
]
"""An amount in kronor with at most two decimals, from 0 up to below a hundred million."""

_EXTENT: Final = r"0\.[0-9]{1,4}|1(\.0{1,4})?"

Extent = Annotated[
    Decimal,
    BeforeValidator(_decimal(_EXTENT, 1)),
    WithJsonSchema(_decimal_schema(_EXTENT, 0, 1, "0.75")),
]
"""A share of full time, from 0 to 1 with at most four decimals."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+){0,5}$", max_length=64)]
"""A word of our own that may travel in the open: letters and hyphens, so it holds no number of a person."""
