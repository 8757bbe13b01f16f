"""Forty participations of thirty-four persons for tests: a half-year of Arbetsmarknadstorget, made of opaque ids."""

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from samverkan.intake.statistics.gain import GainOfMany
from samverkan.intake.statistics.half_year import HalfYear, half_yearly
from samverkan.intake.statistics.participation import Circumstances, Participation
from samverkan.intake.statistics.publication import PublishStatistics

PROGRAMME: Final = "arbetsmarknadstorget"
SPRING: Final = HalfYear(2026, 1)
AUTUMN: Final = HalfYear(2026, 2)
INSATS: Final = UUID(int=102)
_BEGUN, _EXITED = date(2026, 2, 9), date(2026, 9, 30)


def participation(person: int, livelihood: str = "financial-aid", after: str | None = None) -> Participation:
    """One of a woman (even) or a man; with `after`, exited in autumn with that livelihood."""
    moments = {"entry": Circumstances(_BEGUN, {livelihood: 100}, {"job-seeking": 100})}
    if after is not None:
        work = {"work": 100} if after == "no-public-support" else {"job-seeking": 100}
        moments["exit"] = Circumstances(_EXITED, {after: 100}, work)
    return Participation(UUID(int=person + 1), PROGRAMME, _BEGUN, "female" if person % 2 == 0 else "male", moments)


# Persons 0–33; six of them, four women and two men, begin twice in the half-year.
FORTY: Final = (
    *(participation(person, "activity-support", "no-public-support") for person in range(20)),
    *(participation(person, "financial-aid", "financial-aid") for person in range(20, 32)),
    *(participation(person, "sickness-benefit", "student-aid") for person in range(32, 34)),
    *(participation(person) for person in (0, 1, 2, 3, 4, 6)),
)

_TABLE: Final = half_yearly(FORTY, PROGRAMME, SPRING)
PUBLISH: Final = PublishStatistics(
    insats_id=INSATS,
    programme=PROGRAMME,
    period=SPRING,
    cells=_TABLE.cells,
    hidden=_TABLE.hidden,
    gain=GainOfMany(34, Decimal("1905300.00"), {"state": Decimal("1905300.00")}, ("financial-aid",)),
    value_sources=("activity-support: SFS 2017:819",),
    published_on=date(2026, 7, 10),
)
