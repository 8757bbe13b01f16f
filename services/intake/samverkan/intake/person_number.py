"""Personnummer and samordningsnummer: is it one, and what does it say? Pure; no refusal repeats the number.

Source: folkbokföringslagen (SFS 1991:481) §18, lagen om samordningsnummer (SFS 2022:1697); check digit as published
by Skatteverket (SKV 704). Twelve digits: century, year, month, day (+60 in a samordningsnummer), three serial
digits of which the last is odd for men, and a Luhn digit over the last ten.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from samverkan.backbone.errors import Refused

_SHAPE: Final = re.compile(r"[0-9]{8}-?[0-9]{4}")
_CENTURIES: Final = frozenset({"18", "19", "20"})
_COORDINATION_DAYS: Final = 60


class Sex(StrEnum):
    """What the number says (its third serial digit); not how a person sees itself."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True)
class PersonNumber:
    """A valid number. `digits` are all twelve, without a hyphen; its text form shows none of them."""

    digits: str
    born_on: date
    sex: Sex
    is_coordination_number: bool

    def __repr__(self) -> str:
        return "PersonNumber(…)"


def parse(text: str) -> PersonNumber:
    """Read `YYYYMMDDNNNN` or `YYYYMMDD-NNNN`.

    Refused: `person-number-format`, `person-number-century`, `person-number-date`, `person-number-checksum`, in that
    order of checking.
    """
    if _SHAPE.fullmatch(text) is None:
        raise Refused("person-number-format")
    digits = text.replace("-", "")
    if digits[:2] not in _CENTURIES:
        raise Refused("person-number-century")
    day = int(digits[6:8])
    is_coordination_number = day > _COORDINATION_DAYS
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), day - _COORDINATION_DAYS if is_coordination_number else day)
    except ValueError:
        raise Refused("person-number-date") from None
    if not _luhn_holds(digits[2:]):
        raise Refused("person-number-checksum")
    sex = Sex.MALE if int(digits[10]) % 2 else Sex.FEMALE
    return PersonNumber(digits, born_on, sex, is_coordination_number)


def age_on(born_on: date, day: date) -> int:
    """Age in full years on `day`, negative before birth; who is born on 29 February counts as born on the 28th."""
    birth_month, birth_day = born_on.month, born_on.day
    if (birth_month, birth_day) == (2, 29):
        birth_day = 28
    return day.year - born_on.year - ((day.month, day.day) < (birth_month, birth_day))


def _luhn_holds(digits: str) -> bool:
    """Every second digit from the left doubled, digits summed, the sum a multiple of ten (ISO/IEC 7812-1 annex B)."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
