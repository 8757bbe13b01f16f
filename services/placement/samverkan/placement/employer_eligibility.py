"""May this employer take a participant in this form? Every criterion is explained; what nobody looked up is unknown.

The criteria are data with validity and source (employer_criteria.toml), read once at start. Pure.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final

from samverkan.backbone.calendar import months_later
from samverkan.placement.employer import Employer
from samverkan.schemas.employer import CheckKind, Conditions, Sector
from samverkan.schemas.participant import Programme


class CriteriaInvalid(Exception):
    """The file of criteria cannot be trusted; the message says what is wrong where."""


class Finding(StrEnum):
    """What one criterion came to."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Criterion:
    """One thing that a form asks of an employer, for days from `valid_from` to before `valid_until`."""

    form: Programme
    code: str
    kind: str
    valid_from: date
    source: str
    sv: str
    en: str
    valid_until: date | None = None
    needs: CheckKind | None = None
    months: int = 0
    sectors: tuple[Sector, ...] = ()


@dataclass(frozen=True)
class Found:
    """A criterion, what it came to, and on what that rests: a check's day and who made it, or the register."""

    code: str
    finding: Finding
    sv: str
    en: str
    source: str
    checked_on: date | None = None
    checked_by: str | None = None


def evaluate(criteria: Sequence[Criterion], form: Programme, employer: Employer, on: date) -> list[Found]:
    """Every criterion of the form in force on the day; none where the form asks nothing of an employer."""
    return [
        _found(criterion, employer, on)
        for criterion in criteria
        if criterion.form is form
        and criterion.valid_from <= on
        and (criterion.valid_until is None or on < criterion.valid_until)
    ]


def load(text: str) -> tuple[Criterion, ...]:
    """The criteria of a file. CriteriaInvalid: it cannot be trusted."""
    try:
        entries = tomllib.loads(text)["criterion"]
        return tuple(_criterion(entry) for entry in entries)
    except (KeyError, TypeError, ValueError) as error:
        raise CriteriaInvalid(f"employer_criteria.toml: {error}") from None


def load_criteria() -> tuple[Criterion, ...]:
    """The criteria that come with this service. CriteriaInvalid: they cannot be trusted."""
    return load((files("samverkan.placement") / "employer_criteria.toml").read_text(encoding="utf-8"))


_KINDS: Final = frozenset({"check", "conditions", "electronic-wages", "no-dismissals", "sector"})


def _criterion(entry: dict[str, Any]) -> Criterion:
    criterion = Criterion(
        **{
            **entry,
            "form": Programme(entry["form"]),
            "needs": CheckKind(entry["needs"]) if "needs" in entry else None,
            "sectors": tuple(Sector(one) for one in entry.get("sectors", ())),
        }
    )
    if criterion.kind not in _KINDS:
        raise ValueError(f"{criterion.code} has the kind {criterion.kind}; there are {', '.join(sorted(_KINDS))}")
    if criterion.kind == "check" and criterion.needs is None:
        raise ValueError(f"{criterion.code} is a check and does not say which")
    return criterion


def _found(criterion: Criterion, employer: Employer, on: date) -> Found:
    kind = CheckKind.DISMISSALS if criterion.kind == "no-dismissals" else criterion.needs
    check = None if kind is None else employer.checks.get(kind)
    return Found(
        criterion.code,
        _finding(criterion, employer, on),
        criterion.sv,
        criterion.en,
        criterion.source,
        None if check is None else check.checked_on,
        None if check is None else check.checked_by,
    )


def _finding(criterion: Criterion, employer: Employer, on: date) -> Finding:
    registered = employer.registered
    if criterion.kind == "check":
        check = None if criterion.needs is None else employer.checks.get(criterion.needs)
        return _from(None if check is None else check.passed)
    if criterion.kind == "no-dismissals":
        check = employer.checks.get(CheckKind.DISMISSALS)
        if check is None:
            return Finding.UNKNOWN
        if check.last_dismissal_on is None:
            return _from(check.passed)
        return _from(months_later(check.last_dismissal_on, criterion.months) <= on)
    if registered is None:
        return Finding.UNKNOWN
    if criterion.kind == "conditions":
        return _from(registered.conditions in (Conditions.COLLECTIVE_AGREEMENT, Conditions.EQUIVALENT))
    if criterion.kind == "electronic-wages":
        return _from(registered.pays_electronically)
    return _from(registered.sector in criterion.sectors)


def _from(holds: bool | None) -> Finding:
    if holds is None:
        return Finding.UNKNOWN
    return Finding.MET if holds else Finding.NOT_MET
