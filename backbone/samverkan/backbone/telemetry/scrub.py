"""Finds what looks like a Swedish personal number in text: the last defence of logs and identifiers, not the first.

Names and addresses cannot be found this way, so they must never be handed to a log in the first place.
"""

import re
from typing import Final

REPLACEMENT: Final = "[personnummer]"

# Ten or twelve digits, the last four perhaps set off by a hyphen, a plus sign (from the 100th year), a space or one
# of the dashes that word processors put in its place.
_CANDIDATE: Final = re.compile("(?<![0-9])((?:1[89]|2[01])?([0-9]{6})[-+ \u2010-\u2015\u2212]?([0-9]{4}))(?![0-9])")


def contains_person_number(text: str) -> bool:
    """Whether a personnummer or samordningsnummer stands somewhere in the text."""
    return any(_is_person_number(match[2] + match[3]) for match in _CANDIDATE.finditer(text))


def scrub(text: str) -> str:
    """The text with every personnummer and samordningsnummer replaced."""
    return _CANDIDATE.sub(lambda match: REPLACEMENT if _is_person_number(match[2] + match[3]) else match[0], text)


def _is_person_number(ten_digits: str) -> bool:
    """A month, a day (60 more in a samordningsnummer) and the check digit; about 1 in 140 of any ten digits."""
    month, day = int(ten_digits[2:4]), int(ten_digits[4:6])
    return 1 <= month <= 12 and (1 <= day <= 31 or 61 <= day <= 91) and _luhn(ten_digits)


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 - index % 2) for index, digit in enumerate(digits))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
