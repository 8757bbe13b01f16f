"""Which column is which, and how its cells become a referral: words of people into codes. Pure.

Checked here is only what the file's form can get wrong; whether a referral is right, intake says (one rule, one place).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from samverkan.cli.rejects import REJECTED_PREFIX, Mistake
from samverkan.schemas.catalogue import AGENCIES
from samverkan.schemas.participant import Programme

REQUIRED: Final = ("person_number", "programme", "received_on", "agencies_needed")
# What people call the columns, besides their own names; compared without case, accents, spaces and hyphens.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "person_number": ("personnummer", "personnr", "pnr", "samordningsnummer"),
    "name": ("namn",),
    "programme": ("program", "insats"),
    "received_on": ("inkom", "inkommen", "inkom den", "ankomstdag", "datum", "remissdatum"),
    "agencies_needed": ("myndigheter", "behöver stöd av", "stöd av"),
    "reason": ("skäl", "orsak", "anledning"),
    "referred_by": ("remitterad av", "remittent", "från"),
    "language": ("språk",),
    "needs_interpreter": ("behöver tolk", "tolk"),
    "telephone": ("telefon", "mobil", "telefonnummer"),
    "email": ("e-post", "epost", "mejl", "mail"),
}


class Wrong(StrEnum):
    """What is wrong with a line before anybody is asked; stable."""

    CELL_EMPTY = "cell-empty"
    CELLS_TOO_MANY = "cells-too-many"
    DATE_FORMAT = "date-format"
    NUMBER_MANGLED = "number-mangled"
    PROGRAMME_UNKNOWN = "programme-unknown"
    AGENCY_UNKNOWN = "agency-unknown"
    YES_OR_NO = "yes-or-no"
    LANGUAGE_FORMAT = "language-format"


SWEDISH: Final[Mapping[Wrong, str]] = {
    Wrong.CELL_EMPTY: "Kolumnen {column} är tom.",
    Wrong.CELLS_TOO_MANY: "Raden har fler celler än rubrikraden. Står det ett skiljetecken i en text utan citattecken?",
    Wrong.DATE_FORMAT: "Kolumnen {column} ska vara en dag som 2026-03-02.",
    Wrong.NUMBER_MANGLED: "Kalkylprogrammet har gjort om personnumret till ett tal, och siffror har gått förlorade. "
    "Formatera kolumnen som text och skriv numret igen.",
    Wrong.PROGRAMME_UNKNOWN: "Programmet i kolumnen {column} finns inte. Välj bland: {choices}.",
    Wrong.AGENCY_UNKNOWN: "En myndighet i kolumnen {column} finns inte. Välj bland: {choices}; skilj flera med |.",
    Wrong.YES_OR_NO: "Kolumnen {column} ska vara ja eller nej.",
    Wrong.LANGUAGE_FORMAT: "Kolumnen {column} ska vara språkets kod med två bokstäver, till exempel sv, ar eller so.",
}


class ColumnsUnusable(Exception):
    """The header does not say where what is required stands, or says it twice. The message says what to do."""


@dataclass(frozen=True)
class Columns:
    """Where each field stands. `places`: field → index; `header` as in the file; `unused`: columns of it not known."""

    header: tuple[str, ...]
    places: Mapping[str, int]
    unused: tuple[str, ...] = ()

    def cell(self, cells: Sequence[str], field: str) -> str:
        """The cell of a field, trimmed; empty when the line or the file has none."""
        place = self.places.get(field)
        return "" if place is None or place >= len(cells) else cells[place].strip()

    def title(self, field: str) -> str:
        """What the file calls the field's column."""
        return self.header[self.places[field]]


def find_columns(header: Sequence[str]) -> Columns:
    """Find the columns of a list of referrals. ColumnsUnusable: a required one is missing, or one is doubled."""
    return find_named(header, _NAMES, REQUIRED)


def find_named(header: Sequence[str], names: Mapping[str, Sequence[str]], required: Sequence[str]) -> Columns:
    """Find the columns of these fields by their own names or what people call them. ColumnsUnusable: as above."""
    known = {_plain(name): field for field, called in names.items() for name in (field, *called)}
    places: dict[str, int] = {}
    unused: list[str] = []
    for place, title in enumerate(header):
        field = known.get(_plain(title))
        if field in places:
            raise ColumnsUnusable(f"Two columns are {field}: {header[places[field]]!r} and {title!r}. Remove one.")
        if field is not None:
            places[field] = place
        elif title.strip() and not title.startswith(REJECTED_PREFIX):
            unused.append(title)
    missing = [f"{field} ({names[field][0]})" for field in required if field not in places]
    if missing:
        raise ColumnsUnusable(f"No column for {', '.join(missing)}. The first line must name the columns.")
    return Columns(tuple(header), places, tuple(unused))


def referral(columns: Columns, cells: Sequence[str], referred_by: str) -> dict[str, Any] | list[Mistake]:
    """The body of POST /referrals that the line stands for, or everything that is wrong with it."""
    reading = _Reading(columns, cells)
    if any(cell.strip() for cell in cells[len(columns.header) :]):
        reading.wrong(Wrong.CELLS_TOO_MANY)
    body = {
        "person_number": reading.required("person_number", _number),
        "programme": reading.required("programme", _programme),
        "referred_by": reading.optional("referred_by", _agency) or referred_by,
        "agencies_needed": reading.required("agencies_needed", _agencies),
        "received_on": reading.required("received_on", _day),
        "name": reading.optional("name", str),
        "reason": reading.optional("reason", str),
    }
    contact = {
        "telephone": reading.optional("telephone", str),
        "email": reading.optional("email", str),
        "language": reading.optional("language", _language),
        "needs_interpreter": reading.optional("needs_interpreter", _yes_or_no),
    }
    if reading.mistakes:
        return reading.mistakes
    contact = {name: value for name, value in contact.items() if value is not None}
    return {name: value for name, value in body.items() if value is not None} | (
        {"contact": contact} if contact else {}
    )


class _NotReadable(Exception):
    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong.value)
        self.wrong = wrong


class _Reading:
    """Reads the cells of one line and gathers what is wrong with them."""

    def __init__(self, columns: Columns, cells: Sequence[str]) -> None:
        self._columns = columns
        self._cells = cells
        self.mistakes: list[Mistake] = []

    def required(self, field: str, read: Callable[[str], Any]) -> Any:
        if not self._columns.cell(self._cells, field):
            self.wrong(Wrong.CELL_EMPTY, field)
            return None
        return self.optional(field, read)

    def optional(self, field: str, read: Callable[[str], Any]) -> Any:
        text = self._columns.cell(self._cells, field)
        if not text:
            return None
        try:
            return read(text)
        except _NotReadable as error:
            self.wrong(error.wrong, field)
            return None

    def wrong(self, wrong: Wrong, field: str = "") -> None:
        choices = _PROGRAMMES if wrong is Wrong.PROGRAMME_UNKNOWN else _CODES
        column = self._columns.title(field) if field else ""
        self.mistakes.append(Mistake(wrong.value, SWEDISH[wrong].format(column=column, choices=", ".join(choices))))


_PROGRAMMES: Final = tuple(sorted(one.value for one in Programme if one is not Programme.UNKNOWN))
_CODES: Final = tuple(agency.code for agency in AGENCIES)


def _plain(text: str) -> str:
    """Letters and digits only, small, without accents: `Behöver stöd av` → `behoverstodav`."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(one for one in letters if one.isascii() and one.isalnum())


_AGENCY_OF: Final = {
    _plain(word): agency.code for agency in AGENCIES for word in (agency.code, agency.name, agency.name_en)
} | {_plain("Samordningsförbund"): "forbund", _plain("regionen"): "region", _plain("kommunen"): "kommun"}
_PROGRAMME_OF: Final = {_plain(value): value for value in _PROGRAMMES}
_YES_NO: Final = {"ja": True, "j": True, "yes": True, "1": True, "nej": False, "n": False, "no": False, "0": False}


def _number(text: str) -> str:
    if re.fullmatch(r"[0-9][.,][0-9]+[eE]\+?[0-9]+", text):
        raise _NotReadable(Wrong.NUMBER_MANGLED)
    return text.removeprefix("'").replace(" ", "")  # an apostrophe is how Excel is told that digits are text


def _programme(text: str) -> str:
    return _found(_PROGRAMME_OF, text, Wrong.PROGRAMME_UNKNOWN)


def _agency(text: str) -> str:
    return _found(_AGENCY_OF, text, Wrong.AGENCY_UNKNOWN)


def _agencies(text: str) -> list[str]:
    return sorted({_agency(part) for part in text.split("|") if part.strip()})


def _found(known: Mapping[str, str], text: str, wrong: Wrong) -> str:
    code = known.get(_plain(text))
    if code is None:
        raise _NotReadable(wrong)
    return code


def _day(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise _NotReadable(Wrong.DATE_FORMAT)
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _NotReadable(Wrong.DATE_FORMAT) from None


def _language(text: str) -> str:
    code = text.lower()
    if not re.fullmatch(r"[a-z]{2}", code):
        raise _NotReadable(Wrong.LANGUAGE_FORMAT)
    return code


def _yes_or_no(text: str) -> bool:
    answer = _YES_NO.get(text.lower())
    if answer is None:
        raise _NotReadable(Wrong.YES_OR_NO)
    return answer
