"""The half-yearly report of an insats: counts by sex, small cells hidden. Pure.

Each participation is counted in exactly one half-year for each thing that is counted: the one in which its beginning,
or a moment of its follow-up, was recorded here. So a half-year that is over never changes, what is told late is in a
later one, and no difference between two reports says more than either of them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from samverkan.intake.statistics.participation import AFTER, ENTRY, Participation, group_names, main_group
from samverkan.intake.statistics.small_cells import ALL, MEN, THRESHOLD, WOMEN, Counts, Shown, protect

KINDS: Final = ("livelihood", "occupation")
BEGUN, PERSONS = "begun", "persons"


@dataclass(frozen=True)
class HalfYear:
    """`half` is 1 (January–June) or 2 (July–December)."""

    year: int
    half: int

    @property
    def first_on(self) -> date:
        """Its first day."""
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last_on(self) -> date:
        """Its last day."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    def holds(self, day: date) -> bool:
        """Whether the day is in it."""
        return self.first_on <= day <= self.last_on


def half_yearly(participations: Iterable[Participation], programme: str, period: HalfYear) -> Shown:
    """What may be published of a programme's participations.

    Cells: `begun/<sex>`, `persons/<sex>` (who began more than once is one person), and for each moment after entry
    `<moment>/<sex>` and `<livelihood or occupation>/<moment>/<before or after>/<group>/<sex>`: the same participations
    at entry and at that moment. `<sex>` is women, men or all.
    """
    counted = [one for one in participations if one.programme == programme]
    begun = [one for one in counted if period.holds(one.counted_on)]
    parts = [_begun(begun)]
    for moment in AFTER:
        there = [one for one in counted if moment in one.moments and period.holds(one.moments[moment].counted_on)]
        for kind in KINDS:
            for when, at in (("before", ENTRY), ("after", moment)):
                table = protect(_by_group(there, kind, at))
                parts.append(_named(table, f"{kind}/{moment}/{when}", moment))
    cells = {name: number for part in parts for name, number in part.cells.items()}
    hidden = dict.fromkeys(name for part in parts for name in part.hidden if name not in cells)
    return Shown(cells, tuple(hidden))


def _begun(begun: list[Participation]) -> Shown:
    """Participations and persons. Their difference tells how many came back: where those are few, persons are shown
    without the sexes or not at all."""
    times = protect({BEGUN: _sexes(begun)}).cells
    persons = protect({PERSONS: _sexes(list({one.case_id: one for one in begun}.values()))}).cells
    shown = {f"{BEGUN}/{sex}": times[sex] for sex in (WOMEN, MEN, ALL) if sex in times}
    for sexes in ((WOMEN, MEN), (ALL,)):
        if all(sex in persons and _may_be_known(times[sex] - persons[sex]) for sex in sexes):
            shown |= {f"{PERSONS}/{sex}": persons[sex] for sex in sexes}
    every = [f"{what}/{sex}" for what in (BEGUN, PERSONS) for sex in (WOMEN, MEN, ALL)]
    return Shown(shown, tuple(name for name in every if name not in shown))


def _may_be_known(came_back: int) -> bool:
    return came_back == 0 or came_back >= THRESHOLD


def _by_group(there: list[Participation], kind: str, moment: str) -> Counts:
    found = Counter((_group(one, kind, moment), one.sex) for one in there)
    return {name: (found[name, "female"], found[name, "male"]) for name in group_names(kind)}


def _group(one: Participation, kind: str, moment: str) -> str:
    known = one.moments.get(moment)
    return main_group(kind, {} if known is None else (known.livelihood if kind == "livelihood" else known.occupation))


def _sexes(counted: list[Participation]) -> tuple[int, int]:
    women = sum(one.sex == "female" for one in counted)
    return women, len(counted) - women


def _named(table: Shown, prefix: str, totals: str) -> Shown:
    """The table's cells under the names of the report; its totals are those of the moment."""

    def named(name: str) -> str:
        return f"{prefix}/{name}" if "/" in name else f"{totals}/{name}"

    return Shown({named(name): number for name, number in table.cells.items()}, tuple(map(named, table.hidden)))
