"""A list of referrals for load: `python referral_list.py LINES > list.csv`.

Only the thirteen test numbers exist, so a long list is made of their variations (programme and day), of repetitions
of these, and of bad lines: of ten lines six are new, two are repetitions, two are bad.
"""

import sys
from collections.abc import Iterator
from datetime import date, timedelta

from samverkan.intake.synthetic import PERSONNUMMER, SAMORDNINGSNUMMER
from samverkan.schemas.participant import Programme

PERSONS = (*PERSONNUMMER, *SAMORDNINGSNUMMER)
PROGRAMMES = [one.value for one in Programme if one is not Programme.UNKNOWN]
HEADER = "Personnummer;Program;Inkom;Myndigheter;Skäl"


def lines(count: int) -> Iterator[str]:
    """The header and `count` lines."""
    yield HEADER
    new = 0
    for number in range(count):
        kind = number % 10
        if kind == 3:
            yield f"{PERSONS[number % len(PERSONS)]};trolleri;2026-02-02;kommun;"
        elif kind == 6:
            yield "198705212381;introduktionsjobb;2026-02-02;kommun;"
        elif kind in {8, 9}:
            yield _variation(number % max(1, new))
        else:
            yield _variation(new)
            new += 1


def _variation(number: int) -> str:
    person = PERSONS[number % len(PERSONS)]
    programme = PROGRAMMES[number // len(PERSONS) % len(PROGRAMMES)]
    day = date(2026, 3, 2) + timedelta(days=number // (len(PERSONS) * len(PROGRAMMES)))
    return f"{person};{programme};{day.isoformat()};kommun|af;Behöver stöd av flera"


if __name__ == "__main__":
    print("\n".join(lines(int(sys.argv[1]))))
