"""Organisationsnummer: ten digits, the third at least 2, a Luhn digit last (SFS 1974:174 §1; SKV 709)."""

import re
from typing import Final

from samverkan.backbone.errors import Refused

_SHAPE: Final = re.compile(r"[0-9]{6}-?[0-9]{4}")


def parse(text: str) -> str:
    """The ten digits of `NNNNNNNNNN` or `NNNNNN-NNNN`.

    Refused: `organisation-number-format`, `organisation-number-checksum`. A third digit below 2 is a format error:
    it would be a personnummer, which is how a sole trader is registered and has no place on an agreement in the open.
    """
    if _SHAPE.fullmatch(text) is None or text[2] < "2":
        raise Refused("organisation-number-format")
    digits = text.replace("-", "")
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    if sum(number // 10 + number % 10 for number in doubled) % 10:
        raise Refused("organisation-number-checksum")
    return digits
