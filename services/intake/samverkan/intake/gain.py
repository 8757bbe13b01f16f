"""The change over time in each domain of life: the individual gain. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from samverkan.intake.instrument import Instrument


@dataclass(frozen=True)
class Taken:
    """A measurement that was taken. `scores` is None when they cannot be read here."""

    instrument: Instrument
    assessed_on: date
    scores: Mapping[str, int] | None
    occasion: str | None = None


@dataclass(frozen=True)
class Point:
    """A domain's score at one measurement. `comparable`: it means the same as in the latest measurement."""

    assessed_on: date
    occasion: str | None
    instrument_version: int
    score: int
    comparable: bool


@dataclass(frozen=True)
class DomainGain:
    """One domain of the latest measurement.

    `change` is its latest score minus the first comparable one, None while there are not two that may be compared.
    """

    domain: str
    name_sv: str
    name_en: str
    points: Sequence[Point]
    since: date | None
    change: int | None


def gains(taken: Iterable[Taken]) -> list[DomainGain]:
    """The change in each domain that the latest measurement has, in the instrument's order; none without scores.

    Measurements of another instrument are left out: nothing says that their scores mean the same.
    """
    read = sorted((one for one in taken if one.scores is not None), key=lambda one: one.assessed_on)
    if not read:
        return []
    latest = read[-1].instrument
    return [_gain(latest, code, [one for one in read if one.instrument.code == latest.code]) for code in _codes(latest)]


def _codes(instrument: Instrument) -> list[str]:
    return [domain.code for domain in instrument.domains]


def _gain(latest: Instrument, code: str, read: Sequence[Taken]) -> DomainGain:
    points = [
        Point(
            one.assessed_on,
            one.occasion,
            one.instrument.version,
            one.scores[code],
            comparable=code in latest.comparable_domains(one.instrument),
        )
        for one in read
        if one.scores is not None and code in one.scores
    ]
    comparable = [point for point in points if point.comparable]
    domain = next(domain for domain in latest.domains if domain.code == code)
    enough = len(comparable) > 1
    return DomainGain(
        domain=code,
        name_sv=domain.name_sv,
        name_en=domain.name_en,
        points=points,
        since=comparable[0].assessed_on if enough else None,
        change=comparable[-1].score - comparable[0].score if enough else None,
    )
