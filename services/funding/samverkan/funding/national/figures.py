"""National figures per municipality, imported: how many persons had a form of support. Pure.

"37 of 500": so a municipality can be compared with the country. The file is a CSV with semicolons; 00 is the country.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Final

from samverkan.backbone.errors import Refused, SamverkanError
from samverkan.schemas.participant import Programme

COUNTRY: Final = "00"
COLUMNS: Final = ("form", "period", "municipality_code", "municipality", "persons", "source")
SHIPPED: Final = Path(__file__).parent / "figures.csv"

_PERIOD = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_CODE = re.compile(r"00|[0-9]{4}")


class FiguresInvalid(SamverkanError):
    """The file cannot be trusted: the service must not start. The message names the line and what is wrong."""

    def __init__(self, what: str) -> None:
        super().__init__("figures-invalid", what)


@dataclass(frozen=True)
class Figure:
    """So many persons in a municipality, or in the country, in one month (`yyyy-mm`)."""

    form: Programme
    period: str
    municipality_code: str
    municipality: str
    persons: int
    source: str


@dataclass(frozen=True)
class Comparison:
    """A municipality beside the country; `percent` with one decimal."""

    of_municipality: Figure
    of_country: Figure
    percent: Decimal


def load_figures(file: Path = SHIPPED) -> tuple[Figure, ...]:
    """Every line of the file. FiguresInvalid or an OSError: nothing of it is used."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter=";"))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise FiguresInvalid(f"line 1: the columns must be {';'.join(COLUMNS)}")
    figures: dict[tuple[Programme, str, str], Figure] = {}
    for number, row in enumerate(rows[1:], 2):
        figure = _figure(number, row)
        key = (figure.form, figure.period, figure.municipality_code)
        if key in figures:
            raise FiguresInvalid(f"line {number}: a second figure of the same form, month and municipality")
        figures[key] = figure
    return tuple(figures.values())


def compare(
    figures: Sequence[Figure], form: Programme, municipality_code: str, period: str | None = None
) -> Comparison:
    """The municipality's figure beside the country's, of that month or of the latest that both have.

    Refused `figure-unknown`.
    """
    of_form = [figure for figure in figures if figure.form is form and period in (None, figure.period)]
    country = {figure.period: figure for figure in of_form if figure.municipality_code == COUNTRY}
    own = [figure for figure in of_form if figure.municipality_code == municipality_code and figure.period in country]
    if not own or municipality_code == COUNTRY:
        raise Refused("figure-unknown", form=form.value, municipality=municipality_code)
    latest = max(own, key=lambda figure: figure.period)
    of_country = country[latest.period]
    percent = (Decimal(100 * latest.persons) / of_country.persons).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Comparison(latest, of_country, percent)


def _figure(number: int, row: Sequence[str]) -> Figure:
    if len(row) != len(COLUMNS):
        raise FiguresInvalid(f"line {number}: {len(COLUMNS)} fields are needed, there are {len(row)}")
    form, period, code, municipality, persons, source = (field.strip() for field in row)
    if form not in {member.value for member in Programme if member is not Programme.UNKNOWN}:
        raise FiguresInvalid(f"line {number}: there is no form {form}")
    if not _PERIOD.fullmatch(period):
        raise FiguresInvalid(f"line {number}: the period must be yyyy-mm")
    if not _CODE.fullmatch(code):
        raise FiguresInvalid(f"line {number}: the municipality's code has four digits, the country's is {COUNTRY}")
    if not (persons.isascii() and persons.isdigit() and int(persons) >= (1 if code == COUNTRY else 0)):
        raise FiguresInvalid(f"line {number}: persons must be a whole number")
    if not (municipality and source):
        raise FiguresInvalid(f"line {number}: municipality and source must be stated")
    return Figure(Programme(form), period, code, municipality, int(persons), source)
