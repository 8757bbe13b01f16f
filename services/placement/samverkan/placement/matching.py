"""Which openings suit a participant, and why: a ranking that explains every criterion. Pure.

Only what the participant agreed that the asking agency may see is looked at; what is not shared is unknown, never a no.
First come the openings with the fewest criteria not met, then those with the most wishes met, then the earliest.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from samverkan.placement.employer_eligibility import Finding

_TEXTS: Final = {
    "form": ("formen stämmer", "the form fits"),
    "municipality": ("kommunen stämmer", "the municipality fits"),
    "extent": ("omfattningen stämmer", "the extent fits"),
    "available": ("platsen finns när personen kan börja", "the place is there when the person can begin"),
    "demands": ("kraven uppfylls", "the demands are met"),
    "adaptations": ("anpassningarna finns", "the adaptations are there"),
    "occupation": ("yrket är ett önskat", "the occupation is a wished one"),
    "carved": ("uppgifterna är utskurna för personen", "the tasks were cut out for the person"),
}
_WISHES: Final = frozenset({"occupation", "carved"})


@dataclass(frozen=True)
class Wanted:
    """What is shared with the asking agency. `needs` is None where the health compartment is not."""

    case_id: UUID
    forms: tuple[str, ...] = ()
    occupations: tuple[str, ...] = ()
    abilities: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    extent_most: Decimal | None = None
    available_from: date | None = None
    needs: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Offered:
    """What an open opening says of itself."""

    opening_id: UUID
    forms: tuple[str, ...]
    municipality: str
    occupation: str
    extent_least: Decimal
    available_from: date
    available_until: date | None = None
    demands: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    carved_for: UUID | None = None


@dataclass(frozen=True)
class Reason:
    """One criterion, what it came to, and its words."""

    code: str
    finding: Finding
    sv: str
    en: str


@dataclass(frozen=True)
class Match:
    """An opening with its reasons; `not_met` counts what speaks against it, `wishes_met` what was wished for."""

    opening_id: UUID
    not_met: int
    wishes_met: int
    reasons: tuple[Reason, ...]


def ranked(wanted: Wanted, openings: Iterable[Offered]) -> Sequence[Match]:
    """The openings, best first. One whose tasks were cut out for somebody else is left out."""
    suitable = [one for one in openings if one.carved_for in (None, wanted.case_id)]
    first_day = {one.opening_id: one.available_from for one in suitable}
    matches = [_match(wanted, one) for one in suitable]
    return sorted(
        matches,
        key=lambda one: (one.not_met, -one.wishes_met, first_day[one.opening_id], one.opening_id),
    )


def _match(wanted: Wanted, offered: Offered) -> Match:
    findings = {code: find(wanted, offered) for code, find in _CRITERIA.items()}
    reasons = tuple(Reason(code, finding, *_said(code, finding)) for code, finding in findings.items())
    return Match(
        offered.opening_id,
        not_met=sum(one.finding is Finding.NOT_MET and one.code not in _WISHES for one in reasons),
        wishes_met=sum(one.finding is Finding.MET and one.code in _WISHES for one in reasons),
        reasons=reasons,
    )


def _said(code: str, finding: Finding) -> tuple[str, str]:
    swedish, english = _TEXTS[code]
    match finding:
        case Finding.MET:
            return f"Ja: {swedish}.", f"Yes: {english}."
        case Finding.NOT_MET:
            return f"Nej, inte uppfyllt: {swedish}.", f"No, not met: {english}."
        case Finding.UNKNOWN:
            return f"Okänt eller inte delat: {swedish}.", f"Unknown or not shared: {english}."


def _one_of(shared: tuple[str, ...], *found: str) -> Finding:
    if not shared:
        return Finding.UNKNOWN
    return Finding.MET if set(shared) & set(found) else Finding.NOT_MET


def _extent(wanted: Wanted, offered: Offered) -> Finding:
    if wanted.extent_most is None:
        return Finding.UNKNOWN
    return Finding.MET if offered.extent_least <= wanted.extent_most else Finding.NOT_MET


def _available(wanted: Wanted, offered: Offered) -> Finding:
    if wanted.available_from is None:
        return Finding.UNKNOWN
    gone = offered.available_until is not None and offered.available_until < wanted.available_from
    return Finding.NOT_MET if gone else Finding.MET


def _demands(wanted: Wanted, offered: Offered) -> Finding:
    if offered.demands and not wanted.abilities:
        return Finding.UNKNOWN
    return Finding.MET if set(offered.demands) <= set(wanted.abilities) else Finding.NOT_MET


def _adaptations(wanted: Wanted, offered: Offered) -> Finding:
    if wanted.needs is None:
        return Finding.UNKNOWN
    return Finding.MET if set(wanted.needs) <= set(offered.offers) else Finding.NOT_MET


def _carved(wanted: Wanted, offered: Offered) -> Finding:
    return Finding.MET if offered.carved_for == wanted.case_id else Finding.UNKNOWN


_CRITERIA: Final[dict[str, Callable[[Wanted, Offered], Finding]]] = {
    "form": lambda wanted, offered: _one_of(wanted.forms, *offered.forms),
    "municipality": lambda wanted, offered: _one_of(wanted.municipalities, offered.municipality),
    "extent": _extent,
    "available": _available,
    "demands": _demands,
    "adaptations": _adaptations,
    "occupation": lambda wanted, offered: _one_of(wanted.occupations, offered.occupation),
    "carved": _carved,
}
