"""A payment list's lines as requests: which column is which, and what is wrong with a line. Pure.

AF's payment list and an export of the tax account both become these columns, in any order; others are left alone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final
from uuid import UUID

from samverkan.cli.referrals.columns import SWEDISH, Wrong, find_named
from samverkan.cli.referrals.table import Line, Sheet
from samverkan.cli.rejects import Mistake

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "compensation": ("beslut", "ärende", "ärendenummer", "ersättning"),
    "work_month": ("arbetsmånad", "månad", "period"),
    "amount": ("belopp", "utbetalt"),
    "booked_on": ("datum", "bokförd", "bokföringsdag", "utbetalningsdag"),
    "reference": ("referens", "verifikation"),
}
_REQUIRED: Final = ("compensation", "work_month", "amount", "booked_on")
_MONTH: Final = re.compile(r"(\d{4})-?(\d{2})(-\d{2})?")
_AMOUNT: Final = re.compile(r"\d{1,8}(\.\d{1,2})?")
_REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Payment:
    """A good line: to which compensation, and the body of its request."""

    line: Line
    compensation: UUID
    body: Mapping[str, str]


def payments(sheet: Sheet) -> Iterator[Payment | tuple[Line, list[Mistake]]]:
    """Every line in order, good or with all its mistakes. ColumnsUnusable: nothing of the file can be taken in.

    A line without a reference gets one from what it says and how many lines have said the same before it: two equal
    payments are two, and the same list again is no news.
    """
    columns = find_named(sheet.header, _NAMES, _REQUIRED)
    said: dict[str, int] = {}
    for line in sheet.lines:
        read = {name: _READERS[name](columns.cell(line.cells, name)) for name in _REQUIRED}
        wrong = [value for value in read.values() if isinstance(value, Mistake)]
        if any(cell.strip() for cell in line.cells[len(sheet.header) :]):
            wrong.append(Mistake(Wrong.CELLS_TOO_MANY, SWEDISH[Wrong.CELLS_TOO_MANY]))
        reference = columns.cell(line.cells, "reference")
        if reference and not _REFERENCE.fullmatch(reference):
            wrong.append(Mistake("reference-format", "Referensen får ha bokstäver, siffror, punkt och bindestreck."))
        if wrong:
            yield line, wrong
            continue
        content = "|".join(str(read[name]) for name in _REQUIRED)
        said[content] = said.get(content, 0) + 1
        digest = sha256(f"{content}|{said[content]}".encode()).hexdigest()
        body = {name: str(read[name]) for name in ("work_month", "amount", "booked_on")}
        yield Payment(line, UUID(str(read["compensation"])), {**body, "reference": reference or f"rad-{digest[:32]}"})


def _compensation(cell: str) -> UUID | Mistake:
    try:
        return UUID(cell)
    except ValueError:
        return Mistake("decision-format", "Beslutet ska vara ersättningens id.")


def _month(cell: str) -> date | Mistake:
    found = _MONTH.fullmatch(cell)
    try:
        return date(int(found[1]), int(found[2]), 1) if found else _NO_MONTH
    except ValueError:
        return _NO_MONTH


def _amount(cell: str) -> str | Mistake:
    plain = re.sub(r"[\s\u00a0]", "", cell).replace(",", ".").removesuffix("kr")
    if _AMOUNT.fullmatch(plain):
        return plain
    return Mistake("amount-format", "Beloppet ska vara kronor, till exempel 21027,20.")


def _day(cell: str) -> date | Mistake:
    try:
        return date.fromisoformat(cell) if len(cell) == len("2026-05-12") else _NO_DAY
    except ValueError:
        return _NO_DAY


_NO_MONTH: Final = Mistake("month-format", "Månaden ska skrivas som 2026-03.")
_NO_DAY: Final = Mistake("date-format", "Dagen ska skrivas som 2026-05-12.")
_READERS: Final = {"compensation": _compensation, "work_month": _month, "amount": _amount, "booked_on": _day}
