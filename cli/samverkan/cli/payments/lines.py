"""A payment list's lines as requests: which column is which, and what is wrong with a line. Pure.

AF's payment list and an export of the tax account both become these columns, in any order; others are left alone.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final
from uuid import UUID

from samverkan.cli.referrals.table import Line, Sheet

REJECTED_PREFIX: Final = "avvisad_"  # columns of our own reject file: it can be mended and imported as it is
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


class ColumnsUnusable(Exception):
    """The header does not say where what is required stands. The message says what to do."""


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a line: a stable code, and Swedish that repeats no cell."""

    code: str
    reason: str


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
    places = _places(sheet.header)
    said: dict[str, int] = {}
    for line in sheet.lines:
        cells = {name: line.cells[at].strip() if at < len(line.cells) else "" for name, at in places.items()}
        read = {name: _READERS[name](cells[name]) for name in _REQUIRED}
        wrong = [value for value in read.values() if isinstance(value, Mistake)]
        reference = cells.get("reference", "")
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


def _places(header: Sequence[str]) -> dict[str, int]:
    known = {_plain(name): field for field, names in _NAMES.items() for name in (field, *names)}
    places: dict[str, int] = {}
    for at, title in enumerate(header):
        field = known.get(_plain(title))
        if field in places:
            raise ColumnsUnusable(f"Two columns are {field}. Remove one.")
        if field is not None:
            places[field] = at
    missing = [f"{field} ({_NAMES[field][0]})" for field in _REQUIRED if field not in places]
    if missing:
        raise ColumnsUnusable(f"No column for {', '.join(missing)}. The first line must name the columns.")
    return places


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


def _plain(title: str) -> str:
    """Without case, accents, spaces and hyphens, as people vary them."""
    letters = unicodedata.normalize("NFKD", title.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


_NO_MONTH: Final = Mistake("month-format", "Månaden ska skrivas som 2026-03.")
_NO_DAY: Final = Mistake("date-format", "Dagen ska skrivas som 2026-05-12.")
_READERS: Final = {"compensation": _compensation, "work_month": _month, "amount": _amount, "booked_on": _day}
